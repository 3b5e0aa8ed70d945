using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ImageScan.Benchmarks;

/// <summary>
/// A registry on 127.0.0.1 in a process of its own, so that its work does not count as ours; it counts what it is asked, and can be as slow
/// as a network. It ends when its standard input does, and so with this process.
/// </summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private const int Piece = 256 << 10;

    private readonly Process _process;
    private readonly HttpClient _http;

    private LoopbackRegistry(Process process, string host)
    {
        _process = process;
        Host = host;
        _http = new HttpClient { BaseAddress = new Uri($"http://{host}") };
    }

    /// <summary>Host and port, as the first part of an image name.</summary>
    public string Host { get; }

    /// <summary>Serves the folder of <see cref="MadeImages"/>.</summary>
    /// <param name="folder">That folder.</param>
    /// <param name="bytesPerSecond">Of one connection's blobs; 0 for as fast as it can.</param>
    public static async Task<LoopbackRegistry> StartAsync(string folder, long bytesPerSecond = 0)
    {
        Process process = OwnProgram.Start("serve", folder, bytesPerSecond.ToString(CultureInfo.InvariantCulture));
        string host = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The registry did not start.");
        return new LoopbackRegistry(process, host);
    }

    /// <summary>What it was asked since it was last asked for this: <c>HEAD manifests</c>, <c>GET manifests</c>, <c>GET blobs</c>.</summary>
    public async Task<IReadOnlyDictionary<string, int>> TakeCountsAsync() =>
        (await _http.GetFromJsonAsync<Dictionary<string, int>>("/counts"))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>What the other process does until standard input ends.</summary>
    public static async Task ServeAsync(string folder, long bytesPerSecond)
    {
        var counts = new ConcurrentDictionary<string, int>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.MapMethods("/v2/{name}/manifests/{reference}", ["GET", "HEAD"], (HttpContext context, string name) =>
        {
            counts.AddOrUpdate($"{context.Request.Method} manifests", 1, (_, count) => count + 1);
            byte[] manifest = File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(name)));
            context.Response.Headers["Docker-Content-Digest"] = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(manifest))}";
            return Results.Bytes(manifest, ManifestType);
        });
        app.MapGet("/v2/{name}/blobs/{digest}", (string digest) =>
        {
            counts.AddOrUpdate("GET blobs", 1, (_, count) => count + 1);
            string path = Path.Combine(folder, Path.GetFileName(digest["sha256:".Length..]));
            return bytesPerSecond == 0 ? Results.File(path, "application/octet-stream") : new SlowFile(path, bytesPerSecond);
        });
        app.MapGet("/counts", () =>
        {
            var taken = new Dictionary<string, int>(counts);
            counts.Clear();
            return Results.Json(taken);
        });
        await app.StartAsync();
        Console.WriteLine(new Uri(app.Urls.Single()).Authority);
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    // Requests of one HTTP/1.1 connection come one after another, so an answer's rate is its connection's.
    private sealed class SlowFile(string path, long bytesPerSecond) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await using FileStream file = File.OpenRead(path);
            httpContext.Response.ContentLength = file.Length;
            httpContext.Response.ContentType = "application/octet-stream";
            var piece = new byte[Piece];
            long sent = 0;
            long start = Stopwatch.GetTimestamp();
            for (int read; (read = await file.ReadAsync(piece, httpContext.RequestAborted)) > 0;)
            {
                sent += read;
                TimeSpan ahead = TimeSpan.FromSeconds(sent / (double)bytesPerSecond) - Stopwatch.GetElapsedTime(start);
                if (ahead > TimeSpan.Zero)
                {
                    await Task.Delay(ahead, httpContext.RequestAborted);
                }

                await httpContext.Response.Body.WriteAsync(piece.AsMemory(0, read), httpContext.RequestAborted);
            }
        }
    }
}
