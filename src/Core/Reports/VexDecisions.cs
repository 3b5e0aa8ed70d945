using ImageScan.Core.Vex;

namespace ImageScan.Core.Reports;

/// <summary>Takes what VEX documents say for decisions about the findings of a report.</summary>
public static class VexDecisions
{
    /// <summary>
    /// The report with a decision on each finding that a statement says does not apply, or is mended; what was decided before stays. None is left out:
    /// that is for <see cref="ImageReport.WithoutDecided"/>.
    /// </summary>
    public static ImageReport Apply(ImageReport report, VexStatements statements)
    {
        if (statements.Count == 0)
        {
            return report;
        }

        var image = new VexImage(report.Scan, report.Name);
        return report.Decided(found => DecisionFor(found, image, statements));
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
