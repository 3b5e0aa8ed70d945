using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Tests.Api;

public sealed class SnoozeFilterTests
{
    [Fact]
    public void LeavesOutSnoozedDeferredAndFalseOnesAndCountsTheRest()
    {
        WireImage image = ImageOf(
            new WireComponent
            {
                Name = "a",
                TopCvss = 9.8f,
                Vulns =
                [
                    new WireVulnerability { Cve = "CVE-1", Suppressed = true },
                    new WireVulnerability { Cve = "CVE-2", State = VulnerabilityState.Deferred },
                    new WireVulnerability { Cve = "CVE-3", State = VulnerabilityState.FalsePositive },
                ],
            },
            new WireComponent { Name = "b", Vulns = [new WireVulnerability { Cve = "CVE-4" }] },
            new WireComponent { Name = "c", Vulns = [new WireVulnerability { Cve = "CVE-4" }] });

        WireImage filtered = SnoozeFilter.Apply(image);

        Assert.Equal(["a", "b", "c"], filtered.Scan!.Components.Select(component => component.Name));
        Assert.Equal(["CVE-4", "CVE-4"], filtered.Scan.Components.SelectMany(component => component.Vulns).Select(vulnerability => vulnerability.Cve));
        Assert.Equal(1, filtered.Cves);
        Assert.Equal((4, 9.8f, 3f, 9.8f), (filtered.FixableCves, filtered.TopCvss, filtered.RiskScore, filtered.Scan.Components[0].TopCvss));
    }

    [Fact]
    public void LeavesAnImageAloneThatHasNone()
    {
        WireImage image = ImageOf(new WireComponent { Vulns = [new WireVulnerability { Cve = "CVE-1" }] });

        Assert.Same(image, SnoozeFilter.Apply(image));
    }

    private static WireImage ImageOf(params WireComponent[] components) =>
        new() { Scan = new WireScan { Components = components }, Cves = 4, FixableCves = 4, TopCvss = 9.8f, RiskScore = 3f };
}
