using System.Text.Json;
using ImageScan.Core.Reports;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Commands;

namespace ImageScan.EndToEnd.Commands;

public sealed class ScanOptionsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("scan options ");
    private readonly TestAdvisories _advisories = new();
    private TestRegistry _registry = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _name = _registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "other@1.0.0"));
        await _advisories.ReplaceAsync(
            TestAdvisories.Record("CVE-2026-1001", "other", "9.0.0"),
            TestAdvisories.Record("CVE-2026-1002", "lodash", "4.17.21", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"),
            TestAdvisories.Record("CVE-2026-1003", "lodash", "4.17.21", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"));
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _advisories.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("", "1001 1002 1003")]
    [InlineData("--severity CRITICAL,high", "1001 1002")]
    [InlineData("--severity important", "1002")]
    [InlineData("-s negligible,unknown", "1003")]
    [InlineData("--severity low --severity critical,unknown", "1001 1003")]
    [InlineData("-f table --sort cve", "1001 1002 1003")]
    [InlineData("--sort package", "1002 1003 1001")]
    [InlineData("--sort cvss --ignore-unfixed", "1001 1002 1003")]
    public async Task ShowOnlyWhatIsWantedInTheOrderThatIsWanted(string options, string expected)
    {
        (int exitCode, string output, string error) = await RunAsync(options);

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        Assert.Equal(expected, string.Join(' ', CvesIn(output).Select(cve => cve[^4..])));
    }

    [Theory]
    [InlineData("--exit-code 7", 7)]
    [InlineData("--exit-code 0 --fail-on low", 0)]
    [InlineData("--exit-code 7 --fail-on CRITICAL", 7)]
    [InlineData("--exit-code 7 --severity unknown", 0)]
    [InlineData("--fail-on critical --severity low", 0)]
    [InlineData("--fail-on high", 1)]
    [InlineData("--exit-on-eol 5", 0)]
    public async Task EndByWhatIsReported(string options, int expected) => Assert.Equal(expected, (await RunAsync(options)).ExitCode);

    [Fact]
    public async Task LeaveOutWhatTheListIgnores()
    {
        string list = Path.Combine(_folder.FullName, "known list");
        await File.WriteAllTextAsync(list, "CVE-2026-1001 # known\nCVE-2026-1002 exp:2000-01-01\nCVE-2026-1003 exp:never\n", Token);

        (int exitCode, string output, string error) = await RunAsync("--fail-on critical", "--ignorefile", list);
        (_, string shown, _) = await RunAsync("--show-suppressed", "--ignorefile", list);
        (int missing, _, string reason) = await RunAsync("", "--ignorefile", list + "x");

        Assert.Equal((0, "CVE-2026-1002 CVE-2026-1003"), (exitCode, string.Join(' ', CvesIn(output))));
        Assert.Contains("1 suppressed", output, StringComparison.Ordinal);
        Assert.Contains("Line 3 is not used", error, StringComparison.Ordinal);
        Assert.Contains(shown.Split('\n'), row => row.Contains("CVE-2026-1001", StringComparison.Ordinal) && row.Contains("ignored: known", StringComparison.Ordinal));
        Assert.Equal(2, missing);
        Assert.Contains("known list", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeaveOutWhatVexSays()
    {
        string vex = Path.Combine(_folder.FullName, "statements.json");
        await File.WriteAllTextAsync(vex, """
            {"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.com/vex/1","author":"a test","timestamp":"2026-01-01T00:00:00Z","version":1,
             "statements":[{"vulnerability":{"name":"CVE-2026-1001"},"products":[{"@id":"pkg:npm/other@1.0.0"}],"status":"not_affected","justification":"vulnerable_code_not_present"}]}
            """, Token);
        string broken = Path.Combine(_folder.FullName, "broken.json");
        await File.WriteAllTextAsync(broken, "{", Token);

        (int exitCode, string output, string error) = await RunAsync("--fail-on critical", "--vex", vex);
        (int refused, string nothing, string reason) = await RunAsync("", "--vex", vex, "--vex", broken);

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        Assert.Equal(["CVE-2026-1002", "CVE-2026-1003"], CvesIn(output));
        Assert.Equal((2, ""), (refused, nothing));
        Assert.Contains("broken.json", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAFileThatIsWholeOrNotThere()
    {
        string path = Path.Combine(_folder.FullName, "image.json");
        await File.WriteAllTextAsync(path, "before", Token);

        (int failed, _, _) = await CommandProcess.RunAsync(Settings, "scan", _registry.Host + "/made/none:1", "--format", "json", "--output", path);
        string before = await File.ReadAllTextAsync(path, Token);
        (int done, string output, string error) = await RunAsync("--format json", "--output", path);

        Assert.Equal((2, "before"), (failed, before));
        Assert.Equal((0, ""), (done, output));
        Assert.Contains("3 vulnerabilities", error, StringComparison.Ordinal);
        using JsonDocument image = JsonDocument.Parse(await File.ReadAllTextAsync(path, Token));
        Assert.Equal(_name, image.RootElement.GetProperty("name").GetProperty("fullName").GetString());
        Assert.Equal(["image.json"], _folder.GetFiles().Select(file => file.Name));
    }

    [Theory]
    [InlineData("none/image.json", "no folder")]
    [InlineData("none/", "no file")]
    [InlineData("", "no file")]
    public async Task SayWhereNoFileCanBeBeforeTheScan(string name, string reason)
    {
        string path = Path.Combine(_folder.FullName, name);

        (int exitCode, string output, string error) = await RunAsync("--format json", "--output", path);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"Error: --output is '{path}', ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Empty(_registry.BlobRequests);
    }

    [Fact]
    public async Task WriteEveryFormat()
    {
        foreach (IReportFormat format in ReportFormats.All)
        {
            (int exitCode, string output, string error) = await RunAsync($"--format {format.Name}");

            Assert.Equal((format.Name, 0, ""), (format.Name, exitCode, exitCode == 0 ? "" : error));
            Assert.Contains("CVE-2026-1001", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SayNothingButTheResultWhenQuiet()
    {
        (int exitCode, string output, string error) = await RunAsync("--format json --quiet");

        Assert.Equal((0, ""), (exitCode, error));
        using JsonDocument image = JsonDocument.Parse(output);
        Assert.Equal(2, image.RootElement.GetProperty("scan").GetProperty("components").GetArrayLength());
    }

    [Fact]
    public async Task GiveUpAfterTheTime()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(Settings, "scan", $"{silent.LocalEndpoint}/made/image:1", "--timeout", "1s");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("--timeout", error, StringComparison.Ordinal);
    }

    // https://no-color.org, https://force-color.org
    [Theory]
    [InlineData("", "", false)]
    [InlineData("1", "", true)]
    [InlineData("1", "1", false)]
    [InlineData("", "1", false)]
    public async Task ShowColoursWhereTheyAreWanted(string forced, string none, bool expected)
    {
        var settings = new Dictionary<string, string>(Settings) { ["FORCE_COLOR"] = forced, ["NO_COLOR"] = none, ["TERM"] = "xterm-256color" };

        (_, string output, _) = await CommandProcess.RunAsync(settings, "scan", _name);

        Assert.Equal(expected, output.Contains("\u001b[", StringComparison.Ordinal));
        // Every row is whole: two of the three are of lodash.
        Assert.Equal(2, output.Split('\n').Count(line => line.Contains("lodash", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--fail-om high", "--fail-on")]
    [InlineData("--severty=high", "--severity")]
    [InlineData("--ignore-unfix", "--ignore-unfixed")]
    public async Task SuggestWhatWasMeant(string wrong, string meant)
    {
        (int exitCode, string output, string error) = await RunAsync(wrong);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains($"Did you mean {meant} by '{wrong.Split(' ')[0]}'?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--severity urgent")]
    [InlineData("--severity low --severity urgent")]
    [InlineData("--format pdf")]
    [InlineData("--exit-code 256")]
    [InlineData("--exit-code -1")]
    [InlineData("--exit-on-eol x")]
    [InlineData("--timeout never")]
    [InlineData("--sort colour")]
    [InlineData("--server ftp://scanner.example.com")]
    [InlineData("--server http://scanner.example.com")]
    [InlineData("--server https://me@scanner.example.com")]
    public async Task RefuseWhatTheyCannotBe(string options)
    {
        (int exitCode, string output, string error) = await RunAsync(options);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("Error: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("300", 300)]
    [InlineData("5m0s", 300)]
    [InlineData("1h30m", 5_400)]
    [InlineData("24h", 86_400)]
    [InlineData("0", null)]
    [InlineData("", null)]
    [InlineData("5", 5)]
    [InlineData("5 m", null)]
    [InlineData("m5", null)]
    [InlineData("25h", null)]
    [InlineData("999999999h", null)]
    public void ReadTimesAsGoWritesThem(string text, int? seconds) =>
        Assert.Equal(seconds is { } count ? TimeSpan.FromSeconds(count) : null, Duration.Read(text));

    [Theory]
    [InlineData("--fail-on", "--fail-om", 1)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void CountMistakes(string from, string to, int expected) => Assert.Equal(expected, Suggestion.Distance(from, to));

    private Dictionary<string, string> Settings => new() { ["Advisories__Path"] = _advisories.Path };

    private static string[] CvesIn(string output) =>
        [.. output.Split('\n').SelectMany(line => line.Split(' ')).Where(word => word.StartsWith("CVE-2026-", StringComparison.Ordinal))];

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string options, params string[] more) =>
        CommandProcess.RunAsync(Settings, ["scan", _name, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. more]);
}
