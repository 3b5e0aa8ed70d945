using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

public sealed class FeedSummaryTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  Some text.\n", "Some text.")]
    public void KeepsWhatIsShort(string? text, string summary) => Assert.Equal(summary, FeedSummary.Cut(text));

    [Fact]
    public void CutsAtTheEndOfAWord()
    {
        string word = new('x', 99);

        Assert.Equal($"{word} {word} …", FeedSummary.Cut($"{word} {word} {word}y {word}"));
    }

    [Fact]
    public void NeverCutsACharacterInTwo()
    {
        string summary = FeedSummary.Cut(new string('x', 299) + "😀😀");

        Assert.Equal(new string('x', 299) + " …", summary);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("\n  A title\n\tover two lines ", "A title over two lines")]
    public void PutsATextOnOneLine(string? text, string summary) => Assert.Equal(summary, FeedSummary.OnOneLine(text));
}
