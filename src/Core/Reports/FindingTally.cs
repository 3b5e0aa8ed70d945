using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>How many findings of a report count, by severity: those about which something was decided do not.</summary>
internal sealed record FindingTally
{
    /// <summary>Worst first, the unrated last.</summary>
    public static IReadOnlyList<Severity> Order { get; } =
        [Severity.Critical, Severity.Important, Severity.Moderate, Severity.Low, Severity.Unknown];

    private readonly Dictionary<Severity, int> _counts;

    public FindingTally(ImageReport report)
    {
        ReportedFinding[] open = [.. report.Findings.Where(found => found.Decision is null)];
        _counts = open.CountBy(found => found.Finding.Severity).ToDictionary();
        Total = open.Length;
        Fixable = open.Count(found => !string.IsNullOrEmpty(found.Finding.FixedBy));
        Exploited = open.Count(found => found.Finding.Exploit is not null);
        Decided = report.Findings.Count - open.Length + report.Suppressed;
    }

    public int Total { get; }

    public int Fixable { get; }

    /// <summary>How many are in CISA's catalogue.</summary>
    public int Exploited { get; }

    /// <summary>How many were decided about, shown or not.</summary>
    public int Decided { get; }

    public int this[Severity severity] => _counts.GetValueOrDefault(severity);
}
