using CsCheck;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Archives;

namespace ImageScan.Core.Tests.Images.Archives;

public sealed class TarFilesTests : IDisposable
{
    private readonly TestTar _tar = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tar.Dispose();

    [Fact]
    public async Task FindsFilesHoweverTheirPathsAreWritten()
    {
        _tar.File("a", "1").File("./b/c", "2").File("/d//e", "3").File("x/../f", "4").File("../out", "5");

        TarFiles files = await ReadAsync();

        Assert.Equal(["1", "2", "3", "4", null], new[] { "a", "b/c", "d/e", "f", "out" }.Select(path => Text(files, path)));
    }

    [Fact]
    public async Task ReadsLongNames()
    {
        string name = new('n', 300);
        _tar.Pax("path", $"pax/{name}").File("short", "1")
            .Entry("././@LongLink", 'L', System.Text.Encoding.UTF8.GetBytes($"gnu/{name}\0"), name.Length + 5).File("short", "2")
            .File("short", "3");

        TarFiles files = await ReadAsync();

        Assert.Equal(["1", "2", "3"], new[] { $"pax/{name}", $"gnu/{name}", "short" }.Select(path => Text(files, path)));
    }

    [Fact]
    public async Task TakesTheLaterOfTwoFilesWithOnePath()
    {
        _tar.File("a", "1").File("a", "2");

        Assert.Equal("2", Text(await ReadAsync(), "a"));
    }

    [Fact]
    public async Task FollowsLinks()
    {
        _tar.File("blob.tar", "1").Link("id/layer.tar", '2', "../blob.tar").Link("other/layer.tar", '2', "../id/layer.tar").Link("hard", '1', "blob.tar");

        TarFiles files = await ReadAsync();

        Assert.Equal(["1", "1", "1"], new[] { "id/layer.tar", "other/layer.tar", "hard" }.Select(path => Text(files, path)));
    }

    [Fact]
    public async Task FindsNothingBehindLinksThatLeadOutOrRound()
    {
        _tar.Link("out", '2', "../../etc/passwd").Link("root", '2', "/etc/passwd").Link("a", '2', "b").Link("b", '2', "a").Link("gone", '2', "nowhere");

        TarFiles files = await ReadAsync();

        Assert.All(new[] { "out", "root", "a", "b", "gone", "../../etc/passwd" }, path => Assert.Null(files.Open(path)));
    }

    [Fact]
    public async Task FollowsNoMoreLinksThanAllowed()
    {
        _tar.File("0", "x").Link("1", '2', "0").Link("2", '2', "1").Link("3", '2', "2");
        var limits = new ImageLimits { ArchiveLinks = 2 };

        TarFiles files = await TarFiles.ReadAsync(_tar.Save(), limits, Token);

        Assert.NotNull(Text(files, "2"));
        Assert.Null(files.Open("3"));
    }

    [Fact]
    public async Task ReadsACompressedTar()
    {
        _tar.File("a", new string('x', 100_000)).File("b", "2");

        TarFiles files = await TarFiles.ReadAsync(_tar.SaveCompressed(), new ImageLimits(), Token);

        Assert.Equal("2", Text(files, "b"));
    }

    [Fact]
    public async Task ReadsATarWithoutItsClosingBlocks()
    {
        byte[] bytes = _tar.File("a", "1").Bytes()[..(512 + 1)];

        Assert.Equal("1", Text(await TarFiles.ReadAsync(_tar.Save(bytes), new ImageLimits(), Token), "a"));
    }

