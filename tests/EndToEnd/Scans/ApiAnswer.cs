using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Api;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Scans;

/// <summary>What the API answered.</summary>
internal sealed partial record ApiAnswer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Id => Json.GetProperty("id").GetString()!;

    /// <summary>The text of an error.</summary>
    public string Message => Json.GetProperty("message").GetString()!;

    public string SystemName => Json.GetProperty("scan").GetProperty("operatingSystem").GetString()!;

    public string[] FullNames => [.. Json.GetProperty("names").EnumerateArray().Select(name => name.GetProperty("fullName").GetString()!)];

    /// <summary>The components as <c>name version</c>.</summary>
    public string[] Components =>
        [.. ComponentElements.Select(component => $"{component.GetProperty("name").GetString()} {component.GetProperty("version").GetString()}")];

    /// <summary>The findings as <c>component CVE</c>.</summary>
    public string[] Findings =>
        [.. ComponentElements.SelectMany(component => VulnsOf(component).Select(vuln => $"{component.GetProperty("name").GetString()} {vuln.GetProperty("cve").GetString()}"))];

    public string[] ScanNotes => [.. Json.GetProperty("scan").GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];

    /// <summary>The body with every time that depends on the run replaced.</summary>
    public string WithoutTimes => TimesOfTheRun().Replace(Text, "$1\"then\"");

    /// <summary>Every vulnerability of that name.</summary>
    public JsonElement Vulnerability(string cve) =>
        ComponentElements.SelectMany(VulnsOf).First(vuln => vuln.GetProperty("cve").GetString() == cve);

    /// <summary>Reads an answer to its end; fails the test if it is not as the API's description of that level says.</summary>
    public static async Task<ApiAnswer> ReadAsync(
        HttpResponseMessage response, CancellationToken cancellationToken, ApiLevel level = ApiLevel.Release45)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        HttpRequestMessage request = response.RequestMessage!;
        Assert.Empty(DescribedApi.Of(level).ErrorsOf(
            request.Method.Method, request.RequestUri!.AbsolutePath, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text));
        return new(response.StatusCode, text, response.Headers);
    }

    private IEnumerable<JsonElement> ComponentElements => Json.GetProperty("scan").GetProperty("components").EnumerateArray();

    private static IEnumerable<JsonElement> VulnsOf(JsonElement component) => component.GetProperty("vulns").EnumerateArray();

    [GeneratedRegex("""("(?:scanTime|lastUpdated|firstSystemOccurrence|firstImageOccurrence)":)"[^"]+" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TimesOfTheRun();
}
