using System.Net;
using System.Text;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>A web that has some pages, by address; everything else is 404.</summary>
internal sealed class FeedWeb(IReadOnlyDictionary<string, string> pages) : HttpMessageHandler
{
    /// <summary>What a feed plans to ask for at an address.</summary>
    public static async Task<IReadOnlyList<string>> PlanAsync(IAdvisoryFeed feed, string location, IReadOnlyDictionary<string, string> pages)
    {
        using var http = new HttpClient(new FeedWeb(pages));
        FeedPlan plan = await feed.PlanAsync(
            new FeedSource(location, http), new Dictionary<string, KnownDocument>(), TestContext.Current.CancellationToken);
        return [.. plan.Documents.Select(document => document.Path)];
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(pages.TryGetValue(request.RequestUri!.AbsoluteUri, out string? page)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(page)) }
            : new HttpResponseMessage(HttpStatusCode.NotFound));
}
