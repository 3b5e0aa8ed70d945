using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// A report as rows for people: a section for each kind of package that the image has, the packages of each by their worst finding. Every text
/// is harmless and on one line.
/// </summary>
public sealed record ReportTable(IReadOnlyList<ReportSection> Sections)
{
    private const int MaxWordCharacters = 60;
    private const int MaxTitleCharacters = 72;

    public static ReportTable Of(ImageReport report)
    {
        string system = ReportText.Line(OperatingSystems.NameOf(report.Scan.Inventory.Distribution), MaxWordCharacters);
        ILookup<PackageType, ReportedFinding> findings = report.Findings.ToLookup(reported => reported.Package.Type);
        return new ReportTable(
        [
            .. report.Scan.Match.Packages
                .GroupBy(found => found.Installed.Package.Type)
                .OrderBy(packages => packages.Key.Place)
                .Select(packages => new ReportSection(
                    packages.Key,
                    packages.Key.IsLanguage ? packages.Key.Name : $"{packages.Key.Name} ({system})",
                    packages.Count(),
                    RowsOf(findings[packages.Key]))),
        ]);
    }

    // GroupBy keeps the order in which the packages are first met, so the first is that with the worst finding.
    private static ReportRow[] RowsOf(IEnumerable<ReportedFinding> worstFirst) =>
        [.. worstFirst.GroupBy(reported => (reported.Package.Name, reported.Package.Version)).SelectMany(package => package).Select(RowOf).Distinct()];

    private static ReportRow RowOf(ReportedFinding reported) => new(
        ReportText.Line(reported.Package.Name, MaxWordCharacters),
        ReportText.Line(reported.Finding.Cve, MaxWordCharacters),
        reported.Finding.Severity,
        ReportText.Score(reported.Score),
        ReportText.Line(reported.Package.Version, MaxWordCharacters),
        FixOf(reported.Finding),
        ReportText.Line(reported.Finding.Summary, MaxTitleCharacters),
        ReportText.Link(reported.Finding.Link),
        reported.Decision?.Sentence ?? "");

    private static string FixOf(Finding finding) => string.IsNullOrEmpty(finding.FixedBy)
        ? finding.Status switch
        {
            AdvisoryStatus.WillNotFix => "(will not fix)",
            AdvisoryStatus.FixDeferred => "(fix deferred)",
            AdvisoryStatus.EndOfLife => "(end of life)",
            _ => "",
        }
        : ReportText.Line(finding.FixedBy, MaxWordCharacters);
}

/// <summary>The packages of one kind.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Title">The kind's name, and the operating system for its packages: <c>dpkg (debian:12)</c>.</param>
/// <param name="Packages">How many of the kind are installed.</param>
/// <param name="Rows">A row for each finding; the rows of one package are together, and two places of one package are one row.</param>
public sealed record ReportSection(PackageType Type, string Title, int Packages, IReadOnlyList<ReportRow> Rows)
{
    /// <summary>Of the rows.</summary>
    public SeverityCounts Counts { get; } = SeverityCounts.Of(Rows);
}

/// <summary>One finding.</summary>
/// <param name="Package">The package's name.</param>
/// <param name="Vulnerability">The CVE, or another id.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Score">CVSS, <c>9.8</c>; "" for none.</param>
/// <param name="Installed">The installed version.</param>
/// <param name="FixedIn">The version that mends it, or in brackets why there will be none; "" if nothing is known.</param>
/// <param name="Title">What it is about, cut.</param>
/// <param name="Link">Where to read on; "" or an http(s) address.</param>
/// <param name="Decision">What was decided about it; "" if nothing.</param>
public sealed record ReportRow(
    string Package,
    string Vulnerability,
    Severity Severity,
    string Score,
    string Installed,
    string FixedIn,
    string Title,
    string Link,
    string Decision);
