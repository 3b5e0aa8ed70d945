using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>Which findings of a report its reader wants.</summary>
public sealed record ReportFilter
{
    public static ReportFilter Everything { get; } = new();

    /// <summary>The severities to keep; empty for all.</summary>
    public IReadOnlySet<Severity> Severities { get; init; } = new HashSet<Severity>();

    /// <summary>Whether to leave out what has no fix.</summary>
    public bool OnlyFixable { get; init; }

    /// <summary>The report with what is wanted, and how many it left out.</summary>
    public ImageReport Apply(ImageReport report)
    {
        ReportedFinding[] kept = [.. report.Findings.Where(Keeps)];
        return report with { Findings = kept, Hidden = report.Hidden + report.Findings.Count - kept.Length };
    }

    private bool Keeps(ReportedFinding reported) =>
        (Severities.Count == 0 || Severities.Contains(reported.Finding.Severity)) && (!OnlyFixable || reported.Finding.FixedBy is not null);
}
