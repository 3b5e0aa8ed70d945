using CsCheck;

namespace ImageScan.Core.Tests;

public sealed class SamplingTests
{
    [Fact]
    public void TriesTheSameInputEveryTime()
    {
        List<int> first = [];
        List<int> second = [];

        Gen.Int.Sample(first.Add);
        Gen.Int.Sample(second.Add);

        Assert.Equal(first, second);
        Assert.True(first.Distinct().Count() > 90);
    }

    [Fact]
    public void NamesTheInputThatBreaksAProperty()
    {
        CsCheckException broken = Assert.Throws<CsCheckException>(() => Gen.Int[0, 9].Sample(number => number != 7));

        Assert.Matches("^Does not hold for 7 \\(CsCheck_Seed=[0-9a-zA-Z_-]{12}\\)", broken.Message);
    }
}
