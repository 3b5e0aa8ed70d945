using System.Collections.Concurrent;
using System.Text;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Logins;

/// <summary>A server on loopback that plays an API of a cloud, and remembers what it was asked.</summary>
internal sealed class CloudServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<CloudRequest> _requests = new();
    private readonly Func<CloudRequest, HttpContext, Task> _answer;
    private LoopbackRegistry? _server;

    private CloudServer(Func<CloudRequest, HttpContext, Task> answer) => _answer = answer;

    public string Host => _server!.Host;

    public Uri Address => new($"http://{Host}/");

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<CloudRequest> Requests => [.. _requests];

    public static async Task<CloudServer> StartAsync(Func<CloudRequest, HttpContext, Task> answer)
    {
        var cloud = new CloudServer(answer);
        cloud._server = await LoopbackRegistry.StartAsync(cloud.AnswerAsync, TestContext.Current.CancellationToken);
        return cloud;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        CloudRequest request = await CloudRequest.OfAsync(context);
        _requests.Enqueue(request);
        await _answer(request, context);
    }
}

/// <summary>One request as it arrived.</summary>
internal sealed record CloudRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Fields of a form; none if the body is none.</summary>
    public IReadOnlyDictionary<string, string> Form => Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0], parts => Uri.UnescapeDataString(parts[1].Replace('+', ' ')));

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public static async Task<CloudRequest> OfAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8, leaveOpen: true);
        return new CloudRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.QueryString.ToString(),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(context.RequestAborted));
    }
}
