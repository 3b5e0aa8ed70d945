using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Layers;
using ZstdSharp;

namespace ImageScan.Core.Tests.Layers;

public sealed class CompressionTests
{
    private static readonly byte[] Tar = new TarBuilder().File("a", "text").File("b", Noise(100_000)).End().ToArray();

    [Fact]
    public void ReadsPlainGzipAndZstdWhateverTheMediaTypeSays()
    {
        Assert.All([Tar, Walked.Gzip(Tar), Zstd(Tar)], blob => Assert.Equal(["a", "b"], Walked.Of(blob).Paths));
    }

    [Fact]
    public void ReadsGzipMembersInARowWhereverTheyMeet()
    {
        // GZipStream reads 8 KiB at a time: try the seam around such an edge.
        for (int seam = 8140; seam < 8200; seam++)
        {
            byte[] blob = [.. Walked.Gzip(Tar[..seam]), .. Walked.Gzip([]), .. Walked.Gzip(Tar[seam..])];

            Assert.Equal(["a", "b"], Walked.Of(blob).Paths);
        }
    }

    [Fact]
    public void ReadsZstdFramesInARowAndSkippableOnes()
    {
        byte[] skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] blob = [.. skippable, .. Zstd(Tar[..7000]), .. skippable, .. Zstd(Tar[7000..]), .. skippable];

        Assert.Equal(["a", "b"], Walked.Of(blob).Paths);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(100_000)]
    public void PassesOverWhatFollowsTheLastGzipMember(int count)
    {
        // No end blocks in the archive, so that the walk goes to the end of the member.
        byte[] blob = [.. Walked.Gzip(Tar[..^1024]), .. new byte[count]];

        Assert.Equal(["a", "b"], Walked.Of(blob).Paths);
    }

    [Fact]
    public void TellsACutGzipStreamFromOneThatEnds()
    {
        // Without end blocks a cut between two entries would look like the end of the archive.
        byte[] blob = Walked.Gzip(Tar[..^1024]);
        for (int length = 3; length < blob.Length; length += length > blob.Length - 20 ? 1 : 997)
        {
            byte[] cut = blob[..length];

            var error = Assert.Throws<MalformedLayerException>(() => Walked.Of(cut));

            Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TellsACutZstdStreamFromOneThatEnds()
    {
        byte[] blob = Zstd(Tar[..^1024]);
        for (int length = 4; length < blob.Length; length += length > blob.Length - 20 ? 1 : 997)
        {
            byte[] cut = blob[..length];

            var error = Assert.Throws<MalformedLayerException>(() => Walked.Of(cut));

            Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RefusesDamagedStreams()
    {
        byte[] gzip = Walked.Gzip(Tar);
        byte[] zstd = Zstd(Tar);
        gzip.AsSpan(5000, 200).Clear();
        // The header of the first block; without a checksum damaged content cannot be told.
        zstd.AsSpan(9, 3).Fill(0xff);

        byte[] trailed = [.. Zstd(Tar[..^1024]), 1, 2, 3, 4, 5];

        Assert.All([gzip, zstd, trailed], blob => Assert.Throws<MalformedLayerException>(() => Walked.Of(blob)));
    }

    [Theory]
    [InlineData("BZh91AY&SY", 600)]
    [InlineData("hello", 5)]
    public void NamesTheMediaTypeOfWhatIsNoArchive(string text, int length)
    {
        byte[] blob = Encoding.ASCII.GetBytes(text.PadRight(length));
        using var walker = new LayerWalker(new MemoryStream(blob), "application/x-odd", new LayerLimits());

        var error = Assert.Throws<MalformedLayerException>(() => walker.MoveNext());

        Assert.Contains("'application/x-odd'", error.Message, StringComparison.Ordinal);
        Assert.Contains("zstd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatAPackedFileIsNoArchive()
    {
        byte[] blob = Walked.Gzip(Noise(2000));

        var error = Assert.Throws<MalformedLayerException>(() => Walked.Of(blob));

        Assert.Contains("does not hold a tar archive", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PassesOnWhatTheBlobThrows()
    {
        var failure = new IOException("The connection broke.");

        foreach (byte[] blob in new[] { Tar, Walked.Gzip(Tar), Zstd(Tar) })
        {
            var broken = new BreakingStream(blob[..(blob.Length / 2)], failure);

            Assert.Same(failure, Assert.Throws<IOException>(() => Walked.Of(broken)));
        }
    }

    [Fact]
    public void LeavesTheBlobOpen()
    {
        foreach (byte[] blob in new[] { Tar, Walked.Gzip(Tar), Zstd(Tar) })
        {
            var stream = new MemoryStream(blob);

            Walked.Of(stream);

            Assert.True(stream.CanRead);
        }
    }

    internal static byte[] Zstd(byte[] bytes, int level = 3)
    {
        using var compressor = new Compressor(level);
        return compressor.Wrap(bytes).ToArray();
    }

    internal static byte[] Unzstd(Stream packed)
    {
        var plain = new MemoryStream();
        using var decompressor = new DecompressionStream(packed);
        decompressor.CopyTo(plain);
        return plain.ToArray();
    }

    internal static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>Gives some bytes, then fails.</summary>
internal sealed class BreakingStream(byte[] bytes, Exception failure) : ForwardStream
{
    private int _position;

    public override int Read(Span<byte> buffer)
    {
        if (_position == bytes.Length)
        {
            throw failure;
        }

        int read = Math.Min(Math.Min(buffer.Length, 1000), bytes.Length - _position);
        bytes.AsSpan(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }
}
