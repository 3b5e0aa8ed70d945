using ImageScan.Core.Vex;

namespace ImageScan.Core.Reports;

/// <summary>Takes what VEX documents say for decisions about the findings of a report.</summary>
public static class VexDecisions
{
    /// <summary>
    /// The report with a decision on each finding that a statement says does not apply, or is mended; what was decided before stays. None is left out:
    /// who does not want to show them takes those without a decision, and counts the others in <see cref="ImageReport.Suppressed"/>.
    /// </summary>
    public static ImageReport Apply(ImageReport report, VexStatements statements)
    {
        if (statements.Count == 0)
        {
            return report;
        }

        var image = new VexImage(report.Scan, report.Name);
        return report with
        {
            Findings =
            [
                .. report.Findings.Select(found => found.Decision is null && DecisionFor(found, image, statements) is { } decision
                    ? found with { Decision = decision }
                    : found),
            ],
        };
    }

    /// <summary>What statements decide about one finding; null if none clears it.</summary>
    public static ReportedDecision? DecisionFor(ReportedFinding found, VexImage image, VexStatements statements)
    {
        VexStatement? statement = statements.Find(image, found.Installed.Package, found.Finding);
        DecisionKind? kind = statement?.Status switch
        {
            VexStatus.NotAffected => DecisionKind.NotAffected,
            VexStatus.FalsePositive => DecisionKind.FalsePositive,
            VexStatus.Fixed => DecisionKind.Fixed,
            _ => null,
        };
        return kind is { } known ? new ReportedDecision(known, statement!.Detail, null) { Justification = statement.Justification } : null;
    }
}
