using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Local.Output;

/// <summary>One finding as a row of the table; every text is harmless and on one line.</summary>
internal sealed record FindingRow
{
    public required Severity Severity { get; init; }

    /// <summary>CVSS; 0 for none.</summary>
    public float Score { get; init; }

    /// <summary>How likely it is to be exploited, 0 to 1; null if that is not known.</summary>
    public float? Epss { get; init; }

    /// <summary>Whether it is among CISA's known exploited ones.</summary>
    public bool IsExploited { get; init; }

    public required string Cve { get; init; }

    public required string Package { get; init; }

    public required string Installed { get; init; }

    /// <summary>"" if there is no fix.</summary>
    public string FixedIn { get; init; } = "";

    /// <summary>Whose package it is: <c>OS</c>, <c>NODEJS</c>, or a kind of packages.</summary>
    public string Source { get; init; } = "";

    /// <summary>The number of the step in the image's history that brought the package; "" if it is not known.</summary>
    public string Layer { get; init; } = "";

    /// <summary>What was decided about it; "" if nothing was.</summary>
    public string Decision { get; init; } = "";

    /// <summary>The rows of a report, in its order; a package that lies in two places is one.</summary>
    public static IReadOnlyList<FindingRow> Of(ImageReport report)
    {
        IReadOnlyList<int> steps = ImageHistory.LayerIndexes(report.Scan.Config);
        return
        [
            .. report.Findings.Select(reported => new FindingRow
            {
                Severity = reported.Finding.Severity,
                Score = reported.Score,
                Epss = reported.Finding.Epss?.Probability,
                IsExploited = reported.Finding.Exploit is not null,
                Cve = Plain(reported.Finding.Cve),
                Package = Plain(reported.Package.Name),
                Installed = Plain(reported.Package.Version),
                FixedIn = Plain(reported.Finding.FixedBy ?? ""),
                Source = SourceOf(reported),
                Layer = reported.Installed.Layer < steps.Count ? Number(steps[reported.Installed.Layer]) : "",
                Decision = reported.Decision?.Sentence ?? "",
            }).Distinct(),
        ];
    }

    /// <summary>
    /// The rows of an image in StackRox's form, in the order in which they are there. Throws <see cref="JsonException"/>,
    /// <see cref="KeyNotFoundException"/> or <see cref="InvalidOperationException"/> for what has another form.
    /// </summary>
    public static IReadOnlyList<FindingRow> Of(JsonElement image)
    {
        var rows = new List<FindingRow>();
        foreach (JsonElement component in image.GetProperty("scan").GetProperty("components").EnumerateArray())
        {
            foreach (JsonElement found in component.GetProperty("vulns").EnumerateArray())
            {
                rows.Add(new FindingRow
                {
                    Severity = SeverityOf(Text(found, "severity")),
                    Score = found.GetProperty("cvss").GetSingle(),
                    Epss = found.TryGetProperty("epss", out JsonElement epss) && epss.ValueKind == JsonValueKind.Object
                        ? epss.GetProperty("epssProbability").GetSingle()
                        : null,
                    IsExploited = found.TryGetProperty("cisaKev", out JsonElement kev) && kev.ValueKind == JsonValueKind.True,
                    Cve = Text(found, "cve"),
                    Package = Text(component, "name"),
                    Installed = Text(component, "version"),
                    FixedIn = Text(found, "fixedBy"),
                    Source = Text(component, "source"),
                    Layer = component.TryGetProperty("layerIndex", out JsonElement layer) ? Number(layer.GetInt32()) : "",
                    Decision = DecisionOf(found),
                });
            }
        }

        return rows;
    }

    private static string SourceOf(ReportedFinding reported) =>
        reported.Package.Type.LocationPrefix is { Length: > 0 } place ? place.ToUpperInvariant() : "OS";

    private static Severity SeverityOf(string wire) =>
        Enum.TryParse(wire.Replace("_VULNERABILITY_SEVERITY", "", StringComparison.Ordinal), ignoreCase: true, out Severity severity)
        && Enum.IsDefined(severity)
            ? severity
            : Severity.Unknown;

    private static string DecisionOf(JsonElement found) => Text(found, "state") switch
    {
        "DEFERRED" => "deferred",
        "FALSE_POSITIVE" => "false positive",
        _ => found.TryGetProperty("suppressed", out JsonElement snoozed) && snoozed.ValueKind == JsonValueKind.True ? "deferred" : "",
    };

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? Plain(value.GetString()!) : "";

    private static string Plain(string text) => HostileText.Plain(text, int.MaxValue);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
