using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>
/// Stands before Azurite's blobs, queues and tables and passes requests on, as far as it is let. The key signs no
/// host and no port, so signatures hold (https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key).
/// </summary>
internal sealed partial class TroubledStorage : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, AllowAutoRedirect = false });
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<int, string> _targets = [];
    private readonly Func<HttpRequest, StorageMishap?> _next;
    private readonly TroubleLog _log;
    private WebApplication? _app;

    private TroubledStorage(Func<HttpRequest, StorageMishap?> next, TroubleLog log) => (_next, _log) = (next, log);

    /// <summary>The connection string of Azurite with this in its place.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>How many requests came.</summary>
    public int Requests;

    /// <summary>Starts it.</summary>
    /// <param name="azurite">The connection string of Azurite.</param>
    /// <param name="next">What happens to a request; null if nothing does.</param>
    /// <param name="log">Is told of it.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<TroubledStorage> StartAsync(
        string azurite, Func<HttpRequest, StorageMishap?> next, TroubleLog log, CancellationToken cancellationToken)
    {
        MatchCollection endpoints = Endpoint().Matches(azurite);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls([.. endpoints.Select(_ => "http://127.0.0.1:0")]);
        var storage = new TroubledStorage(next, log) { _app = builder.Build() };
        storage._app.Run(storage.PassAsync);
        await storage._app.StartAsync(cancellationToken);

        var ports = new Queue<string>(storage._app.Urls);
        storage.ConnectionString = Endpoint().Replace(azurite, endpoint =>
        {
            string url = ports.Dequeue();
            storage._targets[new Uri(url).Port] = endpoint.Groups[2].Value;
            return endpoint.Groups[1].Value + url;
        });
        return storage;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _app!.DisposeAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        Interlocked.Increment(ref Requests);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _end.Token);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, ended.Token);
            body.Position = 0;
            context.Request.Body = body;
            StorageMishap? mishap = _next(context.Request);
            if (mishap is { Fault: var happens })
            {
                _log.Add($"storage {happens}", $"{context.Request.Method} {Target(context)} {Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length)}");
            }

            await PassAsync(context, body.ToArray(), mishap, ended.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private async Task PassAsync(HttpContext context, byte[] body, StorageMishap? mishap, CancellationToken ended)
    {
        switch (mishap?.Fault)
        {
            case StorageFault.Busy:
                await RefuseAsync(context.Response, 503, "ServerBusy");
                return;
            case StorageFault.Unsent:
                context.Abort();
                return;
            case StorageFault.MessageDropped:
                await AcknowledgeAsync(context.Response);
                return;
            case StorageFault.MessageLate:
                _ = SendLaterAsync(RequestOf(context, body), mishap.Value.Length);
                await AcknowledgeAsync(context.Response);
                return;
            case StorageFault.Slow:
                await Task.Delay(mishap.Value.Length, ended);
                break;
            case StorageFault.MessageTwice:
                using (HttpRequestMessage first = RequestOf(context, body))
                {
                    (await _client.SendAsync(first, ended)).Dispose();
                }

                break;
        }

        using HttpRequestMessage request = RequestOf(context, body);
        using HttpResponseMessage answer = await _client.SendAsync(request, ended);
        await AnswerAsync(context, answer, mishap?.Fault, ended);
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, StorageFault? fault, CancellationToken ended)
    {
        switch (fault)
        {
            case StorageFault.AnswerLost:
                context.Abort();
                return;
            case StorageFault.TimedOut:
                await RefuseAsync(context.Response, 500, "OperationTimedOut");
                return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, ended);
    }

    private static async Task RefuseAsync(HttpResponse response, int status, string code)
    {
        response.StatusCode = status;
        response.Headers["x-ms-error-code"] = code;
        response.ContentType = "application/xml";
        await response.WriteAsync($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>Made by a test.</Message></Error>");
    }

    // As after https://learn.microsoft.com/rest/api/storageservices/put-message.
    private static async Task AcknowledgeAsync(HttpResponse response)
    {
        string now = DateTimeOffset.UtcNow.ToString("R");
        response.StatusCode = 201;
        response.ContentType = "application/xml";
        await response.WriteAsync(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList><QueueMessage>"
            + $"<MessageId>{Guid.NewGuid()}</MessageId><InsertionTime>{now}</InsertionTime><ExpirationTime>{now}</ExpirationTime>"
            + $"<PopReceipt>AgAAAAMAAAAAAAAA</PopReceipt><TimeNextVisible>{now}</TimeNextVisible></QueueMessage></QueueMessagesList>");
    }

    private async Task SendLaterAsync(HttpRequestMessage request, TimeSpan delay)
    {
        using (request)
        {
            try
            {
                await Task.Delay(delay, _end.Token);
                (await _client.SendAsync(request, _end.Token)).Dispose();
            }
            catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
            {
                _log.Add("storage MessageDropped", request.RequestUri!.AbsolutePath);
            }
        }
    }

    private HttpRequestMessage RequestOf(HttpContext context, byte[] body)
    {
        HttpRequest asked = context.Request;
        var request = new HttpRequestMessage(new HttpMethod(asked.Method), _targets[context.Connection.LocalPort] + Target(context))
        {
            Content = asked.ContentLength is null ? null : new ByteArrayContent(body),
        };
        foreach ((string name, var values) in asked.Headers.Where(header => header.Key is not ("Host" or "Connection" or "Content-Length")))
        {
            _ = request.Headers.TryAddWithoutValidation(name, [.. values]) || request.Content!.Headers.TryAddWithoutValidation(name, [.. values]);
        }

        return request;
    }

    private static string Target(HttpContext context) => context.Features.Get<IHttpRequestFeature>()!.RawTarget;

    [GeneratedRegex("((?:Blob|Queue|Table)Endpoint=)(http://[^/;]+)")]
    private static partial Regex Endpoint();
}
