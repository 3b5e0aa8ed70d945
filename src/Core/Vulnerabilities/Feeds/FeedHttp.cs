using System.Net;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Makes the client that asks for documents of feeds. Their addresses are the operator's, so private hosts, redirects and proxies are all
/// right; it is patient with busy servers and says who it is.
/// </summary>
public static class FeedHttp
{
    /// <summary>A client; whoever asked for it disposes of it.</summary>
    public static HttpClient Create(TimeProvider time)
    {
        var network = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxAutomaticRedirections = 10,
            MaxResponseHeadersLength = 64,
        };
        return Create(new FeedRetries(network, time));
    }

    internal static HttpClient Create(FeedRetries retries)
    {
        // Bodies of gigabytes are read for long; FeedSource gives up where they stall.
        var client = new HttpClient(retries) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("ImageScanFunctions/1");
        return client;
    }
}
