using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace ImageScan.Benchmarks;

/// <summary>
/// The reference registry as Debian packages it, on a free port of 127.0.0.1. What was pushed stays in the cache folder. It ends when
/// disposed, and also when this process dies, since its standard input ends then.
/// </summary>
internal sealed partial class DockerRegistry : IAsyncDisposable
{
    private const string Start = "docker-registry serve \"$0\" 2>&1 & cat >/dev/null; kill $!; wait";

    private readonly Process _process;
    private readonly Task _rest;

    private DockerRegistry(Process process, string host)
    {
        _process = process;
        Host = host;

        // Its access log, so that it never waits for a reader.
        _rest = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>Host and port, as the first part of an image name.</summary>
    public string Host { get; }

    /// <summary>Starts it and waits until it listens; null, with a word, if it is not installed.</summary>
    public static async Task<DockerRegistry?> TryStartAsync()
    {
        if (!Programs.IsInstalled("docker-registry"))
        {
            Console.WriteLine("Skipped: docker-registry is not installed.");
            return null;
        }

        string folder = CacheFolder.Folder("registry");
        string configuration = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(configuration, $"""
            version: 0.1
            log:
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {Path.Combine(folder, "data")}
            http:
              addr: 127.0.0.1:0
            """);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Start, configuration]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ListeningOn().Match(line) is { Success: true } match)
            {
                return new DockerRegistry(process, match.Groups[1].Value);
            }
        }

        throw new InvalidOperationException("docker-registry ended before it listened.");
    }

    /// <summary>The image's full name here; pushed first if need be. Null, with a word, if skopeo is not installed.</summary>
    public async Task<string?> NameOfAsync(BuiltImage image)
    {
        using var http = new HttpClient();
        using var head = new HttpRequestMessage(HttpMethod.Head, $"http://{Host}/v2/{image.Name}/manifests/{image.Digest}");
        head.Headers.Accept.ParseAdd(LoopbackRegistry.ManifestType);
        using HttpResponseMessage answer = await http.SendAsync(head);
        string name = $"{Host}/{image.Name}:1";
        return answer.StatusCode == HttpStatusCode.OK || Skopeo.TryCopy($"oci:{image.Layout}:1", $"docker://{name}")
            ? $"{Host}/{image.Name}@{image.Digest}"
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _rest;
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"listening on (127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningOn();
}
