using ImageScan.Core.Notifications;

namespace ImageScan.Core.Tests.Notifications;

public sealed class BackOffTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(11, 10_240)]
    [InlineData(12, 14_400)]
    [InlineData(int.MaxValue, 14_400)]
    public void DoublesFromTenSecondsToFourHours(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.After(attempts, retryAfter: null, chance: 0.5));

    [Fact]
    public void SpreadsByAFifth() =>
        Assert.Equal((TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12)), (BackOff.After(1, null, 0), BackOff.After(1, null, 1)));

    [Fact]
    public void WaitsLongerIfItIsAskedToButNeverShorterNorForEver() => Assert.Equal(
        [TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), BackOff.Longest],
        new[] { TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(-5), TimeSpan.MaxValue }.Select(asked => BackOff.After(1, asked, 0.5)));

    [Fact]
    public void LastsAlmostADay()
    {
        double hours = Enumerable.Range(1, BackOff.MaxAttempts - 1).Sum(attempt => BackOff.After(attempt, null, 0.5).TotalHours);

        Assert.InRange(hours, 18, 24);
    }
}
