using System.Text;
using CsCheck;
using ImageScan.Core.Detectors.Rpm;

namespace ImageScan.Core.Tests.Detectors.Rpm;

public sealed class RpmHeaderTests
{
    private static readonly RpmTag[] Tags = Enum.GetValues<RpmTag>();

    [Fact]
    public void ReadsTextsAndNumbers()
    {
        byte[] bytes = MadeHeader.Of("a", "1.2", "3").Numbers(RpmTag.Epoch, 7).Texts(RpmTag.DirNames, "/x/", "", "/ü/").ToBytes();

        Assert.True(RpmHeader.TryOpen(bytes, out RpmHeader header));
        Assert.Equal(("a", "1.2", null), (header.Text(RpmTag.Name), header.Text(RpmTag.Version), header.Text(RpmTag.Vendor)));
        Assert.Equal(7ul, header.Numbers(RpmTag.Epoch)[0]);
        Assert.Equal(["/x/", "", "/ü/"], All(header.Texts(RpmTag.DirNames)));
        Assert.Equal(0, header.Numbers(RpmTag.DirIndexes).Count);
        Assert.False(header.IsDamaged);
    }

    [Theory]
    [InlineData(1, new byte[] { 5 }, 5)]
    [InlineData(2, new byte[] { 5 }, 5)]
    [InlineData(3, new byte[] { 1, 0 }, 256)]
    [InlineData(4, new byte[] { 0, 0, 1, 0 }, 256)]
    [InlineData(5, new byte[] { 0, 0, 0, 0, 0, 1, 0, 0 }, 65536)]
    public void ReadsNumbersOfEverySize(uint type, byte[] data, ulong number)
    {
        byte[] bytes = new MadeHeader().Entry((uint)RpmTag.Epoch, type, 1, data).ToBytes();

        Assert.True(RpmHeader.TryOpen(bytes, out RpmHeader header));
        Assert.Equal(number, header.Numbers(RpmTag.Epoch)[0]);
    }

    [Fact]
    public void TakesTheLastOfSeveralEntries()
    {
        byte[] bytes = MadeHeader.Of("a").Text(RpmTag.Vendor, "as packaged").Text(RpmTag.Vendor, "as installed").ToBytes();

        Assert.True(RpmHeader.TryOpen(bytes, out RpmHeader header));
        Assert.Equal("as installed", header.Text(RpmTag.Vendor));
    }

    [Theory]
    [InlineData(6, 1, 100u)]
    [InlineData(6, 1, uint.MaxValue)]
    [InlineData(4, 1, null)]
    [InlineData(7, 1, null)]
    [InlineData(0, 1, null)]
    [InlineData(77, 1, null)]
    public void SaysThatATextIsNoneOrLiesOutside(uint type, uint count, uint? offset)
    {
        byte[] bytes = new MadeHeader().Entry((uint)RpmTag.Name, type, count, "a\0"u8.ToArray(), offset).ToBytes();

        Assert.True(RpmHeader.TryOpen(bytes, out RpmHeader header));
        Assert.Null(header.Text(RpmTag.Name));
        Assert.True(header.IsDamaged);
    }

    [Theory]
    [InlineData(4, 2, null)]
    [InlineData(4, uint.MaxValue, null)]
    [InlineData(5, 0x2000_0000, null)]
    [InlineData(4, 1, uint.MaxValue)]
    [InlineData(6, 1, null)]
    public void SaysThatNumbersAreNoneOrLieOutside(uint type, uint count, uint? offset)
    {
        byte[] bytes = new MadeHeader().Entry((uint)RpmTag.Epoch, type, count, [0, 0, 0, 1], offset).ToBytes();

        Assert.True(RpmHeader.TryOpen(bytes, out RpmHeader header));
        Assert.Equal(0, header.Numbers(RpmTag.Epoch).Count);
        Assert.True(header.IsDamaged);
    }

    [Fact]
    public void DoesNotReadAVeryLongText()
    {
        byte[] bytes = MadeHeader.Of("a").Text(RpmTag.License, new string('x', 5000)).ToBytes();

        Assert.True(RpmHeader.TryOpen(bytes, out RpmHeader header));
        Assert.Null(header.Text(RpmTag.License));
        Assert.False(header.IsDamaged);
    }

    [Fact]
    public void DoesNotReadATextWithoutAnEnd()
    {
        byte[] bytes = new MadeHeader().Entry((uint)RpmTag.Name, 6, 1, "endless"u8.ToArray()).ToBytes();

        Assert.True(RpmHeader.TryOpen(bytes, out RpmHeader header));
        Assert.Null(header.Text(RpmTag.Name));
        Assert.True(header.IsDamaged);
    }

    [Fact]
    public void ReadsWhatIsLeftOfAHeaderThatIsCutOff()
    {
        byte[] bytes = MadeHeader.Of("a", "1.2", "3").Text(RpmTag.Vendor, "some vendor").ToBytes();

        Assert.True(RpmHeader.TryOpen(bytes.AsSpan()[..^3], out RpmHeader header));
        Assert.Equal("3", header.Text(RpmTag.Release));
        Assert.Null(header.Text(RpmTag.Vendor));
        Assert.True(header.IsDamaged);
    }

    [Fact]
    public void TakesNothingElseForAHeader()
    {
        byte[] good = MadeHeader.Of("a").ToBytes();
        byte[][] others = [[], good[..7], good[..20], new byte[100], [0, 1, 0, 0, .. good[4..]], [0xFF, 0xFF, 0xFF, 0xFF, .. good[4..]]];

        Assert.All(others, other => Assert.False(RpmHeader.TryOpen(other, out _)));
    }

    [Fact]
    public void NoBytesMakeItThrow()
    {
        byte[] good = MadeHeader.Of("a").Numbers(RpmTag.Epoch, 1).Files(("/a/", "b"), ("/c/", "d"), ("/a/", "e")).ToBytes();

        Gen.Select(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 8], Gen.Int[0, 40]).Sample(
            (changes, cut) =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                if (!RpmHeader.TryOpen(bytes.AsSpan()[..^cut], out RpmHeader header))
                {
                    return;
                }

                foreach (RpmTag tag in Tags)
                {
                    Assert.True(header.Text(tag) is not { Length: > 4096 });
                    Assert.True(All(header.Texts(tag)).Count + header.Numbers(tag).Count <= bytes.Length);
                }
            },
            iter: 20_000);
    }

    private static List<string> All(RpmTexts texts)
    {
        var all = new List<string>();
        while (texts.TryNext(out ReadOnlySpan<byte> text))
        {
            all.Add(Encoding.UTF8.GetString(text));
        }

        return all;
    }
}
