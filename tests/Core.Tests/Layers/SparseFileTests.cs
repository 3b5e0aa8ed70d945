using System.Text;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

/// <summary>A file of 25 bytes with "abcde" at 2 and "fgh" at 18, in each of GNU's formats.</summary>
public sealed class SparseFileTests
{
    private const string Stored = "abcdefgh";
    private const string Whole = "\0\0abcde\0\0\0\0\0\0\0\0\0\0\0fgh\0\0\0\0";

    [Fact]
    public void ReadsTheOldFormat()
    {
        byte[] tar = new TarBuilder()
            .File("a", Stored, 'S', header => PutOldMap(header, [2, 5, 18, 3], size: 25))
            .File("b", "next").ToArray();

        AssertWhole(tar, "a");
    }

    [Fact]
    public void ReadsTheOldFormatWithMorePiecesThanTheHeaderHolds()
    {
        int[] pieces = [.. Enumerable.Range(0, 30).SelectMany(i => new[] { i * 10, 1 })];
        var more = new byte[TarBuilder.BlockBytes];
        PutNumbers(more, 0, pieces.AsSpan(8, 42));
        more[504] = 1;
        var last = new byte[TarBuilder.BlockBytes];
        PutNumbers(last, 0, pieces.AsSpan(50));

        byte[] tar = new TarBuilder()
            .Header("a", 30, 'S', change: header =>
            {
                PutOldMap(header, pieces[..8], size: 300);
                header[482] = 1;
            })
            .Raw(more).Raw(last).Body(Encoding.ASCII.GetBytes(new string('x', 30)))
            .File("b", "next")
            .ToArray();
        Walked walked = Walked.Of(tar);

        Assert.Equal(string.Concat(Enumerable.Repeat("x\0\0\0\0\0\0\0\0\0", 30)), walked.Contents[0]);
        Assert.Equal("next", walked.Contents[1]);
    }

    [Fact]
    public void ReadsFormat00()
    {
        byte[] tar = new TarBuilder()
            .Pax(
                ("GNU.sparse.size", "25"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.offset", "2"), ("GNU.sparse.numbytes", "5"),
                ("GNU.sparse.offset", "18"), ("GNU.sparse.numbytes", "3"))
            .File("a", Stored).File("b", "next").ToArray();

        AssertWhole(tar, "a");
    }

    [Fact]
    public void ReadsFormat01AndItsName()
    {
        byte[] tar = new TarBuilder()
            .Pax(("GNU.sparse.size", "25"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.name", "real"), ("GNU.sparse.map", "2,5,18,3"))
            .File("GNUSparseFile.1/a", Stored).File("b", "next").ToArray();

        AssertWhole(tar, "real");
    }

    [Fact]
    public void ReadsFormat10WithTheMapInTheBody()
    {
        byte[] map = new byte[TarBuilder.BlockBytes];
        TarBuilder.Put(map, 0, "2\n2\n5\n18\n3\n");
        byte[] tar = new TarBuilder()
            .Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "real"), ("GNU.sparse.realsize", "25"))
            .File("GNUSparseFile.1/a", [.. map, .. Encoding.ASCII.GetBytes(Stored)]).File("b", "next").ToArray();

        AssertWhole(tar, "real");
    }

    [Fact]
    public void ReadsAFileThatIsAllHole()
    {
        byte[] tar = new TarBuilder()
            .Pax(("GNU.sparse.size", "3"), ("GNU.sparse.numblocks", "0"))
            .File("a", "").File("b", "next").ToArray();

        Assert.Equal(["\0\0\0", "next"], Walked.Of(tar).Contents);
    }

    [Fact]
    public void TakesAnUnknownFormatForAnOrdinaryFile()
    {
        byte[] tar = new TarBuilder()
            .Pax(("GNU.sparse.major", "2"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "25"), ("GNU.sparse.name", "wrong"))
            .File("a", "text").ToArray();

        Assert.Equal([new LayerEntry("a", LayerEntryKind.File, 4)], Walked.Of(tar).Entries);
    }

    [Fact]
    public void GivesAHugeClaimAsASizeWithoutReadingIt()
    {
        byte[] tar = new TarBuilder()
            .Pax(("GNU.sparse.size", "9000000000000000000"), ("GNU.sparse.map", "8999999999999999999,1"))
            .File("a", "x").File("b", "next").ToArray();
        using var walker = new LayerWalker(new MemoryStream(tar), "", new LayerLimits());

        Assert.True(walker.MoveNext());
        Assert.Equal(9_000_000_000_000_000_000, walker.Current.Size);
        Assert.Equal(0, walker.Content.ReadByte());
        Assert.True(walker.MoveNext());
        Assert.Equal("b", walker.Current.Path);
    }

    [Theory]
    [InlineData("2,5,6,1")]
    [InlineData("5,1,2,1")]
    [InlineData("2,9")]
    [InlineData("26,0")]
    [InlineData("2,24")]
    [InlineData("2")]
    [InlineData("9223372036854775807,9223372036854775807")]
    public void RefusesAMapThatMakesNoSense(string map)
    {
        byte[] tar = new TarBuilder().Pax(("GNU.sparse.size", "25"), ("GNU.sparse.map", map)).File("a", Stored).ToArray();

        Assert.Throws<MalformedLayerException>(() => Walked.Of(tar));
    }

    [Theory]
    [InlineData("3\n2\n5\n18\n3\n")]
    [InlineData("2\n2\nfive\n18\n3\n")]
    [InlineData("99999999999999999999999\n")]
    [InlineData("-1\n")]
    [InlineData("")]
    public void RefusesABrokenMapInTheBody(string text)
    {
        byte[] map = new byte[TarBuilder.BlockBytes];
        TarBuilder.Put(map, 0, text);
        byte[] tar = new TarBuilder()
            .Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "25"))
            .File("a", [.. map, .. Encoding.ASCII.GetBytes(Stored)]).ToArray();

