using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ImageScan.TestSupport;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>The Bicep compiler of the package that this project names, and what it said.</summary>
internal sealed record Bicep(int ExitCode, string Output, string Messages)
{
    private static readonly string? Folder = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .SingleOrDefault(attribute => attribute.Key == "BicepFolder")?.Value;

    private static readonly ConcurrentDictionary<string, Lazy<Task<JsonElement>>> Built = new();

    /// <summary>The files of infra/, by their names.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.GetFiles(Repository.Path("infra"), "*.bicep").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static string PathOf(string file) => Repository.Path("infra", file);

    /// <summary>Runs it to its end; skips the running test where there is none for this machine.</summary>
    public static async Task<Bicep> RunAsync(params string[] arguments)
    {
        string program = Path.Combine(Folder ?? "", "tools", "bicep");
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !File.Exists(program))
        {
            Assert.Skip("Skipped: the Bicep compiler that is referenced is for Linux on x64.");
        }

        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> messages = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Bicep(process.ExitCode, await output, await messages);
    }

    /// <summary>The ARM template that a file is compiled into, once.</summary>
    public static Task<JsonElement> BuildAsync(string file) => Built.GetOrAdd(file, _ => new Lazy<Task<JsonElement>>(() => BuildOnceAsync(file))).Value;

    /// <summary>
    /// The resources that a deployment would make, its modules and conditions evaluated, as <c>bicep snapshot</c> foretells them; what only Azure
    /// knows stays an expression (https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-cli#snapshot).
    /// </summary>
    /// <param name="file">The file that is deployed.</param>
    /// <param name="parameters">Its parameters, as a .bicepparam file says them.</param>
    public static async Task<IReadOnlyList<JsonElement>> SnapshotAsync(string file, string parameters)
    {
        string folder = Directory.CreateTempSubdirectory("bicep-").FullName;
        try
        {
            string input = Path.Combine(folder, "given.bicepparam");
            string uses = Path.GetRelativePath(folder, PathOf(file)).Replace('\\', '/');
            await File.WriteAllTextAsync(input, $"using '{uses}'\n{parameters}\n", Encoding.UTF8);

            // A template that makes the group itself goes into none.
            string[] group = file == "main.bicep" ? [] : ["--resource-group", "scanners"];
            Bicep snapshot = await RunAsync(
                [
                    "snapshot", input, "--mode", "overwrite", "--subscription-id", "00000000-0000-0000-0000-000000000001",
                    "--tenant-id", "00000000-0000-0000-0000-000000000002", "--location", "westeurope", "--deployment-name", "test", .. group,
                ]);
            Assert.True(snapshot.ExitCode == 0, snapshot.Messages);
            using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "given.snapshot.json")));
            Assert.Empty(document.RootElement.GetProperty("diagnostics").EnumerateArray());
            return [.. document.RootElement.GetProperty("predictedResources").EnumerateArray().Select(resource => resource.Clone())];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<JsonElement> BuildOnceAsync(string file)
    {
        Bicep build = await RunAsync("build", PathOf(file), "--stdout");
        Assert.True(build.ExitCode == 0, build.Messages);
        return JsonSerializer.Deserialize<JsonElement>(build.Output);
    }
}
