using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ImageScan.Core.Access;
using ImageScan.Core.Reports;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Description;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Suppression;
using ImageScan.Local.Demo;
using ImageScan.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.EndToEnd.Commands;

/// <summary><c>imagescan scan --server</c> against the app, and against servers that are none.</summary>
[Collection(StateServers.Name)]
public sealed class RemoteScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string AppToken = "0123456789abcdef-the-token-of-the-app";
    private const string AdminToken = "0123456789abcdef-the-token-of-its-admin";

    private readonly TestAdvisories _advisories = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-");
    private TestRegistry _registry = null!;
    private LocalServer _server = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _advisories.ReplaceAsync(
            TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21"),
            TestAdvisories.Record("CVE-2026-1002", "lodash", "4.17.21", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"));
        _registry = await TestRegistry.StartAsync(Token);
        _name = _registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));
        _server = await StartAsync(_advisories.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _registry.DisposeAsync();
        _advisories.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ShowsWhatTheAppFinds()
    {
        (int exitCode, string output, string error) = await RunAsync(_name, "--fail-on", "critical");
        (int low, string narrowed, _) = await RunAsync(_name, "--severity", "low", "--exit-code", "3");

        Assert.Equal((1, ""), (exitCode, error));
        Assert.Contains("CVE-2026-1001", output, StringComparison.Ordinal);
        Assert.Contains("2 vulnerabilities: 1 critical, 1 low; 2 fixable", output, StringComparison.Ordinal);
        Assert.Equal(3, low);
        Assert.DoesNotContain("CVE-2026-1001", narrowed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GivesTheJsonAndEveryReportOfTheApp()
    {
        (int json, string image, _) = await RunAsync(_name, "--format", "json");

        Assert.Equal(0, json);
        Assert.Contains("\"CVE-2026-1001\"", image, StringComparison.Ordinal);
        foreach (string format in ReportFormats.All.Select(format => format.Name).Where(format => format != "table"))
        {
            string path = Path.Combine(_folder.FullName, format);
            (int exitCode, string output, string error) = await RunAsync(_name, "--format", format, "--output", path, "--severity", "critical");

            Assert.Equal((format, 0, ""), (format, exitCode, output));
            Assert.Contains("CVE-2026-1001", await File.ReadAllTextAsync(path, Token), StringComparison.Ordinal);
            Assert.Contains("1 vulnerability: 1 critical", error, StringComparison.Ordinal);
        }
    }

    // At the level that is usual an answer has neither.
    [Fact]
    public async Task ShowsHowLikelyExploitsAre()
    {
        using AdvisoriesOfEveryKind advisories = AdvisoriesOfEveryKind.Build();
        await _server.DisposeAsync();
        _server = await StartAsync(advisories.Path);
        string name = _registry.Push("made/vulnerable", "1", TestImages.OfNpm($"{AdvisoriesOfEveryKind.Package}@1.0.0"));

        (_, string table, _) = await RunAsync(name, "--sort", "epss");
        (_, string json, _) = await RunAsync(name, "--format", "json");

        string first = table.Split('\n').First(line => line.Contains("CVE-2026-", StringComparison.Ordinal));
        Assert.Contains("CVE-2026-1001", first, StringComparison.Ordinal);
        Assert.Contains("50.0%", first, StringComparison.Ordinal);
        Assert.Contains("yes", first, StringComparison.Ordinal);
        Assert.DoesNotContain("epss", json, StringComparison.Ordinal);
    }

    // The answer to a name with an index's digest has that digest as its id, and so it does for every platform.
    [Fact]
    public async Task ShowsTheImageOfThePlatformThatIsWanted()
    {
        MadeImage amd64 = TestImages.OfNpm("other@1.0.0");
        MadeImage arm64 = TestImages.ForArm64(TestImages.OfNpm("lodash@4.17.20"));
        MadeBlob index = TestImages.IndexOf(amd64, arm64);
        _registry.Push("made/index", "amd64", amd64);
        _registry.Push("made/index", "arm64", arm64);
        _registry.Content.AddManifest("made/index", "1", index);
        string pinned = $"{_registry.Host}/made/index@{index.Digest}";

        (_, string usual, _) = await RunAsync(pinned);
        (int exitCode, string wanted, _) = await RunAsync(pinned, "--platform", "linux/arm64", "--fail-on", "critical");
        (_, string report, _) = await RunAsync(pinned, "--platform", "linux/arm64", "--format", "csv");

        Assert.DoesNotContain("CVE-2026-1001", usual, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        Assert.Contains("CVE-2026-1001", wanted, StringComparison.Ordinal);
        Assert.Contains("CVE-2026-1001", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysHowManyAreSuppressedThere()
    {
        using var http = new HttpClient { BaseAddress = _server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        using HttpResponseMessage snoozed = await http.PatchAsJsonAsync(
            "/v1/imagecves/suppress", new { cves = (string[])["CVE-2026-1001", "CVE-2026-1002"], duration = "3600s" }, Token);

        (int exitCode, string output, _) = await RunAsync(_name, "--exit-code", "3");
        (_, string json, string sum) = await RunAsync(_name, "--format", "json");
        (_, string shown, _) = await RunAsync(_name, "--show-suppressed");

        Assert.Equal((HttpStatusCode.OK, 0), (snoozed.StatusCode, exitCode));
        Assert.Contains("2 suppressed; --show-suppressed shows them.", output, StringComparison.Ordinal);
        Assert.Contains("2 suppressed", sum, StringComparison.Ordinal);
        Assert.DoesNotContain("CVE-2026-1001", output + json, StringComparison.Ordinal);
        Assert.Contains("CVE-2026-1001", shown, StringComparison.Ordinal);
    }

    // The digest has another name, too, which comes first and for which nothing is decided.
    [Fact]
    public async Task HeedsWhatIsDecidedForTheNameThatIsScanned()
    {
        MadeImage image = TestImages.OfNpm("lodash@4.17.20");
        string first = _registry.Push("a/app", "main", image);
        string second = _registry.Push("z/app", "rel", image);
        using var http = new HttpClient { BaseAddress = _server.Address };
        await SuppressionLab.ApproveFalsePositiveAsync(http, AdminToken, "CVE-2026-1001", _registry.Host, "z/app", "rel");
        await RunAsync(first);

        (int exitCode, string table, _) = await RunAsync(second, "--fail-on", "critical");
        (_, string report, _) = await RunAsync(second, "--format", "csv");
        (_, string json, _) = await RunAsync(second, "--format", "json");
        (int other, _, _) = await RunAsync(first, "--fail-on", "critical");

        Assert.Equal((0, 1), (exitCode, other));
        Assert.Contains("1 suppressed", table, StringComparison.Ordinal);
        Assert.All((string[])[table, report, json], text => Assert.DoesNotContain("CVE-2026-1001", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task LeavesOutWhatTheListIgnores()
    {
        string list = Path.Combine(_folder.FullName, "list");
        await File.WriteAllTextAsync(list, "cve-2026-1001\nGHSA-aaaa-bbbb-cccc\nCVE-2026-9999\n", Token);

        (int exitCode, string output, string error) = await RunAsync(_name, "--ignorefile", list, "--fail-on", "critical");

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("CVE-2026-1001", output, StringComparison.Ordinal);
        Assert.Contains("1 suppressed", output, StringComparison.Ordinal);
        Assert.Contains("give the CVE instead: GHSA-aaaa-bbbb-cccc", error, StringComparison.Ordinal);
        Assert.DoesNotContain("CVE-2026-9999", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesTheListThatItCannotHeed()
    {
        string list = Path.Combine(_folder.FullName, ".imagescanignore");
        await File.WriteAllTextAsync(list, "CVE-2026-1001\n", Token);
        var settings = new Dictionary<string, string> { ["IMAGESCAN_TOKEN"] = AppToken };
        string[] arguments = ["scan", _name, "--server", _server.Address.AbsoluteUri, "--format", "sarif"];

        (int found, _, string usual) = await CommandProcess.RunInAsync(_folder.FullName, settings, arguments);
        (int given, _, string option) = await CommandProcess.RunAsync(settings, [.. arguments, "--ignorefile", list]);

        Assert.Equal((2, 2), (found, given));
        Assert.StartsWith("Error: .imagescanignore cannot be had with --server and --format sarif", usual, StringComparison.Ordinal);
        Assert.StartsWith("Error: --ignorefile cannot be had with --server and --format sarif", option, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakesTheTokenFromAFile()
    {
        string file = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(file, AppToken + "\n", Token);

        (int exitCode, _, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["IMAGESCAN_SERVER"] = _server.Address.AbsoluteUri }, "scan", _name, "--token-file", file);

        Assert.Equal((0, ""), (exitCode, error));
    }

    [Theory]
    [InlineData("", "--token-file")]
    [InlineData("wrong", "401")]
    [InlineData("to\u00e9ken", "no token has")]
    public async Task SaysWhatIsWrongWithTheToken(string token, string reason)
    {
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["IMAGESCAN_TOKEN"] = token }, "scan", _name, "--server", _server.Address.AbsoluteUri);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.True(token.Length == 0 || token == "wrong" || !error.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaysWhyTheAppCouldNotScan()
    {
        (int exitCode, string output, string error) = await RunAsync($"{_registry.Host}/made/none:1");
        (int archive, _, string reason) = await RunAsync("docker-archive:/nowhere.tar");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("made/none", error, StringComparison.Ordinal);
        Assert.Equal(2, archive);
        Assert.Contains("registry", reason, StringComparison.Ordinal);
        Assert.Contains("--server", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysThatTheAddressIsTheVariables()
    {
        (int archive, _, string reason) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["IMAGESCAN_SERVER"] = _server.Address.AbsoluteUri }, "scan", "docker-archive:/nowhere.tar");

        Assert.Equal(2, archive);
        Assert.StartsWith("Error: IMAGESCAN_SERVER ", reason, StringComparison.Ordinal);
    }

    // A gateway's word and a connection that ends are not the app's.
    [Fact]
    public async Task AsksOnceMoreWhatChangesNothing()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication app = builder.Build();
        int asked = 0;
        app.MapFallback((HttpContext context) =>
        {
            if (context.Request.Method == "POST")
            {
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                context.Response.Headers.Location = "/v1/scans/1";
                return Task.CompletedTask;
            }

            switch (Interlocked.Increment(ref asked))
            {
                case 1:
                    context.Response.StatusCode = StatusCodes.Status502BadGateway;
                    return Task.CompletedTask;
                case 2:
                    context.Abort();
                    return Task.CompletedTask;
                default:
                    return context.Response.WriteAsync("""{"state":"FAILED","layers":[],"error":{"message":"that is the end"}}""");
            }
        });
        await app.StartAsync(Token);

        (int exitCode, _, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["IMAGESCAN_TOKEN"] = AppToken }, "scan", _name, "--server", app.Urls.Single());

        Assert.Equal(2, exitCode);
        Assert.Contains("that is the end", error, StringComparison.Ordinal);
        Assert.Equal(3, asked);
    }

    // Whatever a server says, the token goes nowhere else, and nothing of it reaches the terminal as what it is.
    [Theory]
    [InlineData(200, "", "no JSON at all")]
    [InlineData(200, "", "{}")]
    [InlineData(200, "", """{"id":"../../etc"}""")]
    [InlineData(200, "", """{"id":"sha256:00"}""")]
    [InlineData(202, "https://evil.example.com/v1/scans/1", "{}")]
    [InlineData(202, "//evil.example.com/v1/scans/1", "{}")]
    [InlineData(202, "", "{}")]
    [InlineData(202, "/v1/scans/1", "{}")]
    [InlineData(302, "https://evil.example.com/", "")]
    [InlineData(400, "", "{\"message\":\"\\u001b[2J\\u202eevil\"}")]
    [InlineData(500, "", "<html>\u001b[31m</html>")]
    public async Task EndsWithTwoAndAWordOnAnyOtherServer(int status, string location, string body)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication app = builder.Build();
        app.MapFallback((HttpContext context) =>
        {
            context.Response.StatusCode = context.Request.Method == "POST" ? status : 200;
            if (location.Length > 0)
            {
                context.Response.Headers.Location = location;
            }

            return context.Response.WriteAsync(body);
        });
        await app.StartAsync(Token);

        (int exitCode, string output, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["IMAGESCAN_TOKEN"] = AppToken }, "scan", _name, "--server", app.Urls.Single());

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("Error: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(AppToken, error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, letter => letter is '\u001b' or '\u202e');
    }

    private Task<LocalServer> StartAsync(string advisories) => LocalServer.StartAsync(
        new LocalServerOptions
        {
            Urls = "http://127.0.0.1:0",
            ConnectionString = azurite.ConnectionString,
            LoopbackAccess = AccessMode.Tokens,
            Settings = new Dictionary<string, string?>
            {
                ["Storage:Prefix"] = ScanApp.NewPrefix(),
                ["Advisories:Path"] = advisories,
                ["Access:Tokens:0:Hash"] = TokenServer.HashOf(AppToken),
                ["Access:Tokens:0:Role"] = "scan",
                ["Access:Tokens:1:Hash"] = TokenServer.HashOf(AdminToken),
                ["Access:Tokens:1:Role"] = "admin",
            },
        },
        Token);

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string image, params string[] options) => CommandProcess.RunAsync(
        new Dictionary<string, string> { ["IMAGESCAN_TOKEN"] = AppToken }, ["scan", image, "--server", _server.Address.AbsoluteUri, .. options]);
}
