namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Records of OSV, of one package each.</summary>
internal static class MadeRecords
{
    public static string Range(string events, string type = "ECOSYSTEM") => $$"""{"type":"{{type}}","events":[{{events}}]}""";

    public static string FixedIn(string version) => Range($$"""{"introduced":"0"},{"fixed":"{{version}}"}""");

    public static string Record(string id, string ecosystem, string name, string ranges, string more = "", string affectedMore = "") => $$"""
        {"id":"{{id}}","modified":"2024-01-01T00:00:00Z"{{(more.Length > 0 ? "," + more : "")}},
         "affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"{{name}}"},"ranges":[{{ranges}}]{{(affectedMore.Length > 0 ? "," + affectedMore : "")}}}]}
        """;
}
