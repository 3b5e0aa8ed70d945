using System.Net;
using System.Text;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>A web that has some pages, by address; everything else is 404.</summary>
internal sealed class FeedWeb(IReadOnlyDictionary<string, byte[]> pages) : HttpMessageHandler
{
    private static readonly IReadOnlyDictionary<string, KnownDocument> Nothing = new Dictionary<string, KnownDocument>();

    /// <summary>The addresses that were asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    public static FeedWeb Of(IReadOnlyDictionary<string, string> pages) =>
        new(pages.ToDictionary(page => page.Key, page => Encoding.UTF8.GetBytes(page.Value)));

    /// <summary>What a feed that has read nothing yet plans to ask for at an address.</summary>
    public static async Task<IReadOnlyList<string>> PlanAsync(IAdvisoryFeed feed, string location, IReadOnlyDictionary<string, string> pages) =>
        [.. (await Of(pages).PlanAsync(feed, location, Nothing)).Documents.Select(document => document.Path)];

    /// <summary>What a feed plans to ask for at an address of this web.</summary>
    public async Task<FeedPlan> PlanAsync(IAdvisoryFeed feed, string location, IReadOnlyDictionary<string, KnownDocument> known)
    {
        using var http = new HttpClient(this);
        return await feed.PlanAsync(new FeedSource(location, http), known, TestContext.Current.CancellationToken);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string address = request.RequestUri!.AbsoluteUri;
        Asked.Add(address);
        return Task.FromResult(pages.TryGetValue(address, out byte[]? page)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(page) }
            : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
