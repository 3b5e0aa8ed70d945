using System.Diagnostics;
using System.Text;

namespace ImageScan.EndToEnd.Scans;

/// <summary>The command <c>imagescan</c> as a process of its own, away from the settings of whoever runs the tests.</summary>
internal sealed class CommandProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CommandProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it.</summary>
    /// <param name="settings">Environment variables, <c>Advisories__Path</c>.</param>
    /// <param name="arguments">The command and what belongs to it.</param>
    public static CommandProcess Start(IReadOnlyDictionary<string, string> settings, params IReadOnlyList<string> arguments) =>
        StartIn(Environment.CurrentDirectory, settings, arguments);

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string> settings, params IReadOnlyList<string> arguments) =>
        RunInAsync(Environment.CurrentDirectory, settings, arguments);

    /// <summary>Runs a command in a folder, whose files it may find, to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunInAsync(
        string folder, IReadOnlyDictionary<string, string> settings, params IReadOnlyList<string> arguments)
    {
        using CommandProcess command = StartIn(folder, settings, arguments);
        string output = await command._process.StandardOutput.ReadToEndAsync(Token);
        await command._process.WaitForExitAsync(Token);
        return (command._process.ExitCode, output, command._error.ToString());
    }

    /// <summary>Where <c>imagescan serve</c> says that it listens.</summary>
    public async Task<Uri> AddressAsync()
    {
        try
        {
            return await _address.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"No address was announced: {_error}");
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Token);
    }

    /// <summary>Tells it to end, as whoever stops a service does (SIGTERM), and does not wait.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended by itself; fails after a minute.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(1), Token);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static CommandProcess StartIn(string folder, IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> arguments)
    {
        var command = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "imagescan.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        foreach (string name in command.Environment.Keys.Where(name => name.Contains("__", StringComparison.Ordinal) || name == "AzureWebJobsStorage").ToList())
        {
            command.Environment.Remove(name);
        }

        foreach ((string name, string value) in settings)
        {
            command.Environment[name] = value;
        }

        var process = new CommandProcess(new Process { StartInfo = command });
        process._process.Start();
        process._process.StandardInput.Close();
        process._process.BeginErrorReadLine();
        return process;
    }

    private void Take(string? line)
    {
        // The end of the stream comes as null.
        if (line is null)
        {
            return;
        }

        _error.AppendLine(line);
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["API", var address, ..])
        {
            _address.TrySetResult(new Uri(address));
        }
    }
}
