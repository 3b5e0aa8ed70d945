using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Scans;

public sealed class ScannerVersionTests
{
    private static readonly Scan Made = MadeScan.Of();

    [Fact]
    public void SaysHowOldTheStarterSetIs() =>
        Assert.EndsWith(", starter set of advisories up to 2024-11-17 (10 days old), snapshot 0123456789ab", Text(TenDaysOld(isStarterSet: true), newestForDistribution: null));

    [Fact]
    public void SaysHowOldTheAdvisoriesOfTheReleaseAre() =>
        Assert.EndsWith(
            ", advisories up to 2024-11-17 (10 days old), for debian:12 up to 2024-10-28 (30 days old), snapshot 0123456789ab",
            Text(TenDaysOld(isStarterSet: false), MadeScan.ScannedAt.AddDays(-30)));

    [Fact]
    public void SaysThatThereWereNone() => Assert.EndsWith(", no advisories", Text(advisories: null, newestForDistribution: null));

    private static AdvisoryOrigin TenDaysOld(bool isStarterSet) =>
        new("0123456789abcdef", MadeScan.ScannedAt, MadeScan.ScannedAt.AddDays(-10), isStarterSet);

    private static string Text(AdvisoryOrigin? advisories, DateTimeOffset? newestForDistribution) =>
        ScannerVersion.Of(Made with { Match = Made.Match with { Advisories = advisories, NewestForDistribution = newestForDistribution } });
}
