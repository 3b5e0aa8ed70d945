using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Results;

public sealed class RiskRanksTests
{
    [Theory]
    [InlineData(4f, 1)]
    [InlineData(2f, 2)]
    [InlineData(1f, 3)]
    [InlineData(9f, 1)]
    [InlineData(0f, 4)]
    public void CountsTheHigherRisks(float risk, long expected) => Assert.Equal(expected, RiskRanks.Of([2f, 1f, 4f, 2f]).RankOf(risk));

    [Fact]
    public void PutsARiskAloneFirst() => Assert.Equal(1, RiskRanks.Of([]).RankOf(0));
}
