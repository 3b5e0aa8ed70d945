using CsCheck;
using ImageScan.Core.Api;

namespace ImageScan.Core.Tests.Api;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("plain é漢😀", "plain é漢😀")]
    [InlineData("a\r\nb\u001b[31mc\u0085d", "a\uFFFD\uFFFDb\uFFFD[31mc\uFFFDd")]
    [InlineData("\u2028\u2029\u202E\u200B", "\uFFFD\uFFFD\uFFFD\uFFFD")]
    public void ReplacesWhatCouldBreakALine(string text, string expected) => Assert.Equal(expected, OneLine.Of(text));

    [Fact]
    public void CutsLongText() => Assert.Equal(new string('a', 10) + "…", OneLine.Of(new string('a', 1_000), maxCharacters: 10));

    [Fact]
    public void NeverLetsAControlCharacterThrough() =>
        Gen.String.Sample(text => !OneLine.Of(text).Any(c => char.IsControl(c)) && OneLine.Of(text).Length <= 1_002);
}
