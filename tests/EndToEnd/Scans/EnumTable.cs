using System.Reflection;
using System.Text.Json;
using ImageScan.Core.Api.Wire;

namespace ImageScan.EndToEnd.Scans;

/// <summary>
/// Every value of every enum that is in an image's answer, by its name in the proto file: those that a scan of this app can give, and those that
/// it cannot, with the reason.
/// </summary>
internal static class EnumTable
{
    private const string AVectorHasABand = "each vector falls into a band";

    private static readonly Row[] Rows =
    [
        Row.Given<ComponentSource>("OS", "PYTHON", "JAVA", "RUBY", "NODEJS", "DOTNETCORERUNTIME", "INFRASTRUCTURE", "GO"),
        Row.Given<ImageNote>("MISSING_SIGNATURE", "MISSING_SIGNATURE_VERIFICATION_DATA"),
        Row.NotGiven<ImageNote>("what is answered has been read and scanned", "MISSING_METADATA", "MISSING_SCAN_DATA"),
        Row.Given<ScanNote>(
            "OS_UNAVAILABLE", "PARTIAL_SCAN_DATA", "OS_CVES_UNAVAILABLE", "OS_CVES_STALE", "LANGUAGE_CVES_UNAVAILABLE", "CERTIFIED_RHEL_SCAN_UNAVAILABLE"),
        Row.NotGiven<ScanNote>("no scanner of StackRox gives it either", "UNSET"),
        Row.Given<VerificationStatus>("VERIFIED", "FAILED_VERIFICATION", "INVALID_SIGNATURE_ALGO", "CORRUPTED_SIGNATURE"),
        Row.NotGiven<VerificationStatus>("every result says what came of it", "UNSET"),
        Row.NotGiven<VerificationStatus>("an integration that cannot be used is refused; a verification would have to break off", "GENERIC_ERROR"),
        Row.Given<CosignSignatureFormat>("SIGNATURE_FORMAT_UNSPECIFIED", "SIMPLE_SIGNING", "DEAD_SIMPLE_SIGNING_ENVELOPE"),
        Row.Given<VulnerabilitySeverity>(
            "UNKNOWN_VULNERABILITY_SEVERITY", "LOW_VULNERABILITY_SEVERITY", "MODERATE_VULNERABILITY_SEVERITY", "IMPORTANT_VULNERABILITY_SEVERITY",
            "CRITICAL_VULNERABILITY_SEVERITY"),
        Row.Given<VulnerabilityState>("OBSERVED", "DEFERRED", "FALSE_POSITIVE"),
        Row.Given<ScoreVersion>("V2", "V3"),
        Row.Given<VulnerabilityType>("IMAGE_VULNERABILITY"),
        Row.NotGiven<VulnerabilityType>(
            "of nodes and clusters, or of nothing", "UNKNOWN_VULNERABILITY", "K8S_VULNERABILITY", "ISTIO_VULNERABILITY", "NODE_VULNERABILITY",
            "OPENSHIFT_VULNERABILITY"),
        Row.Given<V2AttackVector>("ATTACK_LOCAL", "ATTACK_ADJACENT", "ATTACK_NETWORK"),
        Row.Given<V2AccessComplexity>("ACCESS_HIGH", "ACCESS_MEDIUM", "ACCESS_LOW"),
        Row.Given<V2Authentication>("AUTH_MULTIPLE", "AUTH_SINGLE", "AUTH_NONE"),
        Row.Given<V2Impact>("IMPACT_NONE", "IMPACT_PARTIAL", "IMPACT_COMPLETE"),
        Row.Given<V2Severity>("LOW", "MEDIUM", "HIGH"),
        Row.NotGiven<V2Severity>(AVectorHasABand, "UNKNOWN"),
        Row.Given<V3AttackVector>("ATTACK_LOCAL", "ATTACK_ADJACENT", "ATTACK_NETWORK", "ATTACK_PHYSICAL"),
        Row.Given<V3Complexity>("COMPLEXITY_LOW", "COMPLEXITY_HIGH"),
        Row.Given<V3Privileges>("PRIVILEGE_NONE", "PRIVILEGE_LOW", "PRIVILEGE_HIGH"),
        Row.Given<V3UserInteraction>("UI_NONE", "UI_REQUIRED"),
        Row.Given<V3Scope>("UNCHANGED", "CHANGED"),
        Row.Given<V3Impact>("IMPACT_NONE", "IMPACT_LOW", "IMPACT_HIGH"),
        Row.Given<V3Severity>("NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"),
        Row.NotGiven<V3Severity>(AVectorHasABand, "UNKNOWN"),
        Row.Given<CvssScoreSource>("SOURCE_UNKNOWN", "SOURCE_RED_HAT", "SOURCE_OSV", "SOURCE_NVD"),
        Row.Given<VulnerabilityOrigin>(
            "VULN_ORIGIN_OTHER", "VULN_ORIGIN_OSV", "VULN_ORIGIN_ALPINE", "VULN_ORIGIN_AMAZON", "VULN_ORIGIN_DEBIAN", "VULN_ORIGIN_ORACLE",
            "VULN_ORIGIN_PHOTON", "VULN_ORIGIN_RED_HAT", "VULN_ORIGIN_SUSE", "VULN_ORIGIN_UBUNTU"),
    ];

    /// <summary>What a scan can give, as enum and name.</summary>
    public static IEnumerable<(string Enum, string Value)> Given => ValuesOf(Rows.Where(row => row.Reason is null));

    /// <summary>All of the table, as enum and name.</summary>
    public static IEnumerable<(string Enum, string Value)> All => ValuesOf(Rows);

    /// <summary>Every enum value that can be in an image's answer, as enum and the name that is written for it.</summary>
    public static IEnumerable<(string Enum, string Value)> InAnswers() => EnumsIn(typeof(WireImage), []).Distinct()
        .SelectMany(type => Enum.GetValues(type).Cast<object>().Select(value => (type.Name, JsonSerializer.SerializeToElement(value, type).GetString()!)));

    /// <summary>The values that are in one answer, as enum and name.</summary>
    public static IEnumerable<(string Enum, string Value)> In(object? message) => message switch
    {
        null or string => [],
        Enum value => [(value.GetType().Name, JsonSerializer.SerializeToElement(value, value.GetType()).GetString()!)],
        System.Collections.IEnumerable items => items.Cast<object?>().SelectMany(In),
        _ when message.GetType().Namespace == typeof(WireImage).Namespace => message.GetType().GetProperties().SelectMany(property => In(property.GetValue(message))),
        _ => [],
    };

    private static IEnumerable<(string Enum, string Value)> ValuesOf(IEnumerable<Row> rows) =>
        rows.SelectMany(row => row.Values.Select(value => (row.Enum, value)));

    private static IEnumerable<Type> EnumsIn(Type type, HashSet<Type> seen)
    {
        Type inner = Nullable.GetUnderlyingType(type) ?? (type.IsGenericType ? type.GetGenericArguments()[^1] : type);
        return inner.Namespace != typeof(WireImage).Namespace || !seen.Add(inner) ? []
            : inner.IsEnum ? [inner]
            : inner.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => EnumsIn(property.PropertyType, seen));
    }

    private sealed record Row(string Enum, string? Reason, string[] Values)
    {
        public static Row Given<TEnum>(params string[] values) => new(typeof(TEnum).Name, null, values);

        public static Row NotGiven<TEnum>(string reason, params string[] values) => new(typeof(TEnum).Name, reason, values);
    }
}
