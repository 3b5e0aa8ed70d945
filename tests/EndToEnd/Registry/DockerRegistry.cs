using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ImageScan.EndToEnd.Registry;

/// <summary>
/// The reference registry as Debian packages it (<c>docker-registry</c>), on a free port of 127.0.0.1 with its storage in a temporary
/// folder. It ends when stopped or disposed, and also when this process dies, since its standard input ends then.
/// </summary>
public sealed partial class DockerRegistry : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-registry-");
    private readonly ConcurrentQueue<string> _accessLog = new();
    private readonly ConcurrentQueue<string> _said = new();
    private readonly string _configuration;
    private TaskCompletionSource<string> _host = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    private DockerRegistry(DockerRegistrySetup setup)
    {
        _configuration = Path.Combine(_folder.FullName, "config.yml");
        File.WriteAllText(_configuration, setup.ConfigurationIn(_folder.FullName));
    }

    /// <summary>Host and port, as the first part of an image name.</summary>
    public string Host => _host.Task.Result;

    /// <summary>The lines of its access log so far, one a request, in Apache's form.</summary>
    public IReadOnlyList<string> AccessLog => [.. _accessLog];

    /// <summary>The GETs of blobs in its access log.</summary>
    public IReadOnlyList<string> BlobReads =>
        [.. _accessLog.Where(line => line.Contains("\"GET ", StringComparison.Ordinal) && line.Contains("/blobs/", StringComparison.Ordinal))];

    /// <summary>Starts it and waits until it listens. Skips the running test if it is not installed.</summary>
    public static Task<DockerRegistry> StartAsync(CancellationToken cancellationToken) => StartAsync(new DockerRegistrySetup(), cancellationToken);

    /// <summary>As above, set up in a way of its own.</summary>
    public static async Task<DockerRegistry> StartAsync(DockerRegistrySetup setup, CancellationToken cancellationToken)
    {
        OnPath.Require("docker-registry");
        var registry = new DockerRegistry(setup);
        await registry.StartAgainAsync(cancellationToken);
        return registry;
    }

    /// <summary>Starts it after it was stopped, with all that it has; on the port of its setup, or on another if that has none.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        _host = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = Command(_configuration) };
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => FindHost(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await _host.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"docker-registry does not listen. It said: {string.Join('\n', _said)}", late);
        }
    }

    /// <summary>Ends it. What it had not told of yet is lost: that lies in its memory.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
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
        else
        {
            _said.Enqueue(line);
        }
    }

    [GeneratedRegex(@"listening on (127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningOn();
}
