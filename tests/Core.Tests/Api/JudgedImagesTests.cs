using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Inventory;
using ImageScan.Core.Policies;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Api;

public sealed class JudgedImagesTests
{
    private static readonly Scan Scan = MadeScan.Of(
        MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Critical, "2", v3: MadeScan.V3Critical), MadeScan.Finding("CVE-2", Severity.Low)),
        new PackageFindings(new InstalledPackage(new Package { Type = PackageType.Npm, Name = "b", Version = "1", Path = "p", License = "agpl-3.0-only" }, 0), []));

    [Fact]
    public void HaveWhatTheAnswerSays()
    {
        JudgedImage image = JudgedImages.Of(Answer(), Scan);

        Assert.Equal(("docker.io/library/nginx:1.27", "1.27", "root", "debian:12"), (image.FullName, image.Tag, image.Config!.User, image.Scan!.OperatingSystem));
        Assert.Equal(("ADD", "file:1 in /"), Assert.Single(image.Config.Lines));
        Assert.Equal(
            ["CVE-1 9.8 Critical 2", "CVE-2 0 Low "],
            image.Scan.Components[0].Vulnerabilities.Select(found => FormattableString.Invariant($"{found.Cve} {found.Cvss} {found.Severity} {found.FixedBy}")));
    }

    [Fact]
    public void LackWhatSomebodyHasDecidedNotToSee()
    {
        WireImage answer = Answer();
        WireComponent first = answer.Scan!.Components[0];
        WireImage decided = answer with
        {
            Scan = answer.Scan with
            {
                Components = [first with { Vulns = [first.Vulns[0] with { Suppressed = true }, first.Vulns[1] with { State = VulnerabilityState.FalsePositive }] }],
            },
        };

        Assert.Empty(Assert.Single(JudgedImages.Of(decided, Scan).Scan!.Components).Vulnerabilities);
    }

    [Fact]
    public void HaveLicencesAlsoWhereAnswersHaveNone()
    {
        WireImage answer = ImageAnswer.ToScanImage(Scan, MadeScan.Reference(), Snoozed.Included, new ApiSettings { FillLicense = false });

        Assert.Equal([[], ["AGPL-3.0-only"]], JudgedImages.Of(answer, Scan).Scan!.Components.Select(component => component.Licenses));
    }

    // A component is all packages of its name and version; the answer shows the licence of the first.
    [Fact]
    public void HaveTheLicencesOfNamesakesOfOtherKinds()
    {
        Scan scan = MadeScan.Of(Installed(PackageType.Npm, "MIT"), Installed(PackageType.Gem, "AGPL-3.0-only"));
        WireImage answer = ImageAnswer.ToScanImage(scan, MadeScan.Reference(), Snoozed.Included, new ApiSettings());

        Assert.Equal(["AGPL-3.0-only", "MIT"], Assert.Single(JudgedImages.Of(answer, scan).Scan!.Components).Licenses);

        static PackageFindings Installed(PackageType type, string license) =>
            new(new InstalledPackage(new Package { Type = type, Name = "b", Version = "1", Path = "p", License = license }, 0), []);
    }

    [Fact]
    public void AreVerifiedByWhoVerifiedTheVeryName()
    {
        WireVerificationResult verified = new()
        {
            VerifierId = "one",
            Status = VerificationStatus.Verified,
            VerifiedImageReferences = ["docker.io/library/nginx:1.27"],
        };
        WireImage answer = Answer() with
        {
            SignatureVerificationData = new WireVerification
            {
                Results =
                [
                    verified,
                    verified with { VerifierId = "two", VerifiedImageReferences = ["docker.io/library/nginx:1.26"] },
                    verified with { VerifierId = "three", Status = VerificationStatus.FailedVerification },
                ],
            },
        };

        Assert.Equal(["one"], JudgedImages.Of(answer, Scan).VerifiedBy);
    }

    private static WireImage Answer() => ImageAnswer.ToScanImage(Scan, MadeScan.Reference(), Snoozed.Included, new ApiSettings());
}
