using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images;

public sealed class HostileTextTests
{
    [Theory]
    [InlineData("plain é漢😀", "plain é漢😀")]
    [InlineData("a\r\nb\u001b[31mc\u0085d", "a??b?[31mc?d")]
    [InlineData("\u2028\u2029\u202E\u200B", "????")]
    public void ReplacesWhatNoLineMayHold(string text, string expected) => Assert.Equal(expected, HostileText.Plain(text));

    [Theory]
    [InlineData("a\"b\\c\n", "\"a\\\"b\\\\c\\n\"")]
    [InlineData("\u001b\u202e😀", "\"\\u001b\\u202e😀\"")]
    public void QuotesAsGoDoes(string text, string expected) => Assert.Equal(expected, HostileText.Quote(text));

    [Fact]
    public void CutsLongText() => Assert.Equal(new string('a', 10) + "…", HostileText.Plain(new string('a', 1_000), maxCharacters: 10));

    [Fact]
    public void NeverLetsAControlOrFormatCharacterThrough() => Gen.String.Sample(text =>
        !HostileText.Plain(text).EnumerateRunes().Any(IsHostile) && HostileText.Plain(text).Length <= 202 && !HostileText.Quote(text).EnumerateRunes().Any(IsHostile));

    [Fact]
    public void LeavesTheMeaningOfJson() => Gen.String.Sample(text =>
    {
        string wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

        string safe = HostileText.InJson(JsonSerializer.SerializeToUtf8Bytes(wellFormed));

        return JsonSerializer.Deserialize<string>(safe) == wellFormed && !safe.EnumerateRunes().Any(IsHostile);
    });

    private static bool IsHostile(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;
}
