using System.Globalization;
using System.IO.Compression;
using ImageScan.Core.Layers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ImageScan.Core.Tests.Layers;

public sealed class LayerLimitsTests
{
    [Fact]
    public void BoundsTheCompressedBytesAlsoBehindTheArchive()
    {
        byte[] blob = [.. new TarBuilder().File("a", "").End().ToArray(), .. new byte[400_000]];

        AssertRefused(blob, new LayerLimits { LayerCompressedBytes = 300_000 }, nameof(LayerLimits.LayerCompressedBytes), 300_000);
        Walked.Of(blob, new LayerLimits { LayerCompressedBytes = blob.Length });
    }

    [Fact]
    public void BoundsTheExpandedBytes()
    {
        byte[] tar = new TarBuilder().File("a", new byte[3 << 20]).ToArray();

        Assert.All([tar, Walked.Gzip(tar), CompressionTests.Zstd(tar)], blob => AssertRefused(
            blob, new LayerLimits { LayerExpandedBytes = 1 << 20 }, nameof(LayerLimits.LayerExpandedBytes), 1 << 20));
        Walked.Of(Walked.Gzip(tar), new LayerLimits { LayerExpandedBytes = tar.Length });
    }

    [Fact]
    public void StopsABombSoonAfterTheFloorOfTheRatio()
    {
        byte[] tar = new TarBuilder().File("a", new byte[64 << 20]).ToArray();
        var limits = new LayerLimits { LayerRatioFloorBytes = 4 << 20 };
        foreach (byte[] blob in new[] { Walked.Gzip(tar, CompressionLevel.SmallestSize), CompressionTests.Zstd(tar) })
        {
            using var walker = new LayerWalker(new MemoryStream(blob), "", limits);
            walker.MoveNext();

            var error = Assert.Throws<LayerLimitException>(() => walker.MoveNext());

            Assert.Equal(nameof(LayerLimits.LayerRatio), error.Limit);
            Assert.InRange(walker.ExpandedBytes, 4 << 20, 33 << 20);
        }
    }

    [Fact]
    public void DoesNotLookAtTheRatioBelowItsFloor()
    {
        byte[] blob = Walked.Gzip(new TarBuilder().File("a", new byte[4 << 20]).ToArray());

        Assert.Single(Walked.Of(blob, new LayerLimits { LayerRatioFloorBytes = 8 << 20, LayerRatio = 2 }).Entries);
    }

    [Fact]
    public void BoundsTheEntriesAlsoThoseThatMeanNothing()
    {
        byte[] tar = new TarBuilder().Folder("./").File(".wh..wh.aufs", "").File("a", "").ToArray();

        AssertRefused(tar, new LayerLimits { LayerEntries = 2 }, nameof(LayerLimits.LayerEntries), 2);
        Walked.Of(tar, new LayerLimits { LayerEntries = 3 });
    }

    [Fact]
    public void BoundsTheLengthOfPathsAndLinks()
    {
        string text = new('x', 4097);
        byte[][] tars =
        [
            new TarBuilder().LongName(text).File("a", "").ToArray(),
            new TarBuilder().Pax(("path", text)).File("a", "").ToArray(),
            new TarBuilder().LongLink(text).SymbolicLink("a", "").ToArray(),
            new TarBuilder().Pax(("linkpath", text)).HardLink("a", "").ToArray(),
        ];

        Assert.All(tars, tar => AssertRefused(tar, new LayerLimits(), nameof(LayerLimits.PathLength), 4096));
        Walked.Of(new TarBuilder().LongName(text[1..]).File("a", "").ToArray());
    }

    [Fact]
    public void BoundsTheDepthOfPaths()
    {
        string path = string.Concat(Enumerable.Repeat("x/", 256)) + "file";

        AssertRefused(new TarBuilder().LongName(path).File("a", "").ToArray(), new LayerLimits(), nameof(LayerLimits.PathDepth), 256);
        Walked.Of(new TarBuilder().LongName(path[2..]).File("a", "").ToArray());
    }

    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    [InlineData('K')]
    public void BoundsExtendedHeadersBeforeReadingThem(char type)
    {
        byte[] claim = new TarBuilder().Header("x", 8_000_000_000, type).ToArray();

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(claim, new LayerLimits(), nameof(LayerLimits.ExtendedHeaderBytes), 65_536);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void BoundsTheWindowOfZstd()
    {
        byte[] tar = new TarBuilder().File("a", CompressionTests.Noise(100_000)).End().ToArray();

        AssertRefused(ZstdWithWindow(tar, 24), new LayerLimits(), nameof(LayerLimits.ZstdWindowBytes), 8 << 20);
        Walked.Of(ZstdWithWindow(tar, 23));
    }

    [Fact]
    public void NamesTheSettingAndItsValue()
    {
        byte[] tar = new TarBuilder().File("a", "").File("b", "").ToArray();

        var error = Assert.Throws<LayerLimitException>(() => Walked.Of(tar, new LayerLimits { LayerEntries = 1 }));

        Assert.Equal("The layer has too many entries; the limit is 1, set by Limits__LayerEntries.", error.Message);
    }

    [Fact]
    public void AdmitsFilesUpToBothLimits()
    {
        var budget = new CandidateBudget(new LayerLimits { CandidateFileBytes = 10, CandidateLayerBytes = 15 });

        Assert.True(budget.TryAdmit(File(10), out _));
        Assert.False(budget.TryAdmit(File(11), out string tooLarge));
        Assert.False(budget.TryAdmit(File(6), out string tooMany));
        Assert.True(budget.TryAdmit(File(5), out _));
        Assert.False(budget.TryAdmit(File(1), out _));
        Assert.Contains("Limits__CandidateFileBytes", tooLarge, StringComparison.Ordinal);
        Assert.Contains("Limits__CandidateLayerBytes", tooMany, StringComparison.Ordinal);
        Assert.False(budget.TryAdmit(File(long.MaxValue), out _));
    }

    private static LayerEntry File(long size) => new("a", LayerEntryKind.File, size);

    private static void AssertRefused(byte[] blob, LayerLimits limits, string limit, long value)
    {
        var error = Assert.Throws<LayerLimitException>(() => Walked.Of(blob, limits));

        Assert.Equal(limit, error.Limit);
        Assert.Equal(value, error.Value);
        Assert.Contains($"Limits__{limit}", error.Message, StringComparison.Ordinal);
        Assert.Contains(value.ToString(CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    // Written as a stream, so that the frame says its window instead of its size.
    private static byte[] ZstdWithWindow(byte[] bytes, int log)
    {
        var packed = new MemoryStream();
        using (var zstd = new CompressionStream(packed, leaveOpen: true))
        {
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, log);
            zstd.Write(bytes);
        }

        return packed.ToArray();
    }
}
