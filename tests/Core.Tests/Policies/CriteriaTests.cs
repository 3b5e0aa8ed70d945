using ImageScan.Core.Policies;
using ImageScan.Core.Policies.Criteria;
using static ImageScan.Core.Tests.Policies.Judged;

namespace ImageScan.Core.Tests.Policies;

public sealed class CriteriaTests
{
    private const string Other = "io.stackrox.signatureintegration.99999999-2222-3333-4444-555555555555";

    private static readonly JudgedImage Image = With(
        Component(
            "openssl",
            "3.0.1",
            Vulnerability("CVE-2024-1", 9.8f, JudgedSeverity.Critical, "3.0.2"),
            Vulnerability("CVE-2024-2", 5.5f, JudgedSeverity.Moderate)),
        Component("bash", "5.2", Vulnerability("CVE-2023-9", 0, JudgedSeverity.Unknown)) with { Licenses = ["GPL-3.0-or-later"] });

    [Theory]
    [InlineData("CVE", "cve-2024-.*", "CVE-2024-1 (CVSS 9.8) (severity Critical) found in component 'openssl' (version 3.0.1)|CVE-2024-2 (CVSS 5.5) (severity Moderate) found in component 'openssl' (version 3.0.1)")]
    [InlineData("CVE", "2024", "")]
    [InlineData("CVSS", "> 9.8", "")]
    [InlineData("CVSS", ">=9.8", "CVE-2024-1 (CVSS 9.8) (severity Critical) found in component 'openssl' (version 3.0.1)")]
    [InlineData("CVSS", "5.5", "CVE-2024-2 (CVSS 5.5) (severity Moderate) found in component 'openssl' (version 3.0.1)")]
    [InlineData("CVSS", "< 1", "CVE-2023-9 (CVSS 0) (severity Unknown) found in component 'bash' (version 5.2)")]
    [InlineData("Severity", "<= low", "CVE-2023-9 (CVSS 0) (severity Unknown) found in component 'bash' (version 5.2)")]
    [InlineData("Severity", "MODERATE", "CVE-2024-2 (CVSS 5.5) (severity Moderate) found in component 'openssl' (version 3.0.1)")]
    [InlineData("Fixed By", ".*", "Fixable CVE-2024-1 (CVSS 9.8) (severity Critical) found in component 'openssl' (version 3.0.1), resolved by version 3.0.2")]
    [InlineData("Fixable", "true", "Fixable CVE-2024-1 (CVSS 9.8) (severity Critical) found in component 'openssl' (version 3.0.1), resolved by version 3.0.2")]
    [InlineData("Days Since CVE Was First Discovered In Image", "10", "")]
    [InlineData("Days Since CVE Was First Discovered In System", "29", "CVE-2023-9 (CVSS 0) (severity Unknown) found in component 'bash' (version 5.2)|CVE-2024-1 (CVSS 9.8) (severity Critical) found in component 'openssl' (version 3.0.1)|CVE-2024-2 (CVSS 5.5) (severity Moderate) found in component 'openssl' (version 3.0.1)")]
    [InlineData("Image Component", "open.*=3[.]0[.].", "Image includes component 'openssl' (version 3.0.1)")]
    [InlineData("Image Component", "bash|dash=", "Image includes component 'bash' (version 5.2)")]
    [InlineData("Image Component", "=5.*", "Image includes component 'bash' (version 5.2)")]
    [InlineData("Component License", "GPL.*", "Image includes component 'bash' (version 5.2) under licence 'GPL-3.0-or-later'")]
    [InlineData("Dockerfile Line", "run=make", "Dockerfile line 'RUN make' found")]
    [InlineData("Image Age", "1", "")]
    [InlineData("Image Age", "0", "Image was created at 2024-11-26 18:16:32 (UTC)")]
    [InlineData("Image OS", "debian:.*", "Image has base OS 'debian:12'")]
    [InlineData("Image Registry", "docker\\.io", "Image has registry 'docker.io'")]
    [InlineData("Image Remote", "library", "")]
    [InlineData("Image Remote", "library/.*", "Image has remote 'library/app'")]
    [InlineData("Image Tag", "1\\..", "Image has tag '1.2'")]
    [InlineData("Image User", "1.*", "Image has user '1000'")]
    [InlineData("Image Scan Age", "1", "Image was last scanned at 2024-11-25 18:16:32 (UTC)")]
    [InlineData("Image Scan Note", ".*", "")]
    [InlineData("Image Signature Verified By", Integration, "")]
    [InlineData("Image Signature Verified By", Other, "Image signature is verified by " + Integration)]
    [InlineData("Required Image Label", "team=blue", "Required label not found (found labels: org.opencontainers.image.source=https://example.com/app, team=red)")]
    [InlineData("Required Image Label", "team=", "")]
    [InlineData("Disallowed Image Label", "team=r.*", "Disallowed labels found: team=red")]
    [InlineData("Disallowed Image Label", "=blue", "")]
    [InlineData("Unscanned Image", "false", "Image has been scanned")]
    [InlineData("Unscanned Image", "true", "")]
    public void SayWhatFits(string field, string value, string expected) =>
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), MessagesOf(Image, Policy(Group(field, value))));

    [Fact]
    public void AreAllTried()
    {
        IEnumerable<string> tried = typeof(CriteriaTests).GetMethod(nameof(SayWhatFits))!.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false)
            .Select(row => (string)((InlineDataAttribute)row).Data[0]!);

        Assert.Equal(KnownCriteria.Names.Order(), tried.Distinct().Order());
    }

    [Fact]
    public void MustFitTheSameVulnerability()
    {
        Assert.Empty(MessagesOf(Image, Policy(Group("Fixed By", ".*"), Group("Severity", "MODERATE"))));
        Assert.Empty(MessagesOf(Image, Policy(Group("Image Component", "bash="), Group("CVE", "CVE-2024-.*"))));
        Assert.Equal(
            ["CVE-2024-2 (CVSS 5.5) (severity Moderate) found in component 'openssl' (version 3.0.1)", "Image includes component 'openssl' (version 3.0.1)"],
            MessagesOf(Image, Policy(Group("Image Component", "openssl="), Group("Severity", "MODERATE"))));
    }

    [Fact]
    public void MustAllFit()
    {
        Assert.Empty(MessagesOf(Image, Policy(Group("Image Tag", "latest"), Group("Image User", "1000"))));
        Assert.Empty(MessagesOf(Image, Policy(Group("Image User", "1000"), Group("Dockerfile Line", "RUN=nothing"))));
        Assert.Equal(["Image has user '1000'"], MessagesOf(Image, Policy(Group("Image User", "1000"))));
    }

    [Fact]
    public void AboutTheNameAreOneSentence() => Assert.Equal(
        ["Image has registry 'docker.io', remote 'library/app', and tag '1.2'"],
        MessagesOf(Image, Policy(Group("Image Tag", ".*"), Group("Image Registry", ".*"), Group("Image Remote", ".*"))));

    [Theory]
    [InlineData(BooleanOperator.Or, false, true)]
    [InlineData(BooleanOperator.And, false, false)]
    [InlineData(BooleanOperator.Or, true, false)]
    [InlineData(BooleanOperator.And, true, true)]
    public void JoinTheirValues(BooleanOperator joint, bool negate, bool isViolated) => Assert.Equal(
        isViolated, MessagesOf(Image, Policy(Group("Image Tag", "1.2", "latest") with { BooleanOperator = joint, Negate = negate })).Count > 0);

    [Fact]
    public void LetThoseWhoMayChooseALicenceChoose()
    {
        string[] LicensesFor(string license) => [.. MessagesOf(With(Component("a", "1") with { Licenses = [license] }), Policy(Group("Component License", "AGPL-.*")))];

        Assert.Empty(LicensesFor("MIT OR AGPL-3.0-only"));
        Assert.Empty(LicensesFor("MIT"));
        Assert.Single(LicensesFor("MIT AND AGPL-3.0-only"));
        Assert.Single(LicensesFor("AGPL-3.0-only OR AGPL-1.0-only"));
        Assert.Single(LicensesFor("AGPL-3.0-only WITH Classpath-exception-2.0 AND MIT"));
        Assert.Single(LicensesFor("(MIT OR Apache-2.0) AND AGPL-3.0-only"));
    }

    [Fact]
    public void LookAtTheLicencesOfAllNamesakes()
    {
        JudgedImage image = With(Component("a", "1") with { Licenses = ["MIT", "AGPL-3.0-only"] });

        Assert.Equal("Image includes component 'a' (version 1) under licence 'MIT', 'AGPL-3.0-only'", Assert.Single(MessagesOf(image, Policy(Group("Component License", "AGPL-.*")))));
    }

    [Fact]
    public void ShowNoMoreOfALineOrALabelThanPeopleRead()
    {
        JudgedImage image = Clean with
        {
            Config = Clean.Config! with
            {
                Lines = [("RUN", new string('x', 31) + "\U0001F600y")],
                Labels = Enumerable.Range(0, 5).ToDictionary(number => $"k{number}", _ => new string('v', 100)),
            },
        };

        Assert.Equal([$"Dockerfile line 'RUN {new string('x', 31)}...' found"], MessagesOf(image, Policy(Group("Dockerfile Line", "RUN=.*"))));
        string cut = new string('v', 64) + "...";
        Assert.Equal(
            [$"Required label not found (found labels: k0={cut}, k1={cut}, k2={cut} and 2 more)"], MessagesOf(image, Policy(Group("Required Image Label", "a=b"))));
    }

    [Fact]
    public void SayNothingOfWhatIsNotKnown()
    {
        JudgedImage unknown = new();

        Assert.All(
            KnownCriteria.Names.Except(["Unscanned Image", "Image Signature Verified By"]).Select(name => (name, Values: ValuesFor(name))),
            criterion => Assert.Empty(MessagesOf(unknown, Policy(Group(criterion.name, criterion.Values)))));
    }

    [Theory]
    [InlineData("Privileged Container", false, "true", "there is no criterion \"Privileged Container\" here")]
    [InlineData("CVSS", false, ">= high", "CVSS: >= high compares with nothing")]
    [InlineData("CVSS", true, ">= 7", "CVSS cannot be negated")]
    [InlineData("Severity", false, ">= WORST", "Severity: >= WORST compares with nothing")]
    [InlineData("Image Age", false, "-1", "Image Age: -1 is no number of days up to 100000")]
    [InlineData("Image Age", false, "99999999999", "Image Age: 99999999999 is no number of days up to 100000")]
    [InlineData("Image Component", false, "curl", "Image Component: curl is not of the form name=value")]
    [InlineData("Fixable", false, "maybe", "Fixable: maybe is neither true nor false")]
    [InlineData("CVE", false, "", "CVE: a value is empty")]
    [InlineData("Image Signature Verified By", false, "me", "Image Signature Verified By: me is neither any nor an integration's id")]
    public void RefuseWhatCannotBe(string field, bool negate, string value, string expected)
    {
        var refused = Assert.Throws<FormatException>(() => PolicySet.Of([Policy(Group(field, value) with { Negate = negate })], []));

        Assert.Equal($"the policy \"made\" cannot be used: {expected}; turn it off there or by Policies__Choices", refused.Message);
    }

    [Fact]
    public void RefuseTooManyValuesAndNone()
    {
        Assert.Contains("exactly one value", Assert.Throws<FormatException>(() => KnownCriteria.Of(Group("Image Age", "1", "2"))).Message, StringComparison.Ordinal);
        Assert.Contains("at least one value", Assert.Throws<FormatException>(() => KnownCriteria.Of(Group("CVE"))).Message, StringComparison.Ordinal);
        Assert.Contains("stands alone", Assert.Throws<FormatException>(() => KnownCriteria.Of(Group("Image Signature Verified By", "any", Other))).Message, StringComparison.Ordinal);
    }

    private static string ValuesFor(string name) => name switch
    {
        "CVSS" => ">= 0",
        "Severity" => ">= UNKNOWN",
        "Fixable" => "true",
        "Image Component" or "Dockerfile Line" or "Required Image Label" or "Disallowed Image Label" => "a=.*",
        _ when name.Contains("Age", StringComparison.Ordinal) || name.StartsWith("Days", StringComparison.Ordinal) => "0",
        _ => ".*",
    };
}
