using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Scans;

public sealed class ScannerVersionTests
{
    private static readonly Scan Made = MadeScan.Of();

    [Theory]
    [InlineData(10, "2024-11-17 (10 days old)")]
    [InlineData(1, "2024-11-26 (1 day old)")]
    public void SaysHowOldTheStarterSetIs(int days, string age) =>
        Assert.EndsWith($", starter set of advisories up to {age}, snapshot 0123456789ab", Text(Advisories(days, isStarterSet: true), newestForDistribution: null));

    [Fact]
    public void SaysHowOldTheAdvisoriesOfTheReleaseAre() =>
        Assert.EndsWith(
            ", advisories up to 2024-11-17 (10 days old), for debian:12 up to 2024-10-28 (30 days old), snapshot 0123456789ab",
            Text(Advisories(10, isStarterSet: false), MadeScan.ScannedAt.AddDays(-30)));

    [Fact]
    public void SaysThatThereWereNone() => Assert.EndsWith(", no advisories", Text(advisories: null, newestForDistribution: null));

    [Fact]
    public void CountsFromTheBuildWhereARecordBearsADateThatIsToCome() =>
        Assert.EndsWith(
            ", advisories up to 2024-11-17 (10 days old), snapshot 0123456789ab",
            Text(Advisories(10, isStarterSet: false) with { BuiltAt = MadeScan.ScannedAt.AddDays(-10), NewestRecord = MadeScan.ScannedAt.AddYears(1) }, null));

    [Fact]
    public void SaysThatRecordsHaveNoDates() =>
        Assert.EndsWith(
            ", advisories undated, built 2024-11-27, snapshot 0123456789ab", Text(Advisories(10, isStarterSet: false) with { NewestRecord = null }, null));

    private static AdvisoryOrigin Advisories(int daysOld, bool isStarterSet) =>
        new("0123456789abcdef", MadeScan.ScannedAt, MadeScan.ScannedAt.AddDays(-daysOld), isStarterSet);

    private static string Text(AdvisoryOrigin? advisories, DateTimeOffset? newestForDistribution) =>
        ScannerVersion.Of(Made with { Match = Made.Match with { Advisories = advisories, NewestForDistribution = newestForDistribution } });
}
