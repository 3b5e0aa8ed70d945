using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Images;
using Spectre.Console;

namespace ImageScan.Local.Output;

/// <summary>Shows an answer of the API to people: what the image is, then a row for each vulnerability, worst first.</summary>
internal static class FindingsTable
{
    private static readonly string[] Severities = ["CRITICAL", "IMPORTANT", "MODERATE", "LOW", "UNKNOWN"];

    private sealed record Row(string Severity, float Cvss, string Cve, string Package, string Version, string FixedBy, string Source, string Layer);

    /// <summary>Writes the table of one image in StackRox's form.</summary>
    public static void Write(IAnsiConsole console, JsonElement image)
    {
        JsonElement scan = image.GetProperty("scan");
        List<Row> rows =
        [
            .. RowsOf(scan)
                .OrderBy(row => Array.IndexOf(Severities, row.Severity))
                .ThenBy(row => row.Package, StringComparer.Ordinal)
                .ThenBy(row => row.Cve, StringComparer.Ordinal),
        ];

        WriteHead(console, image, scan);
        if (rows.Count > 0)
        {
            console.Write(TableOf(rows));
        }

        WriteSummary(console, scan, rows);
    }

    private static void WriteHead(IAnsiConsole console, JsonElement image, JsonElement scan)
    {
        Line(console, $"Image       {Text(image.GetProperty("name"), "fullName")}");
        Line(console, $"Digest      {Text(image, "id")}");
        Line(console, $"System      {Text(scan, "operatingSystem")}");
        Line(console, $"Components  {scan.GetProperty("components").GetArrayLength()}");
        Line(console, $"Scanner     {Text(scan, "scannerVersion")}");
    }

    private static IEnumerable<Row> RowsOf(JsonElement scan)
    {
        foreach (JsonElement component in scan.GetProperty("components").EnumerateArray())
        {
            foreach (JsonElement vuln in component.GetProperty("vulns").EnumerateArray())
            {
                yield return new Row(
                    Text(vuln, "severity").Replace("_VULNERABILITY_SEVERITY", "", StringComparison.Ordinal),
                    vuln.GetProperty("cvss").GetSingle(),
                    Text(vuln, "cve"),
                    Text(component, "name"),
                    Text(component, "version"),
                    Text(vuln, "fixedBy"),
                    Text(component, "source"),
                    component.TryGetProperty("layerIndex", out JsonElement layer) ? layer.GetInt32().ToString(CultureInfo.InvariantCulture) : "");
            }
        }
    }

    private static Table TableOf(List<Row> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in (string[])["Severity", "CVSS", "Vulnerability", "Package", "Installed", "Fixed in", "Source", "Layer"])
        {
            table.AddColumn(new TableColumn(column) { NoWrap = column is not ("Installed" or "Fixed in" or "Package") });
        }

        foreach (Row row in rows)
        {
            table.AddRow(
                new Text(row.Severity, StyleOf(row.Severity)),
                new Text(row.Cvss > 0 ? row.Cvss.ToString("0.0", CultureInfo.InvariantCulture) : ""),
                new Text(row.Cve),
                new Text(row.Package),
                new Text(row.Version),
                new Text(row.FixedBy),
                new Text(row.Source),
                new Text(row.Layer));
        }

        return table;
    }

    private static void WriteSummary(IAnsiConsole console, JsonElement scan, List<Row> rows)
    {
        string counts = string.Join(", ", Severities
            .Select(severity => (severity, count: rows.Count(row => row.Severity == severity)))
            .Where(pair => pair.count > 0)
            .Select(pair => $"{pair.count} {pair.severity.ToLowerInvariant()}"));
        string[] notes = [.. scan.GetProperty("notes").EnumerateArray().Select(note => note.GetString() ?? "")];
        string none = notes.Length == 0 ? "No known vulnerability found." : "Nothing found, but not everything could be looked at: see the notes.";
        Line(console, rows.Count == 0 ? none : $"{rows.Count} vulnerabilities: {counts}");
        if (notes.Length > 0)
        {
            Line(console, $"Notes       {string.Join(", ", notes)}");
        }
    }

    private static void Line(IAnsiConsole console, string text) => console.WriteLine(text);

    private static Style StyleOf(string severity) => severity switch
    {
        "CRITICAL" => new Style(Color.Red, decoration: Decoration.Bold),
        "IMPORTANT" => new Style(Color.Red),
        "MODERATE" => new Style(Color.Yellow),
        _ => Style.Plain,
    };

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? HostileText.Plain(value.GetString()!, int.MaxValue)
            : "";
}
