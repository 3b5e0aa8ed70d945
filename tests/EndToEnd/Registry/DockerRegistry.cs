using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ImageScan.EndToEnd.Registry;

/// <summary>
/// The reference registry as Debian packages it (<c>docker-registry</c>), on a free port of 127.0.0.1 with its storage in a temporary
/// folder. It ends when disposed, and also when this process dies, since its standard input ends then.
/// </summary>
public sealed partial class DockerRegistry : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-registry-");
    private readonly ConcurrentQueue<string> _accessLog = new();
    private readonly TaskCompletionSource<string> _host = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private DockerRegistry()
    {
        string configuration = Path.Combine(_folder.FullName, "config.yml");
        File.WriteAllText(configuration, $"""
            version: 0.1
            storage:
              filesystem:
                rootdirectory: {Path.Combine(_folder.FullName, "data")}
            http:
              addr: 127.0.0.1:0
            """);
        _process = new Process { StartInfo = Command(configuration) };
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => FindHost(line.Data);
    }

    /// <summary>Host and port, as the first part of an image name.</summary>
    public string Host => _host.Task.Result;

    /// <summary>The lines of its access log so far, one a request, in Apache's form.</summary>
    public IReadOnlyList<string> AccessLog => [.. _accessLog];

    /// <summary>The GETs of blobs in its access log.</summary>
    public IReadOnlyList<string> BlobReads =>
        [.. _accessLog.Where(line => line.Contains("\"GET ", StringComparison.Ordinal) && line.Contains("/blobs/", StringComparison.Ordinal))];

    /// <summary>Starts it and waits until it listens. Skips the running test if it is not installed.</summary>
    public static async Task<DockerRegistry> StartAsync(CancellationToken cancellationToken)
    {
        OnPath.Require("docker-registry");
        var registry = new DockerRegistry();
        registry._process.Start();
        registry._process.BeginOutputReadLine();
        registry._process.BeginErrorReadLine();
        await registry._host.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static ProcessStartInfo Command(string configuration)
    {
        var command = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.ArgumentList.Add("-c");
        command.ArgumentList.Add("docker-registry serve \"$0\" & cat >/dev/null; kill $!; wait");
        command.ArgumentList.Add(configuration);
        return command;
    }

    private void Remember(string? line)
    {
        if (line is not null)
        {
            _accessLog.Enqueue(line);
        }
    }

    private void FindHost(string? line)
    {
        if (line is null)
        {
            _host.TrySetException(new InvalidOperationException("docker-registry ended before it listened."));
        }
        else if (ListeningOn().Match(line) is { Success: true } match)
        {
            _host.TrySetResult(match.Groups[1].Value);
        }
    }

    [GeneratedRegex(@"listening on (127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningOn();
}
