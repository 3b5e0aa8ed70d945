using ImageScan.Local.Output;

namespace ImageScan.EndToEnd.Commands;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("a\tb\r\nc\n", "a\tb\nc\n")]
    [InlineData("\u001b[2J\u009b1m\u202eabc\u2028", "?[2J?1m?abc?")]
    [InlineData("over\rwritten", "over?written")]
    [InlineData("", "")]
    public void KeepsLinesAndNothingThatATerminalObeys(string text, string expected) => Assert.Equal(expected, Terminal.Harmless(text));
}
