using ImageScan.Core.Policies;
using ImageScan.TestSupport;
using static ImageScan.Core.Tests.Policies.Judged;

namespace ImageScan.Core.Tests.Policies;

/// <summary>Each policy that comes with the app, both ways.</summary>
public sealed class BuiltInPoliciesTests
{
    private static readonly Policy[] All = [.. PolicySet.From(new PolicySettings()).All.Select(policy => policy with { Disabled = false })];

    private static readonly Dictionary<string, (JudgedImage Image, string Message)> Violated = new()
    {
        ["Fixable Severity at least Important"] = (
            With(Vulnerability("CVE-2024-1", 7.5f, JudgedSeverity.Important, "8.1")),
            "Fixable CVE-2024-1 (CVSS 7.5) (severity Important) found in component 'curl' (version 8.0), resolved by version 8.1"),
        ["Fixable CVSS >= 7"] = (
            With(Vulnerability("CVE-2024-1", 7, JudgedSeverity.Low, "8.1")),
            "Fixable CVE-2024-1 (CVSS 7) (severity Low) found in component 'curl' (version 8.0), resolved by version 8.1"),
        ["Critical Severity with or without a Fix"] = (
            With(Vulnerability("CVE-2024-1", 9.8f, JudgedSeverity.Critical)),
            "CVE-2024-1 (CVSS 9.8) (severity Critical) found in component 'curl' (version 8.0)"),
        ["Log4Shell: log4j Remote Code Execution vulnerability"] = (
            With(Vulnerability("CVE-2021-44228", 10, JudgedSeverity.Critical)),
            "CVE-2021-44228 (CVSS 10) (severity Critical) found in component 'curl' (version 8.0)"),
        ["Spring4Shell (Spring Framework Remote Code Execution) and Spring Cloud Function vulnerabilities"] = (
            With(Vulnerability("CVE-2022-22965", 9.8f, JudgedSeverity.Critical)),
            "CVE-2022-22965 (CVSS 9.8) (severity Critical) found in component 'curl' (version 8.0)"),
        ["Image Not Scanned"] = (Clean with { Scan = null }, "Image has not been scanned"),
        ["Image Scan Incomplete"] = (Clean with { Scan = Clean.Scan! with { Notes = ["OS_CVES_STALE"] } }, "Image scan has note OS_CVES_STALE"),
        ["90-Day Image Age"] = (
            Clean with { Config = Clean.Config! with { Created = Now.AddDays(-90).AddSeconds(-1) } }, "Image was created at 2024-08-29 18:16:31 (UTC)"),
        ["Latest tag"] = (Clean with { Tag = "latest" }, "Image has tag 'latest'"),
        ["Docker CIS 4.1: Ensure That a User for the Container Has Been Created"] = (
            Clean with { Config = Clean.Config! with { User = "root:wheel" } }, "Image has user 'root:wheel'"),
        ["Secure Shell (ssh) Port Exposed in Image"] = (
            Clean with { Config = Clean.Config! with { Lines = [("EXPOSE", "map[22/tcp:{}]")] } }, "Dockerfile line 'EXPOSE map[22/tcp:{}]' found"),
        ["Image Signature Not Verified"] = (Clean with { VerifiedBy = [] }, "Image signature is unverified"),
        ["Ubuntu Package Manager in Image"] = (With(Component("dpkg", "1.21")), "Image includes component 'dpkg' (version 1.21)"),
        ["Alpine Linux Package Manager (apk) in Image"] = (With(Component("apk-tools", "2.14")), "Image includes component 'apk-tools' (version 2.14)"),
        ["Red Hat Package Manager in Image"] = (With(Component("microdnf", "3.9")), "Image includes component 'microdnf' (version 3.9)"),
        ["Curl in Image"] = (With(Component("curl", "8.0")), "Image includes component 'curl' (version 8.0)"),
        ["Wget in Image"] = (With(Component("wget", "1.21")), "Image includes component 'wget' (version 1.21)"),
        ["Component under the Affero GPL"] = (
            With(Component("minio", "1") with { Licenses = ["AGPL-3.0-only"] }), "Image includes component 'minio' (version 1) under licence 'AGPL-3.0-only'"),
        ["Required Image Label"] = (
            Clean with { Config = Clean.Config! with { Labels = new Dictionary<string, string> { ["team"] = "red" } } },
            "Required label not found (found labels: team=red)"),
    };

    public static TheoryData<string> Names => [.. All.Select(policy => policy.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void IsViolatedByWhatItMeans(string name) =>
        Assert.Equal([Violated[name].Message], MessagesOf(Violated[name].Image, All.Single(policy => policy.Name == name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void IsNotViolatedByAnImageThatIsAllRight(string name) => Assert.Empty(MessagesOf(Clean, All.Single(policy => policy.Name == name)));

    [Fact]
    public void FailsBuildsByWhatCanBeMendedAndByWhatNobodyLookedAt() => Assert.Equal(
        ["Fixable Severity at least Important", "Image Not Scanned"],
        PolicySet.From(new PolicySettings()).All.Where(policy => !policy.Disabled && policy.FailsBuilds).Select(policy => policy.Name));

    [Fact]
    public void SaysNothingOfSignaturesWhereNobodyIsTrusted() => Assert.Empty(MessagesOf(
        Clean with { VerifiedBy = [], HasSignatureIntegrations = false }, All.Single(policy => policy.Name == "Image Signature Not Verified")));

    [Fact]
    public void IsListedOnThePageAboutPolicies() => Assert.Equal(
        PolicySet.From(new PolicySettings()).All.Select(policy => $"{policy.Name}: {StateOf(policy)}"),
        MarkdownTables.Rows("docs/policies.md", "Those that come with the app").Select(row => $"{row[0].Trim('`')}: {row[1]}"));

    private static string StateOf(Policy policy) => policy switch
    {
        { Disabled: true } => "off",
        { FailsBuilds: true } => "fail",
        _ => "warn",
    };
}
