using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// Comma-separated values (https://www.rfc-editor.org/rfc/rfc4180), a row for each finding; the first columns are those of
/// <c>roxctl image scan -o csv</c>. It has no place for what could not be read: that is in every other format.
/// </summary>
public sealed partial class CsvReport : IReportFormat
{
    private static readonly string[] Columns =
    [
        "COMPONENT", "VERSION", "CVE", "SEVERITY", "CVSS", "LINK", "FIXED VERSION", "ADVISORY", "ADVISORY LINK", "TYPE", "PATH", "LAYER", "STATUS",
        "CVSS VECTOR", "EPSS", "EPSS PERCENTILE", "KEV", "PUBLISHED", "DECISION", "SUMMARY",
    ];

    public string Name => "csv";

    public string MediaType => "text/csv";

    public string FileExtension => "csv";

    public void Write(ImageReport report, Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        IReadOnlyList<LayerOrigin> layers = LayerOrigin.AllOf(report.Scan);
        WriteRow(writer, Columns);
        foreach (ReportedFinding reported in report.Findings)
        {
            WriteRow(writer, CellsOf(reported, layers.ElementAtOrDefault(reported.Installed.Layer)));
        }
    }

    /// <summary>
    /// A cell that a spreadsheet takes for text. The apostrophe before what looks like a formula is seen by who reads the file otherwise. Spreadsheets of
    /// many countries divide at semicolons instead, and our quotes, which do not begin their cells, do not stop them: so there is one after semicolons too.
    /// </summary>
    internal static string CellOf(string text)
    {
        string plain = BeforeFormulas().Replace(ReportText.Line(text, 4_000), "$0'");
        return $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static void WriteRow(StreamWriter writer, IEnumerable<string> cells)
    {
        writer.Write(string.Join(',', cells.Select(CellOf)));
        writer.Write("\r\n");
    }

    private static string[] CellsOf(ReportedFinding reported, LayerOrigin? layer)
    {
        Package package = reported.Package;
        Finding finding = reported.Finding;
        return
        [
            package.Name,
            package.Version,
            finding.Cve,
            ReportText.Word(finding.Severity),
            ReportText.Score(reported.Score),
            ReportText.Link(finding.Link),
            finding.FixedBy ?? "",
            finding.AdvisoryId,
            ReportText.Link(finding.AdvisoryLink),
            package.Type.Name,
            package.Location,
            layer?.Digest ?? "",
            finding.Status.ToString(),
            finding.CvssV3?.Vector ?? finding.CvssV2?.Vector ?? "",
            Number(finding.Epss?.Probability),
            Number(finding.Epss?.Percentile),
            finding.Exploit is null ? "" : "yes",
            finding.PublishedOn is { } published ? ReportText.Day(published) : "",
            reported.Decision?.Sentence ?? "",
            finding.Summary,
        ];
    }

    // What a spreadsheet takes for a formula where a cell begins with it, and the forms of full width that some read alike
    // (https://owasp.org/www-community/attacks/CSV_Injection); blanks and empty quotes before it may be passed over.
    [GeneratedRegex("(?:^|;)(?=[\\s\"]*[=+\\-@＝＋－＠])", RegexOptions.CultureInvariant)]
    private static partial Regex BeforeFormulas();

    private static string Number(float? value) => value?.ToString("0.#####", CultureInfo.InvariantCulture) ?? "";
}
