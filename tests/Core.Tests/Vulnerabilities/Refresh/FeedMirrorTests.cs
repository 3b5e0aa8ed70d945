using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

public sealed class FeedMirrorTests : IDisposable
{
    private readonly FakeWeb _web = new();
    private readonly HttpClient _http;
    private readonly TemporaryFolder _folder = new();
    private readonly LineFeed _feed = new("lines", RefreshLab.Address);

    public FeedMirrorTests() => _http = new HttpClient(_web, disposeHandler: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _web.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task CopiesDocumentsAndTheIndexesThatLeadToThem()
    {
        _web.Put("index", "a/one\nb\n");
        _web.Put("a/one", "A-1 2025-01-01\n");
        _web.Put("b", "B-1 2025-01-01\n");

        FeedCopy copy = await CopyAsync();

        Assert.Equal((3, 3), (copy.Documents, copy.Copied));
        Assert.Equal(["lines/a/one", "lines/b", "lines/index"], Files());
        Assert.Equal("A-1 2025-01-01\n", await File.ReadAllTextAsync(_folder.File("lines", "a", "one"), Token));
    }

    [Fact]
    public async Task CopiesOnlyWhatChangedAndRemovesWhatHasGone()
    {
        _web.Put("index", "a\nb\nc\n");
        _web.Put("a", "old");
        _web.Put("b", "gone");
        _web.Put("c", "same");
        await CopyAsync();
        _web.Put("index", "a\nc\n");
        _web.Put("a", "new");

        FeedCopy copy = await CopyAsync();

        Assert.Equal((3, 2), (copy.Documents, copy.Copied));
        Assert.Equal(["lines/a", "lines/c", "lines/index"], Files());
        Assert.Equal("new", await File.ReadAllTextAsync(_folder.File("lines", "a"), Token));
    }

    [Fact]
    public async Task CopiesAgainWhatSomebodyDeleted()
    {
        _web.Put("index", "a\n");
        _web.Put("a", "text");
        await CopyAsync();
        File.Delete(_folder.File("lines", "a"));

        await CopyAsync();

        Assert.True(File.Exists(_folder.File("lines", "a")));
    }

    [Fact]
    public async Task LeavesWhatIsThereWhenSomethingFails()
    {
        _web.Put("index", "a\nb\nc\n");
        _web.Put("a", "old");
        _web.Put("b", "gone");
        _web.Put("c", "same");
        await CopyAsync();
        _web.Put("index", "a\nc\n");
        _web.Break("a", System.Net.HttpStatusCode.Forbidden);

        FeedCopy copy = await CopyAsync();
        _web.Break("index", System.Net.HttpStatusCode.Forbidden);
        FeedCopy nothing = await CopyAsync();

        Assert.Equal("a", Assert.Single(copy.Failed).Name);
        Assert.Equal("", Assert.Single(nothing.Failed).Name);
        Assert.Equal(["lines/a", "lines/b", "lines/c", "lines/index"], Files());
    }

    [Fact]
    public async Task WritesNothingOutsideOfItsFolder()
    {
        _web.Put("index", "../../escaped\n.mirror.json\na\n");
        _web.Put("a", "text");
        _web.Put("escaped", "text");
        _web.Put(".mirror.json", """{"../../../victim":null}""");
        string victim = _folder.File("victim");
        await File.WriteAllTextAsync(victim, "x", Token);

        await CopyAsync();
        await CopyAsync();

        Assert.True(File.Exists(victim));
        Assert.Equal(["lines/a", "lines/index", "victim"], Files());
    }

    // A feed whose address is a document is asked for "", which is no name of a file.
    [Fact]
    public async Task IsReadByTheVeryFeedThatItIsOf()
    {
        foreach (IAdvisoryFeed feed in FeedCatalogue.All.Where(feed => feed.Description.DocumentName.Length > 0))
        {
            string name = $"{feed.Description.Name}/{feed.Description.DocumentName}";
            using var folder = new TemporaryFolder();
            Directory.CreateDirectory(folder.File("deep", feed.Description.Name));
            await File.WriteAllTextAsync(folder.File("deep", feed.Description.Name, feed.Description.DocumentName), "", Token);

            FeedFolder found = FeedFolder.Of(folder.Path, FeedCatalogue.All);

            (IAdvisoryFeed claims, IReadOnlyList<string> paths) = Assert.Single(found.Feeds);
            Assert.Same(feed, claims);
            Assert.Equal([$"deep/{name}"], paths);
            Assert.Equal([feed.Description.DocumentName], FeedFolder.PathsOf(folder.File("deep", feed.Description.Name), feed));
        }
    }

    private async Task<FeedCopy> CopyAsync() =>
        Assert.Single(await new FeedMirror(new FeedChoices([_feed], new Dictionary<string, FeedSettings>()), _http)
            .RunAsync(_folder.Path, RefreshChoice.BySettings, Token));

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_folder.Path, file).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(file => !file.EndsWith("/.mirror.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
