using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Demo;

/// <summary>A read-only registry over plain http on a free port of 127.0.0.1.</summary>
public sealed class LoopbackRegistry : IAsyncDisposable
{
    private readonly WebApplication _server;

    private LoopbackRegistry(WebApplication server)
    {
        _server = server;
        Host = new Uri(server.Urls.Single()).Authority;
    }

    /// <summary>Host and port, as the first part of an image name: <c>127.0.0.1:40123</c>.</summary>
    public string Host { get; }

    /// <summary>Serves <paramref name="content"/> until disposed.</summary>
    public static Task<LoopbackRegistry> StartAsync(RegistryContent content, CancellationToken cancellationToken) =>
        StartAsync(content.AnswerAsync, cancellationToken);

    /// <summary>Has every request answered by <paramref name="answer"/> until disposed.</summary>
    public static async Task<LoopbackRegistry> StartAsync(RequestDelegate answer, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        server.Run(answer);
        await server.StartAsync(cancellationToken);
        return new LoopbackRegistry(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
