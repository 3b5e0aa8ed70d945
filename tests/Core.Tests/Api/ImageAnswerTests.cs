using System.Text;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Api;

public sealed class ImageAnswerTests
{
    private static readonly ApiSettings Settings = new();

    // The whole of an answer, key by key; its form is that of the measured skeletons.
    [Fact]
    public void WritesAScanByteForByte()
    {
        DateTimeOffset firstSeen = MadeScan.ScannedAt.AddDays(-1);
        Finding finding = MadeScan.Finding("CVE-2023-1", Severity.Moderate, "3.1.1-r0", MadeScan.V3Moderate, MadeScan.V2High) with
        {
            Summary = "a <b>",
            Link = "https://example.com/CVE-2023-1",
            PublishedOn = firstSeen,
            LastModified = MadeScan.ScannedAt.AddMilliseconds(5),
        };
        Scan made = MadeScan.Of(MadeScan.Package(PackageType.Apk, "openssl", "3.1.0-r4", "lib/apk/db/installed", 0, finding));
        Scan scan = made with
        {
            Inventory = made.Inventory with { Distribution = new Distribution("alpine", "3.18.0") },
            Config = made.Config with
            {
                User = "app",
                Command = ["sh"],
                Entrypoint = ["/init"],
                Volumes = ["/b", "/a"],
                Labels = new Dictionary<string, string> { ["z"] = "1", ["a"] = "2" },
            },
            FirstInImage = new Dictionary<string, DateTimeOffset> { ["CVE-2023-1"] = firstSeen },
            FirstInSystem = new Dictionary<string, DateTimeOffset> { ["CVE-2023-1"] = firstSeen.AddDays(-1) },
        };

        string json = Write(ImageAnswer.ToScanImage(scan, MadeScan.Reference(), Snoozed.LeftOut, Settings));

        string manifest = MadeScan.DigestOf("manifest").ToString();
        string name = """{"registry":"docker.io","remote":"library/nginx","tag":"1.27","fullName":"docker.io/library/nginx:1.27"}""";
        // Pinned: clients take another hash for another result.
        const string hash = "17768931610429065901";
        Assert.Equal(
            $$$"""{"id":"{{{manifest}}}","name":{{{name}}},"names":[{{{name}}}],"metadata":{"v1":{"digest":"{{{MadeScan.DigestOf("config")}}}","created":"2024-11-27T18:16:32Z","author":"","layers":[{"instruction":"ADD","value":"file:1 in /","created":"2024-11-27T18:16:32Z","author":"","empty":false}],"user":"app","command":["sh"],"entrypoint":["/init"],"volumes":["/a","/b"],"labels":{"a":"2","z":"1"}},"v2":{"digest":"{{{manifest}}}"},"layerShas":["{{{MadeScan.DigestOf("layer")}}}"],"dataSource":{"id":"10d3b4dc-8295-41bc-bb50-6da5484cdb1a","name":"Public DockerHub","mirror":""},"version":"0"},"""
            + $$$"""
                "scan":{"scannerVersion":"imagescan {{{ScannerVersion.Product}}}, advisories up to 2024-11-27 (0 days old), snapshot 00","scanTime":"2024-11-27T18:16:32Z","components":[{"name":"openssl","version":"3.1.0-r4","license":null,"vulns":[{"cve":"CVE-2023-1","cvss":6.5,"summary":"a \u003cb\u003e","link":"https://example.com/CVE-2023-1","fixedBy":"3.1.1-r0","scoreVersion":"V3","cvssV2":{"vector":"AV:N/AC:L/Au:N/C:P/I:P/A:P","attackVector":"ATTACK_NETWORK","accessComplexity":"ACCESS_LOW","authentication":"AUTH_NONE","confidentiality":"IMPACT_PARTIAL","integrity":"IMPACT_PARTIAL","availability":"IMPACT_PARTIAL","exploitabilityScore":10,"impactScore":6.4,"score":7.5,"severity":"HIGH"},"cvssV3":{"vector":"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H","exploitabilityScore":2.8,"impactScore":3.6,"attackVector":"ATTACK_NETWORK","attackComplexity":"COMPLEXITY_LOW","privilegesRequired":"PRIVILEGE_LOW","userInteraction":"UI_NONE","scope":"UNCHANGED","confidentiality":"IMPACT_NONE","integrity":"IMPACT_NONE","availability":"IMPACT_HIGH","score":6.5,"severity":"MEDIUM"},"publishedOn":"2024-11-26T18:16:32Z","lastModified":"2024-11-27T18:16:32.005Z","vulnerabilityType":"IMAGE_VULNERABILITY","vulnerabilityTypes":["IMAGE_VULNERABILITY"],"suppressed":false,"suppressActivation":null,"suppressExpiry":null,"firstSystemOccurrence":"2024-11-25T18:16:32Z","firstImageOccurrence":"2024-11-26T18:16:32Z","severity":"MODERATE_VULNERABILITY_SEVERITY","state":"OBSERVED"}],"layerIndex":0,"priority":"1","source":"OS","location":"lib/apk/db/installed","topCvss":6.5,"riskScore":1.09075,"fixedBy":"3.1.1-r0","executables":[]}],"operatingSystem":"alpine:3.18","dataSource":{"id":"a87471e6-9678-4e66-8348-91e302b6de07","name":"Scanner V4","mirror":""},"notes":[],"hash":"{{{hash}}}"},
                """.Trim()
            + """
                "signatureVerificationData":null,"signature":null,"components":1,"cves":1,"fixableCves":1,"lastUpdated":"2024-11-27T18:16:32Z","notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":1.09075,"topCvss":6.5,"notes":["MISSING_SIGNATURE","MISSING_SIGNATURE_VERIFICATION_DATA"]}
                """.Trim(),
            json);
    }

