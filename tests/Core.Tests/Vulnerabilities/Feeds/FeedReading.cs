using System.Text;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>What a feed makes of a document, and what it says it could not read.</summary>
internal sealed record FeedReading(IReadOnlyList<FeedRecord> Records, FeedReport Report)
{
    public IReadOnlyList<Advisory> Advisories => [.. Records.OfType<Advisory>()];

    public IReadOnlyList<CveMetadata> Cves => [.. Records.OfType<CveMetadata>()];

    public static Task<FeedReading> OfTextAsync(IAdvisoryFeed feed, string path, string text) => OfAsync(feed, path, Encoding.UTF8.GetBytes(text));

    public static async Task<FeedReading> OfAsync(IAdvisoryFeed feed, string path, byte[] content)
    {
        var report = new FeedReport();
        var records = new List<FeedRecord>();
        await using var document = new FeedDocument(path, new MemoryStream(content));
        await foreach (FeedRecord record in feed.ReadAsync(document, report, TestContext.Current.CancellationToken))
        {
            records.Add(record with { Source = path, Feed = feed.Description.Name });
        }

        return new FeedReading(records, report);
    }

    /// <summary>Of a file below the shared data: <c>feeds/cisa/kev/known_exploited_vulnerabilities.json</c>; skips the test where that is missing.</summary>
    public static async Task<FeedReading> OfSharedAsync(IAdvisoryFeed feed, string path)
    {
        string file = SharedData.Path(["data", .. path.Split('/')]);
        Assert.True(feed.Recognises(path), $"{feed.Description.Name} does not recognise {path}");
        return await OfAsync(feed, path, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    /// <summary>Of all documents of a folder, a file or an address; what cannot be read is a failure in the report.</summary>
    public static async Task<FeedReading> OfLocationAsync(IAdvisoryFeed feed, string location, HttpMessageHandler? web = null)
    {
        using var http = web is null ? new HttpClient() : new HttpClient(web);
        var source = new FeedSource(location, http);
        var report = new FeedReport();
        var records = new List<FeedRecord>();
        IEnumerable<string> paths = source.IsAddress
            ? (await feed.PlanAsync(source, new Dictionary<string, KnownDocument>(), TestContext.Current.CancellationToken)).Documents.Select(planned => planned.Path)
            : FeedFolder.Of(location, [feed]).Feeds.SelectMany(found => found.Paths);
        foreach (string path in paths)
        {
            try
            {
                await using FeedDocument document = await source.OpenAsync(path, null, TestContext.Current.CancellationToken)
                    ?? throw new FeedException("is not there");
                await foreach (FeedRecord record in feed.ReadAsync(document, report, TestContext.Current.CancellationToken))
                {
                    records.Add(record with { Source = path, Feed = feed.Description.Name });
                }
            }
            catch (Exception broken) when (broken is FeedException or IOException or InvalidDataException)
            {
                report.AddFailed(path, broken.Message);
            }
        }

        return new FeedReading(records, report);
    }
}
