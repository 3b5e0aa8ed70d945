using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Real;

/// <summary>Real images on this machine, by the command as a process.</summary>
public sealed class RealArchiveTests(SharedAdvisories advisories) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-real-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task SaysWhatItBuiltTheSnapshotFrom()
    {
        CommandRun build = await advisories.BuildAsync(Token);

        Assert.Equal(0, build.ExitCode);
        // Figures of the data as it lies there: 82,671 records, less those that are no vulnerabilities of what detectors know.
        Assert.Equal(78_602, NumbersOf(build.Output, @"(?m)^osv +\d+ documents, ([\d,]+) records").Sum());
        Assert.Equal(2_091, NumbersOf(build.Output, @"(?m)^osv .*, ([\d,]+) malformed$").Sum());
        Assert.Matches(@"(?m)^skipped +[1-9][\d,]*: [1-9]\d* withdrawn, ", build.Output);
        Assert.Matches(@"(?m)^ecosystems +[1-9]\d* with their releases: .*\bAlpine, .*\bDebian, .*\bnpm", build.Output);
        Assert.Matches(@"(?m)^seconds +\d+\.\d$", build.Output);
        Assert.Matches(@"(?m)^peak memory +\d+ MiB$", build.Output);
        Assert.Matches(@"(?m)^file +\S+, [\d,]+ bytes$", build.Output);
    }

    // A line for each folder.
    private static IEnumerable<int> NumbersOf(string output, string pattern) =>
        Regex.Matches(output, pattern).Select(line => int.Parse(line.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("alpine-3.4", "alpine:3.4")]
    [InlineData("alpine-3.9", "alpine:3.9")]
    [InlineData("debian-11", "debian:11")]
    public async Task FindsTheExpectedRowsAndNoOther(string image, string system)
    {
        string[] expected = ExpectedRows.Of(image);

        ImageReply reply = await ScanAsync(Archive(image));

        Assert.Equal(expected, reply.Rows);
        Assert.Equal(system, reply.OperatingSystem);
        Assert.Empty(reply.ScanNotes);
        StackRoxKeys.AssertOrdered(reply.Json);
    }

    [Theory]
    [InlineData("alpine-3.10")]
    [InlineData("alpine-3.14")]
    [InlineData("alpine-3.20")]
    public async Task FindsNothingAndSaysHowOldTheAdvisoriesAre(string image)
    {
        CommandRun run = await ImageScanCommand.RunAsync(await advisories.SnapshotAsync(Token), Token, "scan", Archive(image), "--format", "json");

        var reply = new ImageReply(run.Json);
        Assert.NotEmpty(reply.Packages);
        Assert.Empty(reply.Rows);
        Assert.Matches(@", advisories up to 2026-08-22 \(\d+ days old\)", reply.ScannerVersion);
        Assert.Contains(reply.ScannerVersion, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alpine-3.9")]
    [InlineData("debian-11")]
    [InlineData("distroless-base12")]
    public async Task FindsTheSameInAnArchiveALayoutAndARegistry(string image)
    {
        string archive = SharedData.Path("images", $"{image}.tar");
        string layout = Path.Combine(_folder.FullName, "layout");
        await using DockerRegistry registry = await DockerRegistry.StartAsync(Token);
        await Skopeo.CopyAsync($"docker-archive:{archive}", $"oci:{layout}:real", Token);
        string pushed = await Skopeo.PushAsync(archive, registry.Host, "same/image:1", Token);
        string expected = (await ScanAsync(Archive(image))).ComponentsWithoutTimes();

        string[] found =
        [
            (await ScanAsync($"oci:{layout}")).ComponentsWithoutTimes(),
            (await ScanAsync($"oci:{layout}:real")).ComponentsWithoutTimes(),
            (await ScanAsync(pushed)).ComponentsWithoutTimes(),
        ];

        Assert.Contains("\"name\":", expected, StringComparison.Ordinal);
        Assert.All(found, components => Assert.Equal(expected, components));
    }

    [Theory]
    [InlineData("alpine-3.4", "alpine:3.4", "apk", 11)]
    [InlineData("alpine-3.9", "alpine:3.9", "apk", 11)]
    [InlineData("debian-11", "debian:11", "dpkg", 426)]
    public async Task ListsTheInventoryUnderTheDocumentedKeys(string image, string system, string type, int count)
    {
        JsonElement inventory = await InventoryAsync(image);

        JsonElement[] packages = [.. inventory.GetProperty("packages").EnumerateArray()];
        Assert.Equal(["image", "digest", "distribution", "endOfLife", "extendedSupportEnd", "baseLayers", "packages", "warnings"], KeysOf(inventory));
        Assert.Equal(Archive(image), inventory.GetProperty("image").GetString());
        Assert.Equal(system, inventory.GetProperty("distribution").GetString());
        Assert.Equal(0, inventory.GetProperty("warnings").GetArrayLength());
        Assert.Equal(count, packages.Length);
        Assert.All(packages, package =>
        {
            Assert.Equal(
                [
                    "type", "name", "version", "sourceName", "sourceVersion", "architecture", "path", "layer", "layerIndex", "instruction", "license",
                    "spdx", "vendor", "module", "purl", "executables", "fromBase",
                ],
                KeysOf(package));
            Assert.Equal(type, package.GetProperty("type").GetString());
            Assert.Equal(0, package.GetProperty("layerIndex").GetInt32());
            Assert.StartsWith(type == "apk" ? "pkg:apk/alpine/" : "pkg:deb/debian/", package.GetProperty("purl").GetString());
        });
    }

    [Theory]
    [InlineData("debian-11", "var/lib/dpkg/status")]
    [InlineData("distroless-base12", "var/lib/dpkg/status.d")]
    public async Task ListsEveryPackageThatTheStatusFilesHaveInstalled(string image, string path)
    {
        IEnumerable<(string Name, string Version)> installed = ArchiveFiles.Under(SharedData.Path("images", $"{image}.tar"), path)
            .SelectMany(file => DpkgStatus.Installed(file.Text));

        JsonElement inventory = await InventoryAsync(image);

        Assert.Equal(
            installed.Select(package => $"{package.Name} {package.Version}").Order(StringComparer.Ordinal),
            LinesOf(inventory, package => $"{Text(package, "name")} {Text(package, "version")}"));
    }

    [Fact]
    public async Task AgreesWithDpkgQuery()
    {
        (string _, string status) = Assert.Single(ArchiveFiles.Under(SharedData.Path("images", "debian-11.tar"), "var/lib/dpkg/status"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "status"), status, Token);
        string[] expected = await DpkgQueryAsync();

        JsonElement inventory = await InventoryAsync("debian-11");

        Assert.Equal(426, expected.Length);
        Assert.Equal(expected, LinesOf(inventory, package => $"{Text(package, "name")} {Text(package, "version")} {Text(package, "sourceName") ?? Text(package, "name")}"));
    }

    private static string Archive(string image) => $"docker-archive:{SharedData.Path("images", $"{image}.tar")}";

    private static string[] KeysOf(JsonElement message) => [.. message.EnumerateObject().Select(member => member.Name)];

    private static string[] LinesOf(JsonElement inventory, Func<JsonElement, string> line) =>
        [.. inventory.GetProperty("packages").EnumerateArray().Select(line).Order(StringComparer.Ordinal)];

    private static string? Text(JsonElement package, string key) => package.GetProperty(key).GetString();

    private async Task<ImageReply> ScanAsync(string image) =>
        new((await ImageScanCommand.RunAsync(await advisories.SnapshotAsync(Token), Token, "scan", image, "--format", "json")).Json);

    private static async Task<JsonElement> InventoryAsync(string image) =>
        (await ImageScanCommand.RunAsync(snapshot: null, Token, "inventory", Archive(image), "--format", "json")).Json;

    private async Task<string[]> DpkgQueryAsync()
    {
        OnPath.Require("dpkg-query");
        string[] arguments = [$"--admindir={_folder.FullName}", "--show", "--showformat", "${db:Status-Status} ${Package} ${Version} ${source:Package}\\n"];
        using Process process = Process.Start(new ProcessStartInfo("dpkg-query", arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"dpkg-query ended with {process.ExitCode}."));
        return
        [
            .. output.Split('\n')
                .Where(line => line.StartsWith("installed ", StringComparison.Ordinal))
                .Select(line => line["installed ".Length..])
                .Order(StringComparer.Ordinal),
        ];
    }
}
