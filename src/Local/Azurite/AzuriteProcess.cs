using System.Diagnostics;

namespace ImageScan.Local.Azurite;

/// <summary>
/// A running Azurite (https://github.com/Azure/Azurite): Tables, queues and blobs on free ports of 127.0.0.1. It ends when it is disposed of
/// and when this process is gone, and writes what it has first.
/// </summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    // It is up in 1-2 s; a machine busy with a build may need many times that.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly FileLock? _dataLock;
    private readonly Task _reading;
    private bool _disposed;

    private AzuriteProcess(Process process, FileLock? dataLock, AzuriteOutput output, Task reading)
    {
        _process = process;
        _dataLock = dataLock;
        _reading = reading;
        ConnectionString = output.ConnectionString;
    }

    /// <summary>For <c>AzureWebJobsStorage</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>The id of the node process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>
    /// Installs Azurite if it is not there, starts it and returns when it answers. Throws <see cref="AzuriteException"/> if Node.js is missing,
    /// the installation fails, or another process uses the same data.
    /// </summary>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, CancellationToken cancellationToken)
    {
        string node = ProgramFiles.Find("node", options.SearchPath)
            ?? throw new AzuriteException($"Azurite, the storage emulator, needs Node.js, and node is not on the PATH. {AzuriteInstallation.Remedy}");
        string script = await new AzuriteInstallation(options).EnsureAsync(cancellationToken);
        string data = options.InMemory ? Path.GetDirectoryName(script)! : options.DataFolder;
        Directory.CreateDirectory(data);
        FileLock? dataLock = options.InMemory ? null : await DataFolder.TakeAsync(data, options.DataPatience, cancellationToken);
        try
        {
            return await StartAsync(node, script, data, options.InMemory, dataLock, cancellationToken);
        }
        catch
        {
            dataLock?.Dispose();
            throw;
        }
    }

    /// <summary>Ends Azurite as a SIGTERM does, so that nothing it has acknowledged is lost, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _reading;
        }
        catch (OperationCanceledException)
        {
            // Killing it would lose rows; it ends when it has written them.
        }

        _process.Dispose();
        _dataLock?.Dispose();
    }

    private static async Task<AzuriteProcess> StartAsync(
        string node, string script, string data, bool inMemory, FileLock? dataLock, CancellationToken cancellationToken)
    {
        // Current clients send newer API versions than 3.35.0 knows (2025-11-05): skipApiVersionCheck. Port 0 is any free one.
        List<string> arguments =
        [
            script,
            "--blobHost", "127.0.0.1", "--blobPort", "0",
            "--queueHost", "127.0.0.1", "--queuePort", "0",
            "--tableHost", "127.0.0.1", "--tablePort", "0",
            "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        ];

        // Azurite refuses the two together.
        arguments.AddRange(inMemory ? ["--inMemoryPersistence"] : ["--location", data]);
        Process process = ProgramFiles.Start(new ProcessStartInfo(node, arguments)
        {
            WorkingDirectory = data,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        var output = new AzuriteOutput();
        Task reading = Task.WhenAll(output.ReadAsync(process.StandardOutput), output.ReadAsync(process.StandardError));
        try
        {
            Task ended = process.WaitForExitAsync(cancellationToken);
            Task first = await Task.WhenAny(output.Ready, ended).WaitAsync(StartPatience, cancellationToken);
            if (first == output.Ready)
            {
                return new AzuriteProcess(process, dataLock, output, reading);
            }

            await ended;
            await reading;
            throw new AzuriteException($"Azurite ended with {process.ExitCode} instead of starting: {output.LastLines} {AzuriteInstallation.Remedy}");
        }
        catch (TimeoutException late)
        {
            process.StandardInput.Close();
            throw new AzuriteException($"Azurite did not answer within {StartPatience.TotalSeconds} s: {output.LastLines} {AzuriteInstallation.Remedy}", late);
        }
        catch (OperationCanceledException)
        {
            process.StandardInput.Close();
            throw;
        }
    }
}
