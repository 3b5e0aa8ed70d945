using System.Globalization;
using System.Text;
using ImageScan.Core.Results;

namespace ImageScan.Core.Reports;

/// <summary>
/// Plain text for a terminal, in the shape of Trivy's and roxctl's tables (https://trivy.dev/latest/docs/configuration/reporting/,
/// https://github.com/stackrox/stackrox/blob/4.5.0/roxctl/image/scan/scan.go): a summary, then a table for each kind of package. There are no escape
/// sequences in it, wherever it is shown.
/// </summary>
public sealed class TableReport : IReportFormat
{
    private static readonly string[] Columns = ["PACKAGE", "VULNERABILITY", "SEVERITY", "CVSS", "INSTALLED", "FIXED IN", "TITLE"];

    public string Name => "table";

    public string MediaType => "text/plain";

    public string FileExtension => "txt";

    public void Write(ImageReport report, Stream output)
    {
        // Line breaks are those of a terminal, on whatever system this is written.
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var table = ReportTable.Of(report);
        IReadOnlyList<ReportNotice> notices = ReportNotices.Of(report);
        WriteHead(writer, report);
        WriteSummary(writer, table);
        foreach (ReportSection section in table.Sections.Where(section => section.Rows.Count > 0))
        {
            WriteSection(writer, section);
        }

        if (report.Findings.Count == 0)
        {
            writer.WriteLine();
            writer.WriteLine(Nothing(report, notices));
        }

        WriteNotices(writer, notices);
    }

    // Who asked for a part is not told of the whole.
    private static string Nothing(ImageReport report, IReadOnlyList<ReportNotice> notices) =>
        report.Hidden + report.Suppressed > 0 ? "Nothing is left to show."
        : notices.Any(notice => notice.Level == NoticeLevel.Warning) ? "Nothing found, but not everything could be looked at:"
        : "No known vulnerability found.";

    private static void WriteHead(TextWriter writer, ImageReport report)
    {
        Scan scan = report.Scan;
        writer.WriteLine($"Image       {ReportText.Line(report.ImageName)}");
        writer.WriteLine($"Digest      {report.Digest}");
        writer.WriteLine($"Platform    {ReportText.Line(scan.Platform.ToString())}");
        writer.WriteLine($"System      {ReportText.Line(OperatingSystems.NameOf(scan.Inventory.Distribution))}");
        writer.WriteLine($"Scanned     {scan.ScannedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
        writer.WriteLine($"Advisories  {(scan.Match.Advisories is { } advisories ? $"up to {ReportText.Day(advisories.AsOf)}" : "none")}");
    }

    private static void WriteSummary(TextWriter writer, ReportTable table)
    {
        writer.WriteLine();
        IReadOnlyList<string[]> rows =
        [
            .. table.Sections.Select(section => (string[])
            [
                section.Title,
                section.Packages.ToString(CultureInfo.InvariantCulture),
                section.Counts.Total.ToString(CultureInfo.InvariantCulture),
            ]),
        ];
        WriteTable(writer, ["TYPE", "PACKAGES", "VULNERABILITIES"], rows.Count > 0 ? [rows] : []);
    }

    private static void WriteSection(TextWriter writer, ReportSection section)
    {
        writer.WriteLine();
        writer.WriteLine(section.Title);
        writer.WriteLine(new string('=', section.Title.Length));
        writer.WriteLine(section.Counts);
        writer.WriteLine();
        WriteTable(writer, Columns, BlocksOf(section.Rows));
    }

    private static void WriteNotices(TextWriter writer, IReadOnlyList<ReportNotice> notices)
    {
        if (notices.Count > 0)
        {
            writer.WriteLine();
        }

        foreach (ReportNotice notice in notices)
        {
            writer.WriteLine($"{(notice.Level == NoticeLevel.Warning ? "Warning" : "Note")}: {notice.Text}");
        }
    }

    // The lines between two rules: what a package has, its name and version said once.
    private static IEnumerable<IReadOnlyList<string[]>> BlocksOf(IReadOnlyList<ReportRow> rows) => rows
        .GroupBy(row => (row.Package, row.Installed))
        .Select(package => (IReadOnlyList<string[]>)[.. package.Index().SelectMany(row => LinesOf(row.Item, isFirst: row.Index == 0))]);

    private static IEnumerable<string[]> LinesOf(ReportRow row, bool isFirst)
    {
        yield return
        [
            isFirst ? row.Package : "",
            row.Vulnerability,
            ReportText.Word(row.Severity),
            row.Score,
            isFirst ? row.Installed : "",
            row.FixedIn,
            row.Title,
        ];
        foreach (string more in new[] { row.Link, row.Decision.Length > 0 ? $"({row.Decision})" : "" }.Where(text => text.Length > 0))
        {
            yield return ["", "", "", "", "", "", more];
        }
    }

    // A rule after the head and after each block.
    private static void WriteTable(TextWriter writer, string[] head, IEnumerable<IReadOnlyList<string[]>> blocks)
    {
        IReadOnlyList<string[]>[] all = [.. blocks];
        string[][] lines = [head, .. all.SelectMany(block => block)];
        int[] widths = [.. Enumerable.Range(0, head.Length).Select(column => lines.Max(cells => cells[column].Length))];
        string rule = $"+{string.Join('+', widths.Select(width => new string('-', width + 2)))}+";
        writer.WriteLine(rule);
        WriteRow(writer, head, widths);
        writer.WriteLine(rule);
        foreach (IReadOnlyList<string[]> block in all)
        {
            foreach (string[] cells in block)
            {
                WriteRow(writer, cells, widths);
            }

            writer.WriteLine(rule);
        }
    }

    private static void WriteRow(TextWriter writer, string[] cells, int[] widths)
    {
        foreach ((string cell, int width) in cells.Zip(widths))
        {
            writer.Write("| ");
            writer.Write(cell.PadRight(width));
            writer.Write(' ');
        }

        writer.WriteLine('|');
    }
}
