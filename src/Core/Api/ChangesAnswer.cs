using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Api;

/// <summary>What newer advisories have changed, in the wire form.</summary>
internal static class ChangesAnswer
{
    public static WireChanges Of(FindingChanges changes) => new()
    {
        At = changes.At,
        From = AdvisoriesOf(changes.From),
        To = AdvisoriesOf(changes.To),
        Added = [.. changes.Added.Select(FindingOf)],
        Removed = [.. changes.Removed.Select(FindingOf)],
        Fixed = [.. changes.Fixed.Select(FindingOf)],
        Total = changes.Total,
    };

    internal static WireAdvisories? AdvisoriesOf(AdvisoryOrigin? origin) =>
        origin is null ? null : new WireAdvisories(origin.Id, origin.BuiltAt, origin.IsStarterSet);

    private static WireChangedFinding FindingOf(ChangedFinding finding) => new()
    {
        Cve = finding.Cve,
        Component = finding.Package,
        Version = finding.Version,
        Severity = (VulnerabilitySeverity)finding.Severity,
        FixedBy = finding.FixedBy ?? "",
    };
}
