using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ImageScan.Benchmarks;

/// <summary>
/// A registry on 127.0.0.1 in a process of its own, so that its work does not count as ours. It ends when its standard input does, and
/// so with this process.
/// </summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly Process _process;

    private LoopbackRegistry(Process process, string host)
    {
        _process = process;
        Host = host;
    }

    /// <summary>Host and port, as the first part of an image name.</summary>
    public string Host { get; }

    public static async Task<LoopbackRegistry> StartAsync(string folder)
    {
        Process process = OwnProgram.Start("serve", folder);
        string host = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The registry did not start.");
        return new LoopbackRegistry(process, host);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>What the other process does: serves the folder of <see cref="MadeImages"/> until standard input ends.</summary>
    public static async Task ServeAsync(string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.MapMethods("/v2/{name}/manifests/{reference}", ["GET", "HEAD"], (HttpContext context, string name) =>
        {
            byte[] manifest = File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(name)));
            context.Response.Headers["Docker-Content-Digest"] = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(manifest))}";
            return Results.Bytes(manifest, ManifestType);
        });
        app.MapGet("/v2/{name}/blobs/{digest}", (string digest) =>
            Results.File(Path.Combine(folder, Path.GetFileName(digest["sha256:".Length..])), "application/octet-stream"));
        await app.StartAsync();
        Console.WriteLine(new Uri(app.Urls.Single()).Authority);
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }
}
