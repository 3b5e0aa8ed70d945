using ImageScan.Core.Policies;

namespace ImageScan.Core.Tests.Policies;

/// <summary>Images for policies; every value that matters is given by the test.</summary>
internal static class Judged
{
    public const string Integration = "io.stackrox.signatureintegration.11111111-2222-3333-4444-555555555555";

    public static DateTimeOffset Now { get; } = new(2024, 11, 27, 18, 16, 32, TimeSpan.Zero);

    /// <summary>An image that violates no policy that comes with the app: new, named, signed, labelled, of one harmless component.</summary>
    public static JudgedImage Clean { get; } = new()
    {
        Registry = "docker.io",
        Remote = "library/app",
        Tag = "1.2",
        FullName = "docker.io/library/app:1.2",
        Config = new JudgedConfig
        {
            Created = Now.AddDays(-1),
            User = "1000",
            Labels = new Dictionary<string, string> { ["org.opencontainers.image.source"] = "https://example.com/app", ["team"] = "red" },
            Lines = [("RUN", "make"), ("EXPOSE", "8022/tcp"), ("CMD", "[\"app\"]")],
        },
        Scan = new JudgedScan
        {
            ScannedAt = Now.AddDays(-2),
            OperatingSystem = "debian:12",
            Notes = [],
            Components = [new JudgedComponent { Name = "zlib", Version = "1.3", Licenses = ["Zlib"] }],
        },
        VerifiedBy = [Integration],
        HasSignatureIntegrations = true,
    };

    public static JudgedImage With(params JudgedComponent[] components) => Clean with { Scan = Clean.Scan! with { Components = components } };

    /// <summary>An image with a component that has one vulnerability.</summary>
    public static JudgedImage With(JudgedVulnerability vulnerability) => With(Component("curl", "8.0", vulnerability));

    public static JudgedComponent Component(string name, string version, params JudgedVulnerability[] vulnerabilities) =>
        new() { Name = name, Version = version, Vulnerabilities = vulnerabilities };

    public static JudgedVulnerability Vulnerability(string cve, float cvss, JudgedSeverity severity, string fixedBy = "") =>
        new() { Cve = cve, Cvss = cvss, Severity = severity, FixedBy = fixedBy, FirstInImage = Now.AddDays(-10), FirstInSystem = Now.AddDays(-30) };

    /// <summary>A policy of one section.</summary>
    public static Policy Policy(params PolicyGroup[] groups) => new()
    {
        Id = "id",
        Name = "made",
        Categories = ["Made"],
        LifecycleStages = [LifecycleStage.Build],
        Severity = PolicySeverity.LowSeverity,
        PolicySections = [new PolicySection { PolicyGroups = groups }],
    };

    public static PolicyGroup Group(string field, params string[] values) =>
        new() { FieldName = field, Values = [.. values.Select(value => new PolicyValue { Value = value })] };

    /// <summary>What is said of an image that is held against one policy; empty if it does not violate it.</summary>
    public static IReadOnlyList<string> MessagesOf(JudgedImage image, Policy policy) =>
        PolicyJudge.Judge(image, PolicySet.Of([policy], []), [], Now) is [var violated] ? violated.Messages : [];
}