    [Fact]
    public async Task RefusesATarThatEndsWithinAFile()
    {
        byte[] bytes = _tar.File("a", "123").Bytes()[..(512 + 2)];

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => TarFiles.ReadAsync(_tar.Save(bytes), new ImageLimits(), Token));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
    }

    [Fact]
    public async Task RefusesAHeaderWithAWrongChecksum()
    {
        byte[] bytes = _tar.File("a", "1").Bytes();
        bytes[0] = (byte)'b';

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => TarFiles.ReadAsync(_tar.Save(bytes), new ImageLimits(), Token));

        Assert.Contains("at byte 0 stands no tar header", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcceptsAChecksumOfSignedBytes()
    {
        byte[] bytes = _tar.File("grün", "1").Bytes();
        bytes.AsSpan(148, 8).Fill((byte)' ');
        int sum = bytes.AsSpan(0, 512).ToArray().Sum(b => (sbyte)b);
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes, 148);

        TarFiles files = await TarFiles.ReadAsync(_tar.Save(bytes), new ImageLimits(), Token);

        Assert.Equal("1", Text(files, "grün"));
    }

    [Fact]
    public async Task RefusesAWordForAChecksumAlsoWhereTheSignedSumIsMinusOne()
    {
        byte[] bytes = _tar.File("a", "1").Bytes();
        bytes.AsSpan(0, 512).Clear();
        bytes.AsSpan(0, 3).Fill(0xab);
        bytes[3] = 0xfe;
        "no sum"u8.CopyTo(bytes.AsSpan(148));
        Assert.Equal(-1, (8 * ' ') + bytes.Take(4).Sum(b => (sbyte)b));

        await Assert.ThrowsAsync<RegistryException>(() => TarFiles.ReadAsync(_tar.Save(bytes), new ImageLimits(), Token));
    }

    [Fact]
    public async Task RefusesMoreEntriesThanAllowed()
    {
        _tar.File("a", "1").File("b", "2").File("c", "3");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => TarFiles.ReadAsync(_tar.Save(), new ImageLimits { ArchiveEntries = 2 }, Token));

        Assert.Contains("(ArchiveEntries)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesANameRecordAboveTheLimit()
    {
        _tar.Pax("path", new string('n', 2_000)).File("a", "1");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => TarFiles.ReadAsync(_tar.Save(), new ImageLimits { ArchiveRecordBytes = 1_000 }, Token));

        Assert.Contains("(ArchiveRecordBytes)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesMoreBytesThanAllowed()
    {
        _tar.File("a", new string('x', 5_000)).File("b", new string('x', 5_000));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => TarFiles.ReadAsync(_tar.SaveCompressed(), new ImageLimits { ArchiveBytes = 8_000 }, Token));

        Assert.Contains("claims 5000 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysThatAFileCannotBeRead()
    {
        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => TarFiles.ReadAsync(Path.Combine(_tar.Folder, "none.tar"), new ImageLimits(), Token));

        Assert.Contains("cannot be read", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThrowsOnlyRegistryExceptionsWhateverTheBytes()
    {
        byte[] whole = _tar.Pax("path", "long").File("a", "1").Link("b", '2', "a").Link("c", '1', "b").Bytes();
        string path = _tar.Save(whole);
        await Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte.Array[0, 12]).SampleAsync(async (at, bytes) =>
        {
            byte[] mutated = [.. whole[..at], .. bytes, .. whole[Math.Min(whole.Length, at + bytes.Length)..]];
            string file = $"{path}.{Guid.NewGuid():N}";
            await File.WriteAllBytesAsync(file, mutated, Token);
            try
            {
                TarFiles files = await TarFiles.ReadAsync(file, new ImageLimits(), Token);
                files.Open("a")?.Content.Dispose();
                files.Open("c")?.Content.Dispose();
            }
            catch (RegistryException)
            {
                // The documented answer.
            }
        }, iter: 300);
    }

    private Task<TarFiles> ReadAsync() => TarFiles.ReadAsync(_tar.Save(), new ImageLimits(), Token);

    private static string? Text(TarFiles files, string path)
    {
        if (files.Open(path) is not { } file)
        {
            return null;
        }

        using var reader = new StreamReader(file.Content);
        return reader.ReadToEnd();
    }
}