    [Fact]
    public void OmitsWhatIsNotSet()
    {
        string json = Write(ImageAnswer.ToScanImage(MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Unknown))), MadeScan.Reference(), Snoozed.LeftOut, Settings));

        Assert.DoesNotContain("fixableCves", json, StringComparison.Ordinal);
        Assert.Contains("\"link\":\"\",\"scoreVersion\":\"V2\",\"cvssV2\":null,\"cvssV3\":null,", json, StringComparison.Ordinal);
        Assert.Contains("\"topCvss\":0,\"riskScore\":0,\"fixedBy\":\"\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesTheDigestThatWasAskedForAsTheId()
    {
        Digest index = MadeScan.DigestOf("index");
        Scan scan = MadeScan.Of();
        Scan archive = scan with { Manifest = scan.Manifest with { Digest = null } };

        Assert.Equal(index.ToString(), ImageAnswer.ToScanImage(scan, MadeScan.Reference(digest: index), Snoozed.LeftOut, Settings).Id);
        Assert.Equal(MadeScan.DigestOf("manifest").ToString(), ImageAnswer.ToScanImage(scan, MadeScan.Reference(), Snoozed.LeftOut, Settings).Id);
        Assert.Equal(MadeScan.DigestOf("config").ToString(), ImageAnswer.ToScanImage(archive, MadeScan.Reference(), Snoozed.LeftOut, Settings).Id);
    }

    [Fact]
    public void AnswersWithTheRequestedNameAmongAllNames()
    {
        Scan scan = MadeScan.Of() with { Names = [MadeScan.Reference(tag: "b"), MadeScan.Reference(tag: "a")] };

        WireImage image = ImageAnswer.ToScanImage(scan, MadeScan.Reference(tag: "c"), Snoozed.LeftOut, Settings);

        Assert.Equal("docker.io/library/nginx:c", image.Name!.FullName);
        Assert.Equal(["a", "b", "c"], image.Names.Select(name => name.Tag));
        Assert.Equal(["a", "b"], ImageAnswer.ToScanImage(scan, MadeScan.Reference(tag: "a"), Snoozed.LeftOut, Settings).Names.Select(name => name.Tag));
    }

    [Fact]
    public void AnswersAnIdWithRankFirstNameAndWithoutSummariesWhenAsked()
    {
        Scan scan = MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Low) with { Summary = "text" }));
        var request = new GetImageRequest("sha256:x", IncludeSnoozed: false, StripDescription: false);

        WireImage image = ImageAnswer.ToGetImage(scan, request, rank: 7, Settings);

        Assert.Equal((7, "1.27", "text"), (image.Priority, image.Name!.Tag, image.Scan!.Components[0].Vulns[0].Summary));
        Assert.Equal("", ImageAnswer.ToGetImage(scan, request with { StripDescription = true }, rank: 7, Settings).Scan!.Components[0].Vulns[0].Summary);
        Assert.Null(ImageAnswer.ToGetImage(scan with { Names = [] }, request, rank: 1, Settings).Name);
    }

    [Fact]
    public void RanksComponentsByRiskWithSharedPlaces()
    {
        WireImage image = ImageAnswer.ToScanImage(
            MadeScan.Of(
                MadeScan.Package("a"),
                MadeScan.Package("b", "1", MadeScan.Finding("CVE-1", Severity.Critical, v3: MadeScan.V3Critical)),
                MadeScan.Package("c", "1", MadeScan.Finding("CVE-2", Severity.Low, v3: MadeScan.V3Moderate)),
                MadeScan.Package("d", "1", MadeScan.Finding("CVE-3", Severity.Low, v3: MadeScan.V3Moderate)),
                MadeScan.Package("e")),
            MadeScan.Reference(), Snoozed.LeftOut, Settings);

        Assert.Equal([3, 1, 2, 2, 3], image.Scan!.Components.Select(component => component.Priority));
    }

    [Fact]
    public void PointsAtTheHistoryEntryOfTheLayer()
    {
        Scan made = MadeScan.Of(
            MadeScan.Package(PackageType.Npm, "a", "1", "p", 0),
            MadeScan.Package(PackageType.Python, "b", "1", "p", 1),
            MadeScan.Package(PackageType.Dpkg, "c", "1", "p", 2));
        HistoryEntry step = made.Config.History[0];
        Scan scan = made with { Config = made.Config with { History = [step with { EmptyLayer = true }, step, step with { EmptyLayer = true }, step] } };

        IReadOnlyList<WireComponent> components = ImageAnswer.ToScanImage(scan, MadeScan.Reference(), Snoozed.LeftOut, Settings).Scan!.Components;

        Assert.Equal([1, 3, null], components.Select(component => component.LayerIndex));
        Assert.Equal([ComponentSource.Nodejs, ComponentSource.Python, ComponentSource.Os], components.Select(component => component.Source));
    }

    [Fact]
    public void HashesTheResultAndNothingElse()
    {
        Finding finding = MadeScan.Finding("CVE-1", Severity.Low);
        Scan scan = MadeScan.Of(MadeScan.Package("a", "1", finding));
        Scan later = scan with { ScannedAt = scan.ScannedAt.AddDays(9), FirstInImage = new Dictionary<string, DateTimeOffset> { ["CVE-1"] = scan.ScannedAt } };
        Scan other = MadeScan.Of(MadeScan.Package("a", "1", finding with { FixedBy = "2" }));

        Assert.Equal(HashOf(scan), HashOf(later));
        Assert.NotEqual(HashOf(scan), HashOf(other));
        Assert.NotEqual(HashOf(MadeScan.Of(MadeScan.Package("ab", "c"))), HashOf(MadeScan.Of(MadeScan.Package("a", "bc"))));
    }

    [Fact]
    public void WritesARowOfTheList()
    {
        var listed = new ListedImage("sha256:x", "docker.io/library/nginx:1", new ScanSummary(3, 2, null, 9.8f, 1f), null, MadeScan.ScannedAt);

        Assert.Equal(
            new WireListImage { Id = "sha256:x", Name = "docker.io/library/nginx:1", Components = 3, Cves = 2, LastUpdated = MadeScan.ScannedAt, Priority = 4 },
            ImageAnswer.ToListImage(listed, rank: 4));
    }

    private static ulong HashOf(Scan scan) => ImageAnswer.ToScanImage(scan, MadeScan.Reference(), Snoozed.LeftOut, Settings).Scan!.Hash!.Value;

    private static string Write(WireImage image) => Encoding.UTF8.GetString(WireJson.BytesOf(image, WireLayout.Compact));
}
