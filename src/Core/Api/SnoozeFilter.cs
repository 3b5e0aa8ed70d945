using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

/// <summary>What to do with snoozed, deferred and false-positive vulnerabilities.</summary>
public enum Snoozed
{
    LeftOut,
    Included,
}

/// <summary>
/// Leaves out what somebody has decided not to see. As in 4.5 the component stays and only <c>cves</c> is counted again: fixable counts,
/// top scores and risk keep counting what is hidden (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/cve/utils.go).
/// </summary>
public static class SnoozeFilter
{
    public static WireImage Apply(WireImage image)
    {
        if (image.Scan is not { } scan || !scan.Components.Any(component => component.Vulns.Any(IsHidden)))
        {
            return image;
        }

        WireComponent[] components =
        [
            .. scan.Components.Select(component => component with
            {
                Vulns = [.. component.Vulns.Where(vulnerability => !IsHidden(vulnerability))],
            }),
        ];
        return image with
        {
            Scan = scan with { Components = components },
            Cves = components.SelectMany(component => component.Vulns).Select(vulnerability => vulnerability.Cve).Distinct().Count(),
        };
    }

    /// <summary>Whether somebody has decided not to see it.</summary>
    internal static bool IsHidden(WireVulnerability vulnerability) =>
        vulnerability.Suppressed || vulnerability.State != VulnerabilityState.Observed;
}
