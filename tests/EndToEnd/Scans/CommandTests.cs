using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class CommandTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly Dictionary<string, string> NoSettings = [];

    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task DemoEndsWithATableOfItsFindings()
    {
        var settings = new Dictionary<string, string> { ["AzureWebJobsStorage"] = azurite.ConnectionString, ["Storage__Prefix"] = ScanApp.NewPrefix() };

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(settings, "demo");

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        AssertRow(output, "CVE-2022-32221", "curl", "7.74.0-1.3+deb11u3", "OS");
        AssertRow(output, "CVE-2021-23337", "lodash", "4.17.20", "NODEJS");
        AssertRow(output, "CVE-2023-32681", "requests", "2.25.1", "PYTHON");
        Assert.Contains("made image", error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("starter set", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("moderate", 1)]
    [InlineData("important", 1)]
    [InlineData("critical", 0)]
    public async Task ScanEndsByTheGate(string? failOn, int expected)
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"));
        string name = _registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));
        string[] gate = failOn is null ? [] : ["--fail-on", failOn];

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["Advisories__Path"] = advisories.Path }, ["scan", name, .. gate]);

        Assert.Equal((expected, ""), (exitCode, exitCode == expected ? "" : error));
        AssertRow(output, "IMPORTANT", "7.5", "CVE-2026-1001", "lodash", "4.17.20", "4.17.21", "NODEJS");
    }

    // The starter set has no rating for any of its findings.
    [Fact]
    public async Task ScanTakesWhatNobodyHasRatedForLow()
    {
        string archive = $"docker-archive:{SharedData.Path("images", "alpine-3.9.tar")}";

        (int low, _, _) = await CommandProcess.RunAsync(NoSettings, "scan", archive, "--fail-on", "low");
        (int moderate, _, _) = await CommandProcess.RunAsync(NoSettings, "scan", archive, "--fail-on", "moderate");

        Assert.Equal((1, 0), (low, moderate));
    }

    [Fact]
    public async Task ScanSaysWhatItsGateHasNotSeen()
    {
        string archive = $"docker-archive:{SharedData.Path("images", "alpine-3.9.tar")}";

        (int exitCode, _, string error) = await CommandProcess.RunAsync(NoSettings, "scan", archive, "--fail-on", "moderate", "--format", "csv", "--quiet");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            "Warning: the gate has judged a partial scan: only the starter set of advisories was asked, which lacks most vulnerabilities; "
            + "the distribution's release is past its end of life.",
            error.TrimEnd());
    }

    [Theory]
    [InlineData("scan")]
    [InlineData("scan", "x", "--fail-on", "nope")]
    [InlineData("scan", "x", "--platform", "foo")]
    [InlineData("serve", "--urls", "")]
    [InlineData("serve", "--urls", "https://127.0.0.1:1")]
    [InlineData("serve", "--urls", "http://127.0.0.1:99999")]
    [InlineData("nope")]
    public async Task WrongArgumentsEndWithTwoAndNothingOnStandardOutput(params string[] arguments)
    {
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(NoSettings, arguments);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("Error: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScanWithoutAdvisoriesIsNoCleanBill()
    {
        string name = _registry.Push("made/image", "1", DemoImage.Build());

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["Advisories__UseStarterSet"] = "false" }, "scan", name, "--fail-on", "low");

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("No known vulnerability", output, StringComparison.Ordinal);
        Assert.Contains("OS_CVES_UNAVAILABLE", output, StringComparison.Ordinal);
        Assert.Contains("partial scan", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScanGivesJsonThatNoTerminalObeys()
    {
        string name = _registry.Push("made/image", "1", TestImages.OfNpm("a\u202eb\u009bc@1.0.0"));

        (int exitCode, string output, _) = await CommandProcess.RunAsync(NoSettings, "scan", name, "--format", "json");

        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(output, character => character is '\u202e' or '\u009b');
        Assert.Equal("a\u202eb\u009bc", document.RootElement.GetProperty("scan").GetProperty("components")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task ScanGivesTheJsonOfTheApi()
    {
        string name = _registry.Push("made/image", "1", DemoImage.Build());

        (int exitCode, string output, _) = await CommandProcess.RunAsync(NoSettings, "scan", name, "--format", "json");

        Assert.Equal(0, exitCode);
        using JsonDocument image = JsonDocument.Parse(output);
        Assert.Equal(DemoImage.Build().Manifest.Digest.ToString(), image.RootElement.GetProperty("id").GetString());
        Assert.Equal(9, image.RootElement.GetProperty("scan").GetProperty("components").GetArrayLength());
    }

    [Theory]
    [InlineData("HOST/made/none:1", "status=404")]
    [InlineData("10.0.0.1/made/image:1", "10.0.0.1")]
    [InlineData("no name at all", "no name at all")]
    [InlineData("docker-archive:/nowhere/at/all.tar", "/nowhere/at/all.tar")]
    [InlineData("./", "nor such a folder with oci-layout or manifest.json")]
    public async Task ScanEndsWithTwoAndTheReasonOnErrors(string image, string reason)
    {
        string name = image.Replace("HOST", _registry.Host, StringComparison.Ordinal);

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(NoSettings, "scan", name, "--fail-on", "low");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("Error: ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InventoryReadsAnUnpackedArchiveByItsPath()
    {
        string folder = Directory.CreateTempSubdirectory("imagescan-tests-").FullName;
        try
        {
            await TarFile.ExtractToDirectoryAsync(SharedData.Path("images", "alpine-3.9.tar"), folder, overwriteFiles: false, TestContext.Current.CancellationToken);

            (int exitCode, string output, string error) = await CommandProcess.RunAsync(NoSettings, "inventory", folder);

            Assert.True(exitCode == 0, error);
            Assert.Contains("musl", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task ScanSaysWhyAnImageWasReadInPart()
    {
        byte[] tar = TestImages.TarOf(new UstarTarEntry(TarEntryType.RegularFile, "bomb") { DataStream = new MemoryStream(new byte[4 << 20]) });
        string name = _registry.Push("made/bomb", "1", TestImages.OfLayer(tar, CompressionLevel.SmallestSize));

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["Limits__LayerRatioFloorBytes"] = "100000" }, "scan", name);

        Assert.Equal(0, exitCode);
        Assert.Contains("PARTIAL_SCAN_DATA", output, StringComparison.Ordinal);
        Assert.Contains("Limits__LayerRatio", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeavesNoHostileCharacterInItsTableOrMessages()
    {
        const string Hostile = "ev\u001b[2J\u001b]0;owned\u0007il\u202egnp\u2066\r\n\u009b31m";
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(TestAdvisories.Record("CVE-2026-1001", Hostile, "4.17.21"));
        byte[] tar = TestImages.TarOf(
            new UstarTarEntry(TarEntryType.RegularFile, "app/node_modules/evil/package.json")
            {
                DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new { name = Hostile, version = "4.17.20" })),
            },
            new PaxTarEntry(TarEntryType.RegularFile, "app/node_modules/\u001b[31m\u202e/package.json") { DataStream = new MemoryStream("broken"u8.ToArray()) },
            new UstarTarEntry(TarEntryType.RegularFile, "etc/os-release") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("ID=\"ev\u001b[31mil\"\nVERSION_ID=\"\u202e1\"\n")) });
        string name = _registry.Push("made/hostile", "1", TestImages.OfLayer(tar));

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(new Dictionary<string, string> { ["Advisories__Path"] = advisories.Path }, "scan", name);

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        Assert.Contains("CVE-2026-1001", output, StringComparison.Ordinal);
        Assert.All(output + error, character => Assert.True(character is '\n' or '\r' || !IsHostile(character), $"U+{(int)character:X4}"));
        Assert.Contains("?[2J", output, StringComparison.Ordinal);
    }

    private static bool IsHostile(char character) => char.GetUnicodeCategory(character)
        is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format;

    private static void AssertRow(string table, params string[] cells) =>
        Assert.Contains(table.Split('\n'), row => cells.All(cell => row.Contains($" {cell} ", StringComparison.Ordinal)));
}
