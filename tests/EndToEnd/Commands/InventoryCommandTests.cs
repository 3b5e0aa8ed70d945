using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Commands;

public sealed class InventoryCommandTests : IAsyncLifetime
{
    // A terminal obeys the first half, JSON and pages the second.
    private const string Hostile =
        "ev\u001b[2J\u001b]8;;http://evil.example\u0007il\u001b]8;;\u0007\u009b31m\u202egnp\u2066\r\n\u2028\"\\</script><!--]]>&lt;\u007f";

    private static readonly Dictionary<string, string> NoSettings = [];

    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task WritesTheSamePackagesInEveryFormat()
    {
        string name = _registry.Push("made/image", "1", DemoImage.Build());

        JsonElement json = await ReadAsync(name, "json");
        JsonElement cycloneDx = await ReadAsync(name, "cyclonedx");
        JsonElement spdx = await ReadAsync(name, "spdx");
        (_, string table, _) = await CommandProcess.RunAsync(NoSettings, "inventory", name);

        string[] purls = [.. json.GetProperty("packages").EnumerateArray().Select(package => package.GetProperty("purl").GetString()!)];
        Assert.Contains("pkg:npm/lodash@4.17.20", purls);
        Assert.Equal(purls, cycloneDx.GetProperty("components").EnumerateArray()
            .Where(component => component.TryGetProperty("purl", out _)).Select(component => component.GetProperty("purl").GetString()!));
        Assert.Equal(purls, spdx.GetProperty("packages").EnumerateArray().Skip(1)
            .Where(package => package.TryGetProperty("externalRefs", out _)).Select(package => package.GetProperty("externalRefs")[0].GetProperty("referenceLocator").GetString()!));
        Assert.Contains($"{purls.Length} packages", table, StringComparison.Ordinal);
        Assert.Equal(DemoImage.Build().Manifest.Digest.ToString(), cycloneDx.GetProperty("metadata").GetProperty("component").GetProperty("version").GetString());
    }

    [Fact]
    public async Task RefusesAFormatThatItDoesNotKnow()
    {
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(NoSettings, "inventory", "x", "--format", "xml");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("cyclonedx", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("cyclonedx")]
    [InlineData("spdx")]
    public async Task LetsNothingOfAHostileImageReachTheTerminal(string format)
    {
        string name = _registry.Push("made/hostile", "1", TestImages.OfLayer(HostileLayer()));

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(NoSettings, "inventory", name, "--format", format);

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        Assert.All(output + error, character => Assert.True(character is '\n' or '\r' || !IsHostile(character), $"U+{(int)character:X4}"));
        Assert.Contains("31m", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\"", output, StringComparison.Ordinal);
        if (format != "table")
        {
            using JsonDocument document = JsonDocument.Parse(output);
            Assert.DoesNotContain("</script", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task KeepsHostileTextsAsTheyAreInItsJson()
    {
        string name = _registry.Push("made/hostile", "1", TestImages.OfLayer(HostileLayer()));

        JsonElement json = await ReadAsync(name, "json");

        JsonElement package = Assert.Single(json.GetProperty("packages").EnumerateArray(), package => package.GetProperty("type").GetString() == "npm");
        Assert.Equal((Hostile, Hostile), (package.GetProperty("name").GetString(), package.GetProperty("version").GetString()));
        Assert.Equal(Hostile, package.GetProperty("license").GetString());
    }

    private static byte[] HostileLayer() => TestImages.TarOf(
        File(new PaxTarEntry(TarEntryType.RegularFile, "app/node_modules/\u001b[31m\u202ex/package.json"), JsonSerializer.Serialize(new { name = Hostile, version = Hostile, license = Hostile })),
        File(new PaxTarEntry(TarEntryType.RegularFile, "app/node_modules/\u009b31m/package.json"), "broken"),
        File(new PaxTarEntry(TarEntryType.RegularFile, "x/p\u001b]0;y\u0007.dist-info/METADATA"), "Name: a\u001b[31m\nVersion: 1\u202e\u009b31m\nLicense: http://evil\u001b[31m\n"),
        File(new PaxTarEntry(TarEntryType.RegularFile, "var/lib/dpkg/status"), "Package: d\u001b[31m\nVersion: 1\u202e\nArchitecture: \u009b31m\nStatus: install ok installed\n\n"),
        File(new UstarTarEntry(TarEntryType.RegularFile, "etc/os-release"), "ID=\"ev\u001b[31mil\"\nVERSION_ID=\"\u202e1\"\nPRETTY_NAME=\"\u009b31m\"\n"));

    private static TarEntry File(TarEntry entry, string text)
    {
        entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return entry;
    }

    private static async Task<JsonElement> ReadAsync(string image, string format)
    {
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(NoSettings, "inventory", image, "--format", format);
        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static bool IsHostile(char character) => char.GetUnicodeCategory(character)
        is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format;
}
