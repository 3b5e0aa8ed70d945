using CsCheck;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

/// <summary>Whatever the bytes are: entries, or a documented error, in bounded time and memory.</summary>
public sealed class HostileLayersTests
{
    private static readonly LayerLimits Small = new()
    {
        LayerExpandedBytes = 4 << 20,
        LayerRatioFloorBytes = 1 << 20,
        LayerEntries = 100,
        ExtendedHeaderBytes = 4096,
        SparseMapEntries = 100,
        LinkedBytes = 100_000,
    };

    private static readonly byte[] Archive = new TarBuilder()
        .Folder("./")
        .File("etc/os-release", "ID=debian")
        .Pax(("path", "pax/name"), ("size", "4"), ("SCHILY.xattr.x", "\n\n"))
        .File("x", "text")
        .LongName(new string('n', 300)).LongLink("etc/os-release")
        .HardLink("x", "x")
        .Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "sparse"), ("GNU.sparse.realsize", "700"))
        .File("x", [.. "1\n600\n3\n"u8, .. new byte[504], 1, 2, 3])
        .Pax(("GNU.sparse.size", "25"), ("GNU.sparse.map", "2,5,18,3"))
        .File("y", "abcdefgh")
        .File("old", "12345", 'S', header =>
        {
            TarBuilder.Put(header, 386, "00000000002\000000000005\0");
            TarBuilder.Put(header, 483, "00000000100\0");
        })
        .File("a/.wh.b", "").File("a/.wh..wh..opq", "")
        .HardLink("wanted", "sparse")
        .End().ToArray();

    private static readonly byte[][] Magics =
        [[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], [0x28, 0xb5, 0x2f, 0xfd], [0x50, 0x2a, 0x4d, 0x18]];

    [Fact]
    public void SurvivesRandomBytes() => Gen.Byte.Array[0, 3000].Sample(AssertBounded, iter: 2000);

    [Fact]
    public void SurvivesRandomBytesBehindAMagic() =>
        Gen.Select(Gen.OneOf(Magics.Select(Gen.Const).ToArray<IGen<byte[]>>()), Gen.Byte.Array[0, 3000])
            .Sample((magic, rest) => AssertBounded([.. magic, .. rest]), iter: 2000);

    [Fact]
    public void SurvivesMutatedArchives() => Mutations(Archive, fixSums: true).Sample(AssertBounded, iter: 5000);

    [Fact]
    public void SurvivesMutatedGzip() =>
        Mutations(Walked.Gzip(Archive), fixSums: false).Sample(AssertBounded, iter: 2000);

    [Fact]
    public void SurvivesMutatedZstd() =>
        Mutations(CompressionTests.Zstd(Archive), fixSums: false).Sample(AssertBounded, iter: 2000);

    // A few bytes changed, a piece cut out, a piece repeated; then, so that it gets past them, header sums mended.
    private static Gen<byte[]> Mutations(byte[] original, bool fixSums) =>
        from changes in Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte).Array[0, 8]
        from cut in Gen.Int[0, original.Length]
        from length in Gen.OneOf(Gen.Const(0), Gen.Int[0, 600], Gen.Const(512))
        select Mutate(original, changes, cut, length, fixSums);

    private static byte[] Mutate(byte[] original, (int At, byte Value)[] changes, int cut, int length, bool fixSums)
    {
        byte[] bytes = [.. original];
        foreach ((int at, byte value) in changes)
        {
            bytes[at] = value;
        }

        bytes = (cut & 1) == 0
            ? [.. bytes.AsSpan(0, cut), .. bytes.AsSpan(Math.Min(bytes.Length, cut + length))]
            : [.. bytes.AsSpan(0, cut), .. bytes.AsSpan(Math.Max(0, cut - length))];
        for (int start = 0; fixSums && start + 512 <= bytes.Length; start += 512)
        {
            byte[] block = bytes[start..(start + 512)];
            if (block.AsSpan(257, 5).SequenceEqual("ustar"u8))
            {
                TarBuilder.Sum(block);
                block.CopyTo(bytes, start);
            }
        }

        return bytes;
    }

    private static void AssertBounded(byte[] blob)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var links = new HardLinkBodies(Small);
        var stream = new MemoryStream(blob);
        try
        {
            using (var walker = new LayerWalker(stream, "", Small))
            {
                Walk(walker, links);
            }

            Assert.Equal(blob.Length, stream.Position);
            using var again = new LayerWalker(new MemoryStream(blob), "", Small);
            Assert.All(links.Read(again), body => Assert.Equal(body.Entry.Size, body.Content.Length));
        }
        catch (LayerException error)
        {
            Assert.NotEmpty(error.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private static void Walk(LayerWalker walker, HardLinkBodies links)
    {
        var buffer = new byte[1000];
        while (walker.MoveNext())
        {
            LayerEntry entry = walker.Current;
            Assert.DoesNotContain(entry.Path.Split('/'), segment => segment is "." or "..");
            Assert.True(entry.Path.Length > 0 || entry.Kind == LayerEntryKind.OpaqueFolder);
            Assert.True(entry.Size >= 0);
            if (entry.Kind == LayerEntryKind.HardLink)
            {
                links.Want(entry, walker.Position);
            }

            // Some are read, some skipped; a sparse one may claim any size.
            for (int reads = walker.Position % 5; reads > 0 && walker.Content.Read(buffer) > 0; reads--)
            {
            }
        }
    }
}
