using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ImageScan.EndToEnd.Advisories;

/// <summary>
/// Stands before Azurite's blobs, passes everything on, and can hold requests: a place at which a process can be killed. The key signs no
/// host, so signatures hold.
/// </summary>
internal sealed partial class StorageGate : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, AllowAutoRedirect = false });
    private readonly string _target;
    private readonly CancellationTokenSource _end = new();
    private Predicate<HttpRequest>? _isHeld;
    private TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StorageGate(WebApplication app, string connectionString)
    {
        _app = app;
        _target = BlobEndpoint().Match(connectionString).Groups[1].Value;
    }

    /// <summary>The connection string with this in place of the blobs.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Completes when a request is held.</summary>
    public Task Held => _held.Task;

    public static async Task<StorageGate> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var gate = new StorageGate(app, connectionString);
        app.Run(gate.PassAsync);
        await app.StartAsync(cancellationToken);
        gate.ConnectionString = BlobEndpoint().Replace(connectionString, $"BlobEndpoint={app.Urls.First()}$2");
        return gate;
    }

    /// <summary>Holds requests like these from now on; of one with a body, half has gone through by then.</summary>
    public void Hold(Predicate<HttpRequest> isHeld)
    {
        _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _isHeld = isHeld;
    }

    public void Open() => _isHeld = null;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _app.DisposeAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _end.Token);
        try
        {
            using HttpRequestMessage request = await CopyAsync(context.Request, ended.Token);
            using HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
            {
                context.Response.Headers[name] = values.ToArray();
            }

            await answer.Content.CopyToAsync(context.Response.Body, ended.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private async Task<HttpRequestMessage> CopyAsync(HttpRequest asked, CancellationToken ended)
    {
        string target = asked.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var body = new MemoryStream();
        await asked.Body.CopyToAsync(body, ended);
        bool isHeld = _isHeld?.Invoke(asked) == true;
        var request = new HttpRequestMessage(new HttpMethod(asked.Method), new Uri($"{new Uri(_target).GetLeftPart(UriPartial.Authority)}{target}"))
        {
            Content = asked.ContentLength is null ? null : new PassedBody(body.ToArray(), isHeld ? () => HoldAsync(ended) : null),
        };
        foreach ((string name, var values) in asked.Headers.Where(header => header.Key is not ("Host" or "Connection" or "Content-Length")))
        {
            _ = request.Headers.TryAddWithoutValidation(name, [.. values]) || request.Content!.Headers.TryAddWithoutValidation(name, [.. values]);
        }

        return request;
    }

    private Task HoldAsync(CancellationToken ended)
    {
        _held.TrySetResult();
        return Task.Delay(Timeout.Infinite, ended);
    }

    [GeneratedRegex("BlobEndpoint=(http://[^/;]+)([^;]*)")]
    private static partial Regex BlobEndpoint();

    private sealed class PassedBody(byte[] bytes, Func<Task>? half) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            if (half is not null)
            {
                await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
                await stream.FlushAsync();
                await half();
            }

            await stream.WriteAsync(bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
