using System.Globalization;
using System.Text;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// A card for pull requests and job summaries, in GitHub's Markdown: some lines that say how it stands, the worst findings folded away, notes. It fits a
/// comment whatever is in it.
/// </summary>
public sealed class MarkdownReport : IReportFormat
{
    /// <summary>
    /// The longest card. A comment may have 64 KiB and a job summary 1 MiB
    /// (https://github.com/check-spelling/check-spelling/wiki/Feature:-Summary-Table); what others put around it has room, too.
    /// </summary>
    public const int MaxBytes = 60_000;

    private const int MaxRows = 50;
    private const int MaxNotes = 10;

    // What is before the first row and after the last one.
    private const int AroundRows = 1_000;

    public string Name => "markdown";

    // https://www.rfc-editor.org/rfc/rfc7763
    public string MediaType => "text/markdown";

    public string FileExtension => "md";

    public void Write(ImageReport report, Stream output)
    {
        var text = new StringBuilder();
        var tally = new FindingTally(report);
        WriteHead(text, report, tally);
        WriteNotes(text, report, tally);
        WriteFindings(text, report);
        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void WriteHead(StringBuilder text, ImageReport report, FindingTally tally)
    {
        Scan scan = report.Scan;
        string counts = string.Join(
            " · ",
            FindingTally.Order.Where(severity => severity != Severity.Unknown || tally[severity] > 0)
                .Select(severity => $"{Bold(tally[severity])} {WordOf(severity)}"));
        text.Append(CultureInfo.InvariantCulture, $"### Vulnerabilities of {MarkdownText.Code(report.ImageName)}\n\n| | |\n| :-- | :-- |\n");
        WriteRow(text, "Findings", $"{Bold(tally.Total)}: {counts}");
        WriteRow(text, "Fixable", $"{Bold(tally.Fixable)} of {tally.Total}");
        WriteRow(text, "Known to be exploited", Bold(tally.Exploited));
        WriteRow(text, "Image", $"{MarkdownText.Code(report.Digest)}, {MarkdownText.Code(scan.Platform.ToString())}");
        WriteRow(text, "System", $"{MarkdownText.Code(OperatingSystems.NameOf(scan.Inventory.Distribution))}, {scan.Match.Packages.Count} packages");
        text.Append('\n');
    }

    private static void WriteRow(StringBuilder text, string title, string value) => text.Append(CultureInfo.InvariantCulture, $"| {title} | {value} |\n");

    private static string Bold(int number) => string.Create(CultureInfo.InvariantCulture, $"**{number}**");

    private static string WordOf(Severity severity) => severity == Severity.Unknown ? "unrated" : severity.ToString().ToLowerInvariant();

    private static void WriteNotes(StringBuilder text, ImageReport report, FindingTally tally)
    {
        IReadOnlyList<ReportNotice> notices = ReportNotices.Of(report);
        IEnumerable<string> notes = notices.Take(MaxNotes).Select(notice => MarkdownText.Code(notice.Text))
            .Concat(tally.Decided > report.Suppressed ? [$"{tally.Decided - report.Suppressed} do not count, since somebody has decided about them."] : [])
            .Concat(notices.Count > MaxNotes ? [$"And {notices.Count - MaxNotes} more notes."] : []);
        foreach (string note in notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        }

        text.Append('\n');
    }

    private static void WriteFindings(StringBuilder text, ImageReport report)
    {
        ReportedFinding[] open = [.. report.WorstFirst().Findings.Where(found => found.Decision is null)];
        if (open.Length == 0)
        {
            text.Append("No vulnerability counts.\n");
            return;
        }

        var rows = new StringBuilder();
        int written = 0;
        int bytes = Encoding.UTF8.GetByteCount(text.ToString()) + AroundRows;
        foreach (string row in open.Take(MaxRows).Select(RowOf))
        {
            bytes += Encoding.UTF8.GetByteCount(row);
            if (bytes > MaxBytes)
            {
                break;
            }

            rows.Append(row);
            written++;
        }

        string title = written < open.Length ? $"The worst {written} of {open.Length}" : $"All {written}";
        text.Append(CultureInfo.InvariantCulture, $"<details>\n<summary>{title}</summary>\n\n");
        text.Append("| Severity | Vulnerability | CVSS | EPSS | Package | Installed | Fixed in |\n| :-- | :-- | --: | --: | :-- | :-- | :-- |\n");
        text.Append(rows);
        if (written < open.Length)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nAnd {open.Length - written} more.\n");
        }

        text.Append("\n</details>\n");
    }

    private static string RowOf(ReportedFinding found)
    {
        Finding finding = found.Finding;
        string cve = MarkdownText.Code(finding.Cve);
        string linked = LinkOf(finding) is { Length: > 0 } link ? $"[{cve}](<{link}>)" : cve;
        string exploited = finding.Exploit is null ? "" : " **exploited**";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {WordOf(finding.Severity)} | {linked}{exploited} | {ReportText.Score(found.Score)} | {finding.Epss?.Probability:0.0%} | "
                + $"{MarkdownText.Code(found.Installed.Package.Name)} | {MarkdownText.Code(found.Installed.Package.Version)} | "
                + $"{(string.IsNullOrEmpty(finding.FixedBy) ? "–" : MarkdownText.Code(finding.FixedBy))} |\n");
    }

    private static string LinkOf(Finding finding) => ReportText.Link(finding.Link) is { Length: > 0 } link ? link : ReportText.Link(finding.AdvisoryLink);
}

/// <summary>Hostile text in GitHub's Markdown.</summary>
internal static class MarkdownText
{
    private const int MaxCharacters = 200;

    /// <summary>
    /// The text as code: there, and nowhere else, GitHub makes no mention of @name, no reference of #1 and no link of an address, and Markdown knows
    /// neither HTML nor emphasis (https://github.github.com/gfm/#code-spans). A backtick would end it and a bar the cell of a table
    /// (https://github.github.com/gfm/#tables-extension-), so they become characters that look alike. "–" for nothing.
    /// </summary>
    public static string Code(string text)
    {
        string plain = ReportText.Line(text, MaxCharacters).Trim()
            .Replace('`', '\u00B4')
            .Replace('|', '\u00A6')
            .Replace('\\', '/');
        return plain.Length == 0 ? "–" : $"`{plain}`";
    }
}
