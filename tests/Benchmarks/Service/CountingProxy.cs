using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ImageScan.Benchmarks.Service;

/// <summary>
/// Stands before Azurite, passes everything on and counts it as Azure bills it: one transaction a request, and so one for a batch of rows
/// (https://learn.microsoft.com/archive/blogs/windowsazurestorage/understanding-windows-azure-storage-billing-bandwidth-transactions-and-capacity).
/// The key signs no host, so signatures hold.
/// </summary>
internal sealed partial class CountingProxy : IAsyncDisposable
{
    private readonly List<WebApplication> _apps = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, AllowAutoRedirect = false });
    private ConcurrentDictionary<string, long> _counts = new();

    /// <summary>The connection string with this in the place of Azurite.</summary>
    public string ConnectionString { get; private set; } = "";

    public static async Task<CountingProxy> StartAsync(string connectionString)
    {
        var proxy = new CountingProxy();
        foreach (string service in (string[])["Table", "Queue", "Blob"])
        {
            var endpoint = new Regex($"{service}Endpoint=(http://[^/;]+)");
            string target = endpoint.Match(connectionString).Groups[1].Value;
            connectionString = endpoint.Replace(connectionString, $"{service}Endpoint={await proxy.ListenAsync(service, target)}");
        }

        proxy.ConnectionString = connectionString;
        return proxy;
    }

    /// <summary>What was asked since it was last asked for this, by kind; rows of batches and bytes beside it.</summary>
    public StorageCounts Take() => new(Interlocked.Exchange(ref _counts, new ConcurrentDictionary<string, long>()));

    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication app in _apps)
        {
            await app.DisposeAsync();
        }

        _client.Dispose();
    }

    private async Task<string> ListenAsync(string service, string target)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.Run(context => PassAsync(service, target, context));
        await app.StartAsync();
        _apps.Add(app);
        return app.Urls.Single();
    }

    private async Task PassAsync(string service, string target, HttpContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            using HttpRequestMessage request = Copy(context.Request, target, body.ToArray());
            using HttpResponseMessage answer = await _client.SendAsync(request, context.RequestAborted);
            byte[] content = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
            Count(service, context.Request, body.ToArray(), content);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
            {
                context.Response.Headers[name] = values.ToArray();
            }

            if (answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified) && context.Request.Method != "HEAD")
            {
                await context.Response.Body.WriteAsync(content, context.RequestAborted);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private static HttpRequestMessage Copy(HttpRequest asked, string target, byte[] body)
    {
        string path = asked.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var request = new HttpRequestMessage(new HttpMethod(asked.Method), new Uri($"{target}{path}"))
        {
            Content = asked.ContentLength is null ? null : new ByteArrayContent(body),
        };
        foreach ((string name, var values) in asked.Headers.Where(header => header.Key is not ("Host" or "Connection" or "Content-Length")))
        {
            _ = request.Headers.TryAddWithoutValidation(name, [.. values]) || request.Content!.Headers.TryAddWithoutValidation(name, [.. values]);
        }

        return request;
    }

    private void Count(string service, HttpRequest request, byte[] body, byte[] answered)
    {
        string path = request.Path.Value!;
        bool isBatch = path.EndsWith("/$batch", StringComparison.Ordinal);
        bool isRead = request.Method is "GET" or "HEAD";
        Add($"{service} {(isRead ? "reads" : "writes")}", 1);
        if (service == "Table")
        {
            Add("rows read", isRead ? answered.AsSpan().Count("\"RowKey\":"u8) : 0);
            Add("rows written", isRead ? 0 : isBatch ? Operation().Count(Encoding.UTF8.GetString(body)) : 1);
        }

        // A look at an empty queue is the host's own, however many scans there are.
        if (service == "Queue" && isRead && path.EndsWith("/messages", StringComparison.Ordinal))
        {
            Add("Queue looks", 1);
        }

        Add($"{service} bytes in", body.Length);
        Add($"{service} bytes out", answered.Length);
        Add($"{service}: {request.Method} {What(service, path, isBatch ? Encoding.UTF8.GetString(body) : null)}", 1);
    }

    private void Add(string what, long count) => _counts.AddOrUpdate(what, count, (_, sum) => sum + count);

    // The table, queue or container; keys and ids would make a kind of each request.
    private static string What(string service, string path, string? batch)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string name = parts.Length > 1 ? parts[1].Split('(')[0] : "";
        return batch is null
            ? string.Create(CultureInfo.InvariantCulture, $"{name}{(service == "Table" ? "" : parts.Length > 2 ? "/*" : "")}")
            : $"batch of {Table().Match(batch).Groups[1].Value}";
    }

    [GeneratedRegex(@"^(?:PUT|POST|PATCH|MERGE|DELETE) http", RegexOptions.Multiline)]
    private static partial Regex Operation();

    [GeneratedRegex(@"^(?:PUT|POST|PATCH|MERGE|DELETE) http://[^/]+/[^/]+/(\w+)", RegexOptions.Multiline)]
    private static partial Regex Table();
}
