using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageScan.EndToEnd.Real;

/// <summary>An image as the API and <c>scan --format json</c> give it.</summary>
internal sealed record ImageReply(JsonElement Json)
{
    /// <summary>The findings, <c>PACKAGE VERSION CVE FIXED</c>, ordered as <see cref="ExpectedRows"/> are.</summary>
    public string[] Rows =>
    [
        .. Components
            .SelectMany(component => component.GetProperty("vulns").EnumerateArray().Select(vulnerability => $"{NameOf(component)} {Text(vulnerability, "cve")} {Text(vulnerability, "fixedBy")}"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The components, <c>NAME VERSION</c>.</summary>
    public string[] Packages => [.. Components.Select(NameOf)];

    public string Name => Text(Json.GetProperty("name"), "fullName");

    public string[] Names => [.. Json.GetProperty("names").EnumerateArray().Select(name => Text(name, "fullName"))];

    public string OperatingSystem => Text(Json.GetProperty("scan"), "operatingSystem");

    public string ScannerVersion => Text(Json.GetProperty("scan"), "scannerVersion");

    public string ScanTime => Text(Json.GetProperty("scan"), "scanTime");

    public string[] ScanNotes => [.. Json.GetProperty("scan").GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];

    /// <summary>All that is said of components and vulnerabilities, but for the times at which they were first seen.</summary>
    public string ComponentsWithoutTimes()
    {
        JsonNode components = JsonNode.Parse(Json.GetProperty("scan").GetProperty("components").GetRawText())!;
        foreach (JsonObject vulnerability in components.AsArray().SelectMany(component => component!["vulns"]!.AsArray()).Cast<JsonObject>())
        {
            Assert.True(vulnerability.Remove("firstSystemOccurrence") && vulnerability.Remove("firstImageOccurrence"));
        }

        return components.ToJsonString();
    }

    private IEnumerable<JsonElement> Components => Json.GetProperty("scan").GetProperty("components").EnumerateArray();

    private static string NameOf(JsonElement component) => $"{Text(component, "name")} {Text(component, "version")}";

    private static string Text(JsonElement message, string key) => message.TryGetProperty(key, out JsonElement value) ? value.GetString()! : "";
}
