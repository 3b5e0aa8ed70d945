using ImageScan.Core.Api;
using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Api;

public sealed class ImageRanksTests
{
    [Theory]
    [InlineData(4f, 1)]
    [InlineData(2f, 2)]
    [InlineData(1f, 3)]
    [InlineData(9f, 1)]
    [InlineData(0f, 4)]
    public void CountsTheHigherRisks(float riskScore, long expected)
    {
        ImageRanks ranks = ImageRanks.Of(new[] { 2f, 1f, 4f, 2f }.Select(Image));

        Assert.Equal(expected, ranks.RankOf(riskScore));
    }

    [Fact]
    public void PutsAnImageAloneFirst() => Assert.Equal(1, ImageRanks.Of([]).RankOf(0));

    private static ListedImage Image(float riskScore) => new("sha256:0", "x", new ScanSummary(1, 0, 0, null, riskScore), null, DateTimeOffset.UnixEpoch);
}
