using System.Diagnostics;

namespace ImageScan.EndToEnd.Installed;

/// <summary>Programs that install packages.</summary>
internal static class Tool
{
    private static readonly Dictionary<string, string?> Unchanged = [];

    /// <summary>Runs one to its end and returns its standard output.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">The program and what it gets.</param>
    /// <exception cref="InvalidOperationException">It failed, or took five minutes.</exception>
    public static Task<string> RunAsync(string folder, params string[] arguments) => RunAsync(folder, Unchanged, "", arguments);

    /// <summary>As above, with changes to its environment (null takes away) and a text at its standard input.</summary>
    public static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string?> environment, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(arguments[0], arguments[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Versions and states are read from what they print.
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
            string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await error}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{string.Join(' ', arguments)} did not end.");
        }
    }
}
