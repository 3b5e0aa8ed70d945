using System.Diagnostics;
using System.Text.Json;

namespace ImageScan.EndToEnd.Real;

/// <summary>How a run of <c>imagescan</c> ended and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as JSON; fails the test if the command did.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.True(ExitCode == 0, $"imagescan ended with {ExitCode}: {Error}");
            return JsonDocument.Parse(Output).RootElement;
        }
    }
}

/// <summary>The command as its user starts it: a process of its own, without storage, with nobody at its standard input.</summary>
internal static class ImageScanCommand
{
    /// <summary>Runs it to its end; <c>Advisories__Path</c> is set if a snapshot is given.</summary>
    public static async Task<CommandRun> RunAsync(string? snapshot, CancellationToken cancellationToken, params string[] arguments)
    {
        using Process process = Process.Start(StartOf(snapshot, arguments))!;
        process.StandardInput.Close();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(5));
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
            string output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new CommandRun(process.ExitCode, output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static ProcessStartInfo StartOf(string? snapshot, string[] arguments)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "imagescan.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] settings = ["AzureWebJobsStorage", "Advisories__", "Scan__", "Limits__", "Registries__"];
        foreach (string name in start.Environment.Keys.Where(name => settings.Any(setting => name.StartsWith(setting, StringComparison.OrdinalIgnoreCase))).ToArray())
        {
            start.Environment.Remove(name);
        }

        if (snapshot is not null)
        {
            start.Environment["Advisories__Path"] = snapshot;
        }

        return start;
    }
}
