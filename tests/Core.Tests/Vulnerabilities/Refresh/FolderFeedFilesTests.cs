using System.Text;
using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

public sealed class FolderFeedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderFeedFiles _files;

    public FolderFeedFilesTests() => _files = new FolderFeedFiles(_folder.File("cache"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

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
        Assert.Single(Directory.GetFiles(_folder.File("cache")));
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

    [Fact]
    public void AreForOneRunAtATime()
    {
        using (_files.Lock())
        {
            Assert.Contains("in use", Assert.Throws<IOException>(() => _files.Lock()).Message, StringComparison.Ordinal);
        }

        _files.Lock().Dispose();
    }

    [Fact]
    public async Task LoseWhatAKilledRunLeft()
    {
        Directory.CreateDirectory(_folder.File("cache"));
        await File.WriteAllTextAsync(_folder.File("cache", ".unfinished-x"), "half", Token);

        Assert.Empty(await _files.ListAsync(Token));
        _files.Lock().Dispose();

        Assert.False(File.Exists(_folder.File("cache", ".unfinished-x")));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData(".lock")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    public async Task HaveNamesOfOneForm(string name) => await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(name, "x"));

    private Task WriteAsync(string name, string text) =>
        _files.WriteAsync(name, async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Token), Token);

    private async Task<string?> ReadAsync(string name)
    {
        await using Stream? stream = await _files.OpenAsync(name, Token);
        return stream is null ? null : await new StreamReader(stream).ReadToEndAsync(Token);
    }
}
