using System.Collections.Concurrent;
using System.Text.Json;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Notifications;

/// <summary>Whoever is told of scans: on loopback, remembers what came, and answers as told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedPost> _posts = new();
    private LoopbackRegistry? _server;

    /// <summary>Its host and port.</summary>
    public string Host => _server!.Host;

    /// <summary>An address with a path that is a secret.</summary>
    public string Url => $"http://{Host}/hook/path-is-secret?sig=query-is-secret";

    /// <summary>What came so far, the first first.</summary>
    public IReadOnlyList<ReceivedPost> Posts => [.. _posts];

    /// <summary>How it answers.</summary>
    public Action<HttpResponse> Answer { get; set; } = response => response.StatusCode = StatusCodes.Status202Accepted;

    public static async Task<Receiver> StartAsync(CancellationToken cancellationToken)
    {
        var receiver = new Receiver();
        receiver._server = await LoopbackRegistry.StartAsync(receiver.AnswerAsync, cancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _posts.Enqueue(new ReceivedPost(
            context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        Answer(context.Response);
    }
}

/// <summary>One request as it arrived.</summary>
internal sealed record ReceivedPost(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Reason => Json.GetProperty("reason").GetString();

    /// <summary>The CVEs of one of its lists.</summary>
    public string?[] CvesOf(string list) => [.. Json.GetProperty(list).EnumerateArray().Select(finding => finding.GetProperty("cve").GetString())];
}
