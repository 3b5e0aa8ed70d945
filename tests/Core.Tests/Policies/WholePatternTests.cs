using System.Diagnostics;
using ImageScan.Core.Policies;

namespace ImageScan.Core.Tests.Policies;

public sealed class WholePatternTests
{
    [Theory]
    [InlineData("latest", "latest", true)]
    [InlineData("latest", "LATEST", true)]
    [InlineData("latest", "latest-1", false)]
    [InlineData("a|b", "ab", false)]
    [InlineData("a|b", "b", true)]
    [InlineData("a", "a\n", false)]
    [InlineData("^a$", "a", true)]
    [InlineData("(?i:a)b", "Ab", true)]
    [InlineData("[[]x", "[x", true)]
    public void FitsWholeTextsWhateverTheirCase(string pattern, string text, bool fits) => Assert.Equal(fits, WholePattern.Of(pattern).Fits(text));

    [Theory]
    [InlineData("(")]
    [InlineData("a)|(b")]
    [InlineData("(?=a)")]
    [InlineData("(a)\\1")]
    [InlineData("[[:space:]]")]
    [InlineData("\\Qa.b\\E")]
    [InlineData("(?P<name>a)")]
    [InlineData("\\pN")]
    public void RefusesWhatIsNoPatternOrMeansSomethingElseToDotNet(string pattern) => Assert.Throws<FormatException>(() => WholePattern.Of(pattern));

    [Fact]
    public void RefusesWhatIsTooLong() => Assert.Throws<FormatException>(() => WholePattern.Of(new string('a', 1_001)));

    [Fact]
    public void TakesTimeThatGrowsWithTheTextAlone()
    {
        var watch = Stopwatch.StartNew();

        Assert.False(WholePattern.Of("(a+)+b").Fits(new string('a', 50_000)));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }
}
