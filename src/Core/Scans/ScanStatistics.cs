using ImageScan.Core.Results;

namespace ImageScan.Core.Scans;

/// <summary>Counts and top figures of a scan, as StackRox's FillScanStats counts them.</summary>
public static class ScanStatistics
{
    /// <summary>
    /// The figures of a scan. Its age, for the risk, runs from the image's making to the scan, so that the same scan gives the same
    /// figures at any time; an image that does not say when it was made is new.
    /// </summary>
    public static ScanSummary Of(Scan scan) => Of(scan, Component.AllOf(scan.Match));

    /// <summary>As above, for who has the scan's components at hand.</summary>
    public static ScanSummary Of(Scan scan, IReadOnlyList<Component> components)
    {
        TimeSpan age = scan.ScannedAt - (scan.Config.Created ?? scan.ScannedAt);
        var findings = components.SelectMany(component => component.Findings).ToList();
        int fixable = findings.Where(finding => !string.IsNullOrEmpty(finding.FixedBy)).Select(finding => finding.Cve).Distinct().Count();

        return new ScanSummary(
            components.Count,
            findings.Select(finding => finding.Cve).Distinct().Count(),
            // Scanner V4 sets fixedBy only where there is a fix, so an image with vulnerabilities and no fix at all has no such count.
            findings.Count == 0 || fixable > 0 ? fixable : null,
            findings.Count == 0 ? null : findings.Max(Component.CvssOf),
            ImageRisk.Of(components, age))
        {
            Kinds = FindingKinds.Of(findings),
        };
    }
}
