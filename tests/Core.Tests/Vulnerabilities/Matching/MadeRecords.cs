using ImageScan.Core.Vulnerabilities;
using static ImageScan.Core.Vulnerabilities.RangeEventKind;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Records of OSV, of one package each, and advisories as feeds make them.</summary>
internal static class MadeRecords
{
    public const string Cve = "CVE-2024-1111";

    /// <summary>A distribution's statement about one CVE.</summary>
    public static Advisory Says(string id, string cve, params AffectedPackage[] affected) => new()
    {
        Id = id,
        Modified = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Upstream = [cve],
        Affected = affected,
    };

    public static AffectedPackage Fixed(string ecosystem, string name, string version) =>
        Of(ecosystem, name, new RangeEvent(Introduced, "0"), new RangeEvent(RangeEventKind.Fixed, version));

    public static AffectedPackage Unfixed(string ecosystem, string name, AdvisoryStatus status = AdvisoryStatus.Affected) =>
        Of(ecosystem, name, new RangeEvent(Introduced, "0")) with { Status = status };

    public static AffectedPackage Of(string ecosystem, string name, params RangeEvent[] events) => new()
    {
        Ecosystem = OsvEcosystem.Parse(ecosystem),
        Name = name,
        Ranges = [new VersionRange(RangeOrder.Ecosystem, events)],
    };

    public static string Range(string events, string type = "ECOSYSTEM") => $$"""{"type":"{{type}}","events":[{{events}}]}""";

    public static string FixedIn(string version) => Range($$"""{"introduced":"0"},{"fixed":"{{version}}"}""");

    public static string Record(string id, string ecosystem, string name, string ranges, string more = "", string affectedMore = "") => $$"""
        {"id":"{{id}}","modified":"2024-01-01T00:00:00Z"{{(more.Length > 0 ? "," + more : "")}},
         "affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"{{name}}"},"ranges":[{{ranges}}]{{(affectedMore.Length > 0 ? "," + affectedMore : "")}}}]}
        """;
}
