using CsCheck;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Storage;

public sealed class TableKeyTests
{
    [Theory]
    [InlineData("sha256:00ff", "sha256:00ff")]
    [InlineData("linux/arm64/v8", "linux~002farm64~002fv8")]
    [InlineData("~", "~007e")]
    [InlineData("a#b?c\\\u0001", "a~0023b~003fc~005c~0001")]
    public void EscapesWhatTablesRefuse(string text, string key) => Assert.Equal(key, TableKey.Of(text));

    [Fact]
    public void IsAKeyForAnyText()
    {
        Gen.Select(Gen.Char, Gen.Int[0, 600]).Select((c, length) => new string(c, length)).Sample(text =>
        {
            string key = TableKey.Of(text);

            Assert.InRange(key.Length, 0, 512);
            Assert.DoesNotContain(key, c => c is '/' or '\\' or '#' or '?' || !char.IsAscii(c) || char.IsControl(c));
        });
    }

    [Fact]
    public void DiffersForTextsThatDiffer()
    {
        Gen<string> text = Gen.Char["a~/2f0"].Array[0, 400].Select(characters => new string(characters));

        Gen.Select(text, text).Sample((left, right) => Assert.Equal(left == right, TableKey.Of(left) == TableKey.Of(right)));
    }
}
