using System.Security.Cryptography;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

public sealed class LayerBundleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((3 << 20) + 5)]
    public void PagesGiveBackWhatTheyWereGiven(int length)
    {
        byte[] noise = CompressionTests.Noise(length);
        using var bytes = new PagedBytes(maxBytes: 8 << 20);

        for (int at = 0; at < length; at += 70_000)
        {
            bytes.Append(noise.AsSpan(at, Math.Min(70_000, length - at)));
        }

        var copy = new byte[length];
        int read = 0;
        for (int more; (more = bytes.CopyTo(read, copy.AsSpan(read))) > 0; read += more)
        {
        }

        Assert.Equal(length, bytes.Length);
        Assert.Equal(noise, copy);
        Assert.Equal(SHA256.HashData(noise), bytes.Sha256());
        Assert.Null(bytes.Refusal);
    }

    [Fact]
    public void PagesTakeNoMoreThanTheirBound()
    {
        using var bytes = new PagedBytes(maxBytes: (1 << 20) + 10);

        bytes.Append(new byte[(1 << 20) + 10]);
        Assert.Null(bytes.Refusal);
        bytes.Append(new byte[1]);

        Assert.Equal("It has more than 1048586 bytes.", bytes.Refusal);
        Assert.Equal((1 << 20) + 10, bytes.Length);
    }

    [Fact]
    public async Task IsTheSameAfterItWasStored()
    {
        using LayerBundle bundle = Written(writer => writer.Add(new LayerEntry("a", LayerEntryKind.File, 7)));
        var stored = new MemoryStream();
        await bundle.Open().CopyToAsync(stored, Token);
        stored.Position = 0;

        using LayerBundle? taken = await LayerBundle.TakeAsync(stored, (int)stored.Length, Token);

        Assert.Equal(bundle.ContentDigest(), taken!.ContentDigest());
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(stored.ToArray()))}", $"{taken.ContentDigest()}");
        Assert.Equal(["a"], Walk(taken));
    }

    [Fact]
    public async Task IsNotTakenIfItIsLongerThanAllowed()
    {
        Assert.Null(await LayerBundle.TakeAsync(new MemoryStream(new byte[1001]), 1000, Token));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x5b, 0x2a, 0x4d, 0x18, 8, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x5b, 0x2a, 0x4d, 0x18, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x5b, 0x2a, 0x4d, 0x18, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 })]
    [InlineData(new byte[] { 0x5b, 0x2a, 0x4d, 0x18, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task RefusesWhatDoesNotBeginAsABundle(byte[] bytes)
    {
        await Assert.ThrowsAsync<MalformedLayerException>(() => LayerBundle.TakeAsync(new MemoryStream(bytes), 1000, Token));
    }

    [Fact]
    public void ThrowsForABodyThatIsNotInIt()
    {
        using LayerBundle bundle = Written(writer =>
        {
            writer.AddFile(new LayerEntry("part", LayerEntryKind.File, 1000), "start"u8);
            writer.AddFindings(new LayerEntry("found", LayerEntryKind.File, 1000), "x:1", "findings"u8);
        });
        using LayerWalker walker = LayerWalker.OverBundle(bundle.OpenEntries(), new LayerLimits());
        var start = new byte[5];

        Assert.True(walker.MoveNext());
        walker.Content.ReadExactly(start);
        Assert.Equal("start"u8.ToArray(), start);
        Assert.Equal(1000, walker.Current.Size);
        Assert.Contains("'part'", Assert.Throws<OmittedBodyException>(() => walker.Content.ReadByte()).Message, StringComparison.Ordinal);

        Assert.True(walker.MoveNext());
        Assert.Throws<OmittedBodyException>(() => walker.Content.ReadByte());
        Assert.Equal("findings"u8.ToArray(), ((EntryContent)walker.Content).ReadFindings(100));
        Assert.False(walker.MoveNext());
    }

    [Fact]
    public void KeepsNamesSizesAndModesOfAnyLength()
    {
        LayerEntry[] entries =
        [
            new(new string('n', 100), LayerEntryKind.File, 0, null, IsExecutable: true),
            new(new string('n', 101), LayerEntryKind.File, long.MaxValue),
            new($"{new string('\u00e4', 60)}/\n=", LayerEntryKind.SymbolicLink, 0, new string('t', 4000)),
            new("h", LayerEntryKind.HardLink, 0, new string('t', 100), IsExecutable: true),
            new("w/x", LayerEntryKind.Whiteout),
            new("", LayerEntryKind.OpaqueFolder),
            new("w", LayerEntryKind.OpaqueFolder),
            new("f", LayerEntryKind.Folder, IsExecutable: true),
            new("o", LayerEntryKind.Other),
        ];

        using LayerBundle bundle = Written(writer => Array.ForEach(entries, writer.Add));
        using LayerWalker walker = LayerWalker.OverBundle(bundle.OpenEntries(), new LayerLimits());

        Assert.All(entries, entry =>
        {
            Assert.True(walker.MoveNext());
            Assert.Equal(entry, walker.Current);
        });
        Assert.False(walker.MoveNext());
    }

    private static LayerBundle Written(Action<BundleWriter> write)
    {
        using var writer = new BundleWriter(1 << 20, "x:1");
        write(writer);
        return writer.Complete()!;
    }

    private static List<string> Walk(LayerBundle bundle)
    {
        using LayerWalker walker = LayerWalker.OverBundle(bundle.OpenEntries(), new LayerLimits());
        var paths = new List<string>();
        while (walker.MoveNext())
        {
            paths.Add(walker.Current.Path);
        }

        return paths;
    }
}
