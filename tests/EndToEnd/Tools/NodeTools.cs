using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Local.Azurite;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Tools;

/// <summary>The Node.js programs that tests check with, of the versions of node/package-lock.json, installed by npm once a clone.</summary>
internal static class NodeTools
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(10);
    private static readonly SemaphoreSlim Installing = new(1);
    private static readonly string[] Parts = ["package.json", "package-lock.json"];

    /// <summary>The folder that has <c>node_modules</c>; skips the test where npm is not on the PATH.</summary>
    public static async Task<string> FolderAsync(CancellationToken cancellationToken)
    {
        string? npm = ProgramFiles.Find("npm", Environment.GetEnvironmentVariable("PATH") ?? "");
        Assert.SkipWhen(npm is null, "npm is not on the PATH");
        string[] contents = [.. Parts.Select(Read)];
        string version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(contents))))[..12];
        string folder = Repository.Path(".local", "node-tools", version);
        string complete = Path.Combine(folder, "installed");
        await Installing.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(complete))
            {
                await InstallAsync(npm!, folder, contents, cancellationToken);
                await File.WriteAllTextAsync(complete, "", cancellationToken);
            }

            return folder;
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <summary>Runs Node.js with these arguments in that folder; what it wrote and how it ended.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string folder = await FolderAsync(cancellationToken);
        return await RunAsync("node", arguments, folder, cancellationToken);
    }

    private static async Task InstallAsync(string npm, string folder, string[] contents, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, string content) in Parts.Zip(contents))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), content, cancellationToken);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(InstallPatience);
        // Nothing of them runs while it is installed.
        (int code, _, string errors) = await RunAsync(
            npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"], folder, patience.Token);
        Assert.True(code == 0, $"npm ci in {folder} ended with {code}: {errors}");
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(
        string program, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }

    private static string Read(string part)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"node/{part}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
