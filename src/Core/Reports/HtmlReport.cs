using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// A page in one file: no script, nothing from elsewhere, and a policy that lets no browser run or fetch any. It can be printed, is dark where its reader
/// wants that, and can be read by ear.
/// </summary>
public sealed class HtmlReport : IReportFormat
{
    /// <summary>The most rows: a browser shows as many in a second or two.</summary>
    public const int MaxRows = 10_000;

    private const int BarWidth = 600;

    public string Name => "html";

    public string MediaType => "text/html";

    public string FileExtension => "html";

    public void Write(ImageReport report, Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        var page = new HtmlText(writer);
        var tally = new FindingTally(report);
        string name = report.ImageName;
        WriteHead(page, name);
        page.Raw("<header>\n<h1>Vulnerabilities of ").Text(name, 300).Raw("</h1>\n");
        WriteFacts(page, report);
        page.Raw("</header>\n<main>\n");
        WriteCharts(page, tally);
        WriteNotes(page, report, tally);
        WriteTable(page, report);
        page.Raw("</main>\n<footer><p>Written by ").Text($"{BillOfMaterials.Tool} {BillOfMaterials.ToolVersion}").Raw(".</p></footer>\n</body>\n</html>\n");
    }

    private static void WriteHead(HtmlText page, string name)
    {
        // https://www.w3.org/TR/CSP3/: the one style is allowed by its hash, and nothing else at all.
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        string policy = $"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'";
        page.Raw($"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n");
        page.Raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Raw("<meta name=\"color-scheme\" content=\"light dark\">\n<title>Vulnerabilities of ").Text(name).Raw("</title>\n");
        page.Raw($"<style>{Style}</style>\n</head>\n<body>\n");
    }

    private static void WriteFacts(HtmlText page, ImageReport report)
    {
        Scan scan = report.Scan;
        (string Title, string Value)[] facts =
        [
            ("Digest", report.Digest),
            ("Platform", scan.Platform.ToString()),
            ("System", scan.Inventory.Distribution is { } system ? (system.Name.Length > 0 ? system.Name : $"{system.Id} {system.VersionId}") : "none known"),
            ("Packages", scan.Match.Packages.Count.ToString(CultureInfo.InvariantCulture)),
            ("Scanned", TimeOf(scan.ScannedAt)),
            ("Advisories up to", scan.Match.Advisories is { } advisories ? TimeOf(advisories.AsOf) : "none"),
        ];
        page.Raw("<dl>\n");
        foreach ((string title, string value) in facts)
        {
            page.Raw("<div><dt>").Text(title).Raw("</dt><dd>").Text(value).Raw("</dd></div>\n");
        }

        page.Raw("</dl>\n");
    }

    private static void WriteCharts(HtmlText page, FindingTally tally)
    {
        page.Raw("<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Summary</h2>\n");
        (string Label, int Count, string Css)[] severities = [.. FindingTally.Order.Select(severity => (WordOf(severity), tally[severity], CssOf(severity)))];
        WriteBar(page, "By severity", severities);
        WriteBar(page, "By fix", [("Fixable", tally.Fixable, "fixable"), ("Without a fix", tally.Total - tally.Fixable, "unknown")]);
        page.Raw(Invariant($"<p>{tally.Total} count, {tally.Exploited} of them in CISA’s catalogue of known exploited vulnerabilities.</p>\n</section>\n"));
    }

    private static void WriteBar(HtmlText page, string title, (string Label, int Count, string Css)[] parts)
    {
        int total = parts.Sum(part => part.Count);
        string spoken = string.Join(", ", parts.Select(part => Invariant($"{part.Label} {part.Count}")));
        page.Raw("<figure>\n<figcaption>").Text(title).Raw(": ").Text(spoken).Raw("</figcaption>\n");
        page.Raw($"<svg role=\"img\" viewBox=\"0 0 {BarWidth} 24\" preserveAspectRatio=\"none\" aria-label=\"").Text($"{title}: {spoken}").Raw("\">\n");
        double at = 0;
        foreach ((_, int count, string css) in parts.Where(part => part.Count > 0))
        {
            double width = (double)BarWidth * count / total;
            page.Raw(Invariant($"<rect class=\"fill-{css}\" x=\"{at:0.##}\" y=\"0\" width=\"{width:0.##}\" height=\"24\"/>\n"));
            at += width;
        }

        page.Raw("</svg>\n</figure>\n");
    }

    private static void WriteNotes(HtmlText page, ImageReport report, FindingTally tally)
    {
        string[] notes =
        [
            .. tally.Decided > report.Suppressed
                ? [Invariant($"{tally.Decided - report.Suppressed} do not count, since somebody has decided about them.")]
                : Array.Empty<string>(),
            .. ReportNotices.Of(report).Select(notice => notice.Text),
        ];
        if (notes.Length == 0)
        {
            return;
        }

        page.Raw("<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n<ul>\n");
        foreach (string note in notes)
        {
            page.Raw("<li>").Text(note, 300).Raw("</li>\n");
        }

        page.Raw("</ul>\n</section>\n");
    }

