using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

/// <summary>A refresh of made feeds from a made server, with files in a folder of its own.</summary>
internal sealed class RefreshLab : IDisposable
{
    public const string Address = "https://feeds.example.com";

    private readonly TemporaryFolder _folder = new();

    public RefreshLab()
    {
        Files = new FolderFeedFiles(_folder.File("cache"));
        Feed = new LineFeed("lines", Address);
        Feeds = [Feed];
    }

    public FakeWeb Web { get; } = new();

    public FakeTimeProvider Clock { get; } = new(TestSnapshot.BuiltAt);

    public LineFeed Feed { get; }

    public IReadOnlyList<IAdvisoryFeed> Feeds { get; set; }

    public Dictionary<string, FeedSettings> Settings { get; } = [];

    public FolderFeedFiles Files { get; }

    public string Reader { get; set; } = "build 1";

    public TimeSpan ReadingTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    public string Snapshot => _folder.File("advisories.snap");

    public string Cache => _folder.File("cache");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Folder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;

    public Task<RefreshOutcome> RunAsync(RefreshChoice? choice = null) => RunUntilAsync(choice ?? RefreshChoice.BySettings, Token);

    public async Task<RefreshOutcome> RunUntilAsync(RefreshChoice choice, CancellationToken cancellationToken)
    {
        using var http = FeedHttp.Create(new FeedRetries(new Shared(Web), Clock) { Retries = 1, FirstDelay = TimeSpan.Zero });
        var refresh = new FeedRefresh(new FeedChoices(Feeds, Settings), Files, http, Clock, NullLogger<FeedRefresh>.Instance)
        {
            Reader = Reader,
            ReadingTimeout = ReadingTimeout,
        };
        return await refresh.RunAsync(Snapshot, choice, cancellationToken);
    }

    /// <summary>A run with one feed.</summary>
    public async Task<FeedOutcome> FeedAsync(RefreshChoice? choice = null) => (await RunAsync(choice)).Feeds.Single();

    /// <summary>The ids and days of all records that are kept of a feed, in their order.</summary>
    public async Task<string> KeptAsync(string feed = "lines")
    {
        var packs = new FeedPacks(Files);
        FeedState state = (await packs.FindAsync(feed, Token))!;
        var kept = new List<string>();
        await foreach (FeedRecord record in packs.RecordsAsync(feed, state, Token))
        {
            kept.Add($"{record.Source}:{record.Key}@{((Advisory)record).Modified:MM-dd}");
        }

        Assert.Equal(state.Records, kept.Count);
        return string.Join(' ', kept);
    }

    public void Dispose()
    {
        Web.Dispose();
        _folder.Dispose();
    }

    // The client of a run closes its handler, the server stays.
    private sealed class Shared(FakeWeb web) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _web = new(web, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _web.SendAsync(request, cancellationToken);
    }
}
