using ImageScan.Core.Scans.Suppression;

namespace ImageScan.Core.Tests.Scans.Suppression;

public sealed class SnoozesTests
{
    private static readonly DateTimeOffset Activation = new(2026, 11, 26, 12, 0, 0, 900, TimeSpan.Zero);

    // https://github.com/stackrox/stackrox/blob/4.5.0/central/cve/image/datastore/datastore_impl.go, getSuppressExpiry.
    [Theory]
    [InlineData(2_000, 2)]
    [InlineData(2_999, 2)]
    [InlineData(-1_999, -1)]
    public void EndAWholeNumberOfSecondsAfterTheSecondInWhichTheyBegan(int milliseconds, int seconds) =>
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero).AddSeconds(seconds), Snoozes.ExpiryOf(Activation, TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void EndWhenTimeDoesWhereTheyAreLonger()
    {
        Assert.Equal(DateTimeOffset.MaxValue, Snoozes.ExpiryOf(Activation, TimeSpan.FromDays(4_000_000)));
        Assert.Equal(DateTimeOffset.MinValue, Snoozes.ExpiryOf(Activation, TimeSpan.FromDays(-4_000_000)));
    }
}
