using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using static ImageScan.Core.Tests.Scans.Suppression.MadeExceptions;

namespace ImageScan.Core.Tests.Api;

public sealed class SuppressionStampTests
{
    private static readonly Snooze Snooze = new("CVE-1", Now.AddHours(-1), Now.AddHours(1));

    [Fact]
    public void WritesSnoozeAndStateOnEveryOccurrence()
    {
        WireImage image = ImageOf("quay", "app", "1", ["CVE-1", "CVE-2"], ["CVE-1"]);

        WireImage stamped = SuppressionStamp.Apply(image, new SuppressionSet([Snooze], []), Now);

        Assert.Equal(
            [
                ("CVE-1", true, Snooze.Activation, Snooze.Expiry, VulnerabilityState.Deferred),
                ("CVE-2", false, null, null, VulnerabilityState.Observed),
                ("CVE-1", true, Snooze.Activation, Snooze.Expiry, VulnerabilityState.Deferred),
            ],
            StampsOf(stamped));
    }

    [Fact]
    public void WritesTheStatesOfExceptionsAndLeavesSnoozesAlone()
    {
        var set = new SuppressionSet([Snooze], [FalsePositive("1", Scope("quay/app:1"), "CVE-2"), Deferral("2", Scope("quay/app:.*"), "CVE-2", "CVE-3")]);

        WireImage stamped = SuppressionStamp.Apply(ImageOf("quay", "app", "1", ["CVE-1", "CVE-2", "CVE-3", "CVE-4"]), set, Now);

        Assert.Equal(
            [
                ("CVE-1", true, Snooze.Activation, Snooze.Expiry, VulnerabilityState.Observed),
                ("CVE-2", false, null, null, VulnerabilityState.FalsePositive),
                ("CVE-3", false, null, null, VulnerabilityState.Deferred),
                ("CVE-4", false, null, null, VulnerabilityState.Observed),
            ],
            StampsOf(stamped));
    }

    [Fact]
    public void GoesByTheNameOfTheAnswer()
    {
        var set = new SuppressionSet([], [FalsePositive("1", Scope("quay/app:1"), "CVE-1")]);
        WireImage image = ImageOf("quay", "other", "1", ["CVE-1"]) with { Names = [new WireImageName { Registry = "quay", Remote = "app", Tag = "1" }] };

        Assert.Same(image, SuppressionStamp.Apply(image, set, Now));
    }

    [Fact]
    public void LeavesAnImageAloneWhereNothingWasDecided()
    {
        WireImage image = ImageOf("quay", "app", "1", ["CVE-1"]);

        Assert.Same(image, SuppressionStamp.Apply(image, SuppressionSet.Nothing, Now));
        Assert.Null(SuppressionStamp.Apply(image with { Scan = null }, new SuppressionSet([Snooze], []), Now).Scan);
    }

    [Fact]
    public void ChangesNothingElse()
    {
        WireImage image = ImageOf("quay", "app", "1", ["CVE-1", "CVE-2"]) with { Cves = 2, FixableCves = 2, TopCvss = 9.8f, RiskScore = 3f };

        WireImage stamped = SuppressionStamp.Apply(image, new SuppressionSet([Snooze], []), Now);
        WireImage filtered = SnoozeFilter.Apply(stamped);

        Assert.Equal((2, 2, 9.8f, 3f), (stamped.Cves, stamped.FixableCves, stamped.TopCvss, stamped.RiskScore));
        Assert.Equal((1, 2, 9.8f, 3f), (filtered.Cves, filtered.FixableCves, filtered.TopCvss, filtered.RiskScore));
    }

    private static IEnumerable<(string, bool, DateTimeOffset?, DateTimeOffset?, VulnerabilityState)> StampsOf(WireImage image) =>
        image.Scan!.Components.SelectMany(component => component.Vulns)
            .Select(one => (one.Cve, one.Suppressed, one.SuppressActivation, one.SuppressExpiry, one.State));

    private static WireImage ImageOf(string registry, string remote, string tag, params string[][] components) => new()
    {
        Name = new WireImageName { Registry = registry, Remote = remote, Tag = tag },
        Scan = new WireScan
        {
            Components = [.. components.Select(cves => new WireComponent { Vulns = [.. cves.Select(cve => new WireVulnerability { Cve = cve })] })],
        },
    };
}