        Assert.Throws<MalformedLayerException>(() => Walked.Of(tar));
    }

    [Fact]
    public void RefusesMorePiecesThanTheLimitInEveryFormat()
    {
        var limits = new LayerLimits { SparseMapEntries = 1 };
        byte[] map = new byte[TarBuilder.BlockBytes];
        TarBuilder.Put(map, 0, "2\n2\n5\n18\n3\n");
        byte[][] tars =
        [
            new TarBuilder().File("a", Stored, 'S', header => PutOldMap(header, [2, 5, 18, 3], size: 25)).ToArray(),
            new TarBuilder().Pax(("GNU.sparse.size", "25"), ("GNU.sparse.map", "2,5,18,3")).File("a", Stored).ToArray(),
            new TarBuilder().Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "25"))
                .File("a", [.. map, .. Encoding.ASCII.GetBytes(Stored)]).ToArray(),
        ];

        Assert.All(tars, tar =>
        {
            var error = Assert.Throws<LayerLimitException>(() => Walked.Of(tar, limits));
            Assert.Equal(nameof(LayerLimits.SparseMapEntries), error.Limit);
        });
    }

    private static void AssertWhole(byte[] tar, string path)
    {
        Walked walked = Walked.Of(tar);

        Assert.Equal([new LayerEntry(path, LayerEntryKind.File, 25), new LayerEntry("b", LayerEntryKind.File, 4)], walked.Entries);
        Assert.Equal([Whole, "next"], walked.Contents);
    }

    private static void PutOldMap(byte[] header, int[] numbers, int size)
    {
        PutNumbers(header, 386, numbers);
        PutNumbers(header, 483, [size]);
    }

    private static void PutNumbers(byte[] block, int offset, ReadOnlySpan<int> numbers)
    {
        foreach (int number in numbers)
        {
            TarBuilder.Put(block, offset, Convert.ToString(number, 8).PadLeft(11, '0'));
            offset += 12;
        }
    }
}
