using System.Collections.Concurrent;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Registry;

/// <summary>A registry on loopback that remembers what it was asked and misbehaves as told.</summary>
public sealed class TestRegistry : IAsyncDisposable
{
    private readonly ConcurrentQueue<RegistryRequest> _requests = new();
    private readonly ConcurrentQueue<RegistryFault> _faults = new();
    private LoopbackRegistry? _server;

    /// <summary>Host and port, as the first part of an image name.</summary>
    public string Host => _server!.Host;

    /// <summary>The images it serves; may be added to at any time.</summary>
    public RegistryContent Content { get; } = new();

    /// <summary>Every request so far, oldest first, also those that a fault answered.</summary>
    public IReadOnlyList<RegistryRequest> Requests => [.. _requests];

    /// <summary>The requests for blobs among them.</summary>
    public IReadOnlyList<RegistryRequest> BlobRequests => [.. _requests.Where(request => request.IsBlob)];

    public static async Task<TestRegistry> StartAsync(CancellationToken cancellationToken)
    {
        var registry = new TestRegistry();
        registry._server = await LoopbackRegistry.StartAsync(registry.AnswerAsync, cancellationToken);
        return registry;
    }

    /// <summary>Adds a fault; the first that answers a request is the answer.</summary>
    public void Misbehave(RegistryFault fault) => _faults.Enqueue(fault);

    /// <summary>Behaves from now on. What was asked so far stays remembered.</summary>
    public void Behave() => _faults.Clear();

    /// <summary>Puts an image under a tag and returns its full name.</summary>
    public string Push(string repository, string tag, MadeImage image)
    {
        Content.Add(repository, tag, image);
        return $"{Host}/{repository}:{tag}";
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
        _requests.Enqueue(RegistryRequest.Of(context.Request));
        foreach (RegistryFault fault in _faults)
        {
            if (await fault(context, Content.Find(context.Request.Path)))
            {
                return;
            }
        }

        await Content.AnswerAsync(context);
    }
}

/// <summary>One request as it arrived; headers that were not sent are empty.</summary>
public sealed record RegistryRequest(string Method, string Path, string Host, string Range, string Authorization, string Accept)
{
    public bool IsBlob => Path.Contains("/blobs/", StringComparison.Ordinal);

    public bool IsManifest => Path.Contains("/manifests/", StringComparison.Ordinal);

    public static RegistryRequest Of(HttpRequest request) => new(
        request.Method,
        request.Path + request.QueryString,
        request.Host.ToString(),
        request.Headers.Range.ToString(),
        request.Headers.Authorization.ToString(),
        request.Headers.Accept.ToString());
}
