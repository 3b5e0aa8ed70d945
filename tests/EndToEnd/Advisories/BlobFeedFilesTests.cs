using System.Text;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Advisories;

public sealed class BlobFeedFilesTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly BlobFeedFiles _files;

    public BlobFeedFilesTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _files = new BlobFeedFiles(_account);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task KeepWhatWasWrittenLast()
    {
        Assert.Null(await ReadAsync("osv.state"));

        await WriteAsync("osv.state", "first");
        await WriteAsync("osv.state", "second");
        await WriteAsync("kev.state", "other");

        Assert.Equal("second", await ReadAsync("osv.state"));
        Assert.Equal(["kev.state", "osv.state"], (await _files.ListAsync(Token)).Order());
    }

    [Fact]
    public async Task KeepTheOldOneWhenAWriteFails()
    {
        await WriteAsync("osv.state", "old");

        await Assert.ThrowsAsync<InvalidDataException>(() => _files.WriteAsync(
            "osv.state",
            async stream =>
            {
                await stream.WriteAsync("half"u8.ToArray(), Token);
                throw new InvalidDataException();
            },
            Token));

        Assert.Equal("old", await ReadAsync("osv.state"));
    }

    [Fact]
    public async Task LetAReaderFinishTheOldOne()
    {
        await WriteAsync("osv.pack", "old");
        await using Stream old = (await _files.OpenAsync("osv.pack", Token))!;

        await WriteAsync("osv.pack", "new");
        string read = await new StreamReader(old).ReadToEndAsync(Token);

        Assert.Equal("old", read);
    }

    [Fact]
    public async Task AreGoneWhenDeleted()
    {
        await _files.DeleteAsync("osv.pack", Token);
        await WriteAsync("osv.pack", "x");

        await _files.DeleteAsync("osv.pack", Token);

        Assert.Empty(await _files.ListAsync(Token));
    }

    // More than one block.
    [Fact]
    public async Task TakeLargeOnes()
    {
        byte[] large = new byte[(9 << 20) + 1];
        new Random(1).NextBytes(large);

        await _files.WriteAsync("redhat.pack", async stream => await stream.WriteAsync(large, Token), Token);
        await using Stream stream = (await _files.OpenAsync("redhat.pack", Token))!;
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Token);

        Assert.True(large.AsSpan().SequenceEqual(read.ToArray()));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("a/b")]
    public async Task HaveNamesOfOneForm(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(name, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.OpenAsync(name, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.DeleteAsync(name, Token));
    }

    [Fact]
    public async Task SayAsAnIoFailureThatStorageIsGone()
    {
        using var account = new StorageAccount(new StorageSettings
        {
            ConnectionString = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0c2VjcmV0;TableEndpoint=http://127.0.0.1:9/a;"
                + "QueueEndpoint=http://127.0.0.1:9/a;BlobEndpoint=http://127.0.0.1:9/a",
        });
        var files = new BlobFeedFiles(account);

        await Assert.ThrowsAsync<IOException>(() => files.OpenAsync("osv.pack", Token));
        await Assert.ThrowsAsync<IOException>(() => files.ListAsync(Token));
    }

    private Task WriteAsync(string name, string text) =>
        _files.WriteAsync(name, async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Token), Token);

    private async Task<string?> ReadAsync(string name)
    {
        await using Stream? stream = await _files.OpenAsync(name, Token);
        return stream is null ? null : await new StreamReader(stream).ReadToEndAsync(Token);
    }
}
