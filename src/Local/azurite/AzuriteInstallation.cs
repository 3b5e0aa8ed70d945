using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;

namespace ImageScan.Local.Azurite;

/// <summary>Azurite on this machine: the version of our lock file, installed by npm once per clone.</summary>
internal sealed class AzuriteInstallation(AzuriteOptions options)
{
    /// <summary>What every error of a missing tool ends with.</summary>
    public const string Remedy =
        "Install Node.js 20 or newer with npm (https://nodejs.org), or give AzureWebJobsStorage the connection string of a storage account.";

    // npm ci takes 20-30 s here; a slow disk or network may take minutes.
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(10);

    private static readonly string[] Parts = ["package.json", "package-lock.json", "start.js"];

    /// <summary>
    /// The path of the script that starts Azurite; installs it first if it is not there. Processes that come at once wait for the one that
    /// installs. Throws <see cref="AzuriteException"/>.
    /// </summary>
    public async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        string[] contents = [.. Parts.Select(Read)];
        string version = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(contents))))[..12];
        string root = Path.Combine(options.Folder, "azurite");
        string folder = Path.Combine(root, version);
        string script = Path.Combine(folder, "start.js");
        string complete = Path.Combine(folder, "installed");
        if (File.Exists(complete))
        {
            return script;
        }

        Directory.CreateDirectory(root);
        using FileLock? held = await FileLock.TakeAsync(Path.Combine(root, "install.lock"), InstallPatience, cancellationToken);
        if (held is null)
        {
            throw new AzuriteException(
                $"Another process has been installing Azurite into {root} for {InstallPatience.TotalMinutes} minutes. End it, or delete that folder.");
        }

        if (!File.Exists(complete))
        {
            await InstallAsync(folder, contents, cancellationToken);
            await File.WriteAllTextAsync(complete, "", cancellationToken);
        }

        return script;
    }

    private async Task InstallAsync(string folder, string[] contents, CancellationToken cancellationToken)
    {
        string npm = ProgramFiles.Find("npm", options.SearchPath)
            ?? throw new AzuriteException($"Azurite, the storage emulator, is not installed and npm is not on the PATH. {Remedy}");
        Directory.CreateDirectory(folder);
        foreach ((string name, string content) in Parts.Zip(contents))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), content, cancellationToken);
        }

        options.Messages.WriteLine($"Installing Azurite, the storage emulator, into {folder}: once, about half a minute.");

        // None of its packages needs its install script to serve tables, queues and blobs, so none of them runs.
        var start = new ProcessStartInfo(npm, ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = options.SearchPath;
        using Process process = ProgramFiles.Start(start);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new AzuriteException(
                $"npm ci in {folder} ended with {process.ExitCode}: {LastLines(await errors)} "
                + $"npm needs its registry once (see `npm config get registry`). {Remedy}");
        }
    }

    private static string LastLines(string text) =>
        string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(4));

    private static string Read(string part)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"azurite/{part}")
            ?? throw new InvalidOperationException($"{part} is not part of this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