    private static void WriteTable(HtmlText page, ImageReport report)
    {
        page.Raw("<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
        if (report.Findings.Count == 0)
        {
            page.Raw("<p>None.</p>\n</section>\n");
            return;
        }

        IReadOnlyList<LayerOrigin> layers = LayerOrigin.AllOf(report.Scan);

        // What scrolls must be reachable by keyboard (https://dequeuniversity.com/rules/axe/4.10/scrollable-region-focusable).
        page.Raw("<div class=\"scroll\" role=\"region\" aria-label=\"Table of findings\" tabindex=\"0\">\n");
        page.Raw("<table>\n<caption>Worst first</caption>\n<thead><tr>");
        foreach (string title in Titles)
        {
            page.Raw("<th scope=\"col\">").Text(title).Raw("</th>");
        }

        page.Raw("</tr></thead>\n<tbody>\n");
        foreach (ReportedFinding found in report.WorstFirst().Findings.Take(MaxRows))
        {
            WriteRow(page, found, layers.ElementAtOrDefault(found.Installed.Layer));
        }

        page.Raw("</tbody>\n</table>\n</div>\n");
        if (report.Findings.Count > MaxRows)
        {
            page.Raw(Invariant($"<p>And {report.Findings.Count - MaxRows} more.</p>\n"));
        }

        page.Raw("</section>\n");
    }

    private static readonly string[] Titles = ["Severity", "Vulnerability", "CVSS", "EPSS", "Package", "Installed", "Fixed in", "Brought by"];

    private static void WriteRow(HtmlText page, ReportedFinding found, LayerOrigin? layer)
    {
        Finding finding = found.Finding;
        page.Raw($"<tr><td><span class=\"badge {CssOf(finding.Severity)}\">").Text(WordOf(finding.Severity)).Raw("</span></td><th scope=\"row\">");
        if (LinkOf(finding) is { Length: > 0 } link)
        {
            page.Raw("<a rel=\"noopener noreferrer\" href=\"").Text(link, 4_000).Raw("\">").Text(finding.Cve).Raw("</a>");
        }
        else
        {
            page.Text(finding.Cve);
        }

        page.Raw(finding.Exploit is null ? "" : " <strong>exploited</strong>");
        if (found.Decision is { } decision)
        {
            page.Raw(" <em>").Text(decision.Sentence, 300).Raw("</em>");
        }

        page.Raw("</th><td>").Raw(ReportText.Score(found.Score)).Raw("</td><td>").Raw(Invariant($"{finding.Epss?.Probability:0.0%}")).Raw("</td><td>")
            .Text(found.Installed.Package.Name).Raw("</td><td>").Text(found.Installed.Package.Version).Raw("</td><td>")
            .Text(finding.FixedBy ?? "").Raw("</td><td>").Text(layer?.Instruction ?? layer?.Digest ?? "", 80).Raw("</td></tr>\n");
    }

    private static string LinkOf(Finding finding) => ReportText.Link(finding.Link) is { Length: > 0 } link ? link : ReportText.Link(finding.AdvisoryLink);

    private static string WordOf(Severity severity) => severity == Severity.Unknown ? "Unrated" : severity.ToString();

    private static string CssOf(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    // Each badge has a contrast of at least 5 to 1, on paper, too.
    private const string Style =
        """

        :root{color-scheme:light dark;--text:#1b1f24;--back:#fff;--line:#d0d7de;--soft:#57606a;--link:#0b57d0}
        @media (prefers-color-scheme:dark){:root{--text:#e6edf3;--back:#0d1117;--line:#30363d;--soft:#9da7b1;--link:#8ab4f8}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);margin:0 auto;padding:1rem;max-width:90rem}
        h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.1rem}a{color:var(--link)}
        dl{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;margin:0}dl div{display:flex;gap:.4rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        figure{margin:.5rem 0}svg{width:100%;max-width:600px;height:24px;display:block}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft)}
        th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere;font-weight:400}
        thead th,strong{font-weight:600}footer,em{color:var(--soft)}
        .badge{color:#fff;padding:.1rem .5rem;border-radius:.6rem;white-space:nowrap}
        .critical{background:#8b1a1a}.important{background:#a83a06}.moderate{background:#745600}.low{background:#33566e}.unknown{background:#555}
        .fill-critical{fill:#8b1a1a}.fill-important{fill:#c2500f}.fill-moderate{fill:#b08800}.fill-low{fill:#33566e}.fill-unknown{fill:#777}
        .fill-fixable{fill:#2a7d46}
        @media print{body{font-size:10px;max-width:none}.scroll{overflow:visible}thead{display:table-header-group}tr{break-inside:avoid}
        .badge{color:#000;background:none;border:1px solid #000}}

        """;
}
