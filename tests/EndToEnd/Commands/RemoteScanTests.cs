using System.Net;
using ImageScan.Core.Access;
using ImageScan.Core.Reports;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.EndToEnd.Commands;

/// <summary><c>imagescan scan --server</c> against the app, and against servers that are none.</summary>
[Collection(ScanServers.Name)]
public sealed class RemoteScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string AppToken = "0123456789abcdef-the-token-of-the-app";

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
        _server = await LocalServer.StartAsync(
            new LocalServerOptions
            {
                Urls = "http://127.0.0.1:0",
                ConnectionString = azurite.ConnectionString,
                LoopbackAccess = AccessMode.Tokens,
                Settings = new Dictionary<string, string?>
                {
                    ["Storage:Prefix"] = ScanApp.NewPrefix(),
                    ["Advisories:Path"] = _advisories.Path,
                    ["Access:Tokens:0:Hash"] = TokenServer.HashOf(AppToken),
                    ["Access:Tokens:0:Role"] = "scan",
                },
            },
            Token);
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

        Assert.Equal((1, ""), (exitCode, error.Trim()));
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

    [Fact]
    public async Task LeavesOutWhatTheListIgnores()
    {
        string list = Path.Combine(_folder.FullName, "list");
        await File.WriteAllTextAsync(list, "cve-2026-1001\n", Token);

        (int exitCode, string output, _) = await RunAsync(_name, "--ignorefile", list, "--fail-on", "critical");

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("CVE-2026-1001", output, StringComparison.Ordinal);
        Assert.Contains("1 suppressed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakesTheTokenFromAFile()
    {
        string file = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(file, AppToken + "\n", Token);

        (int exitCode, _, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["IMAGESCAN_SERVER"] = _server.Address.AbsoluteUri }, "scan", _name, "--token-file", file);

        Assert.Equal((0, ""), (exitCode, error.Trim()));
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

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string image, params string[] options) => CommandProcess.RunAsync(
        new Dictionary<string, string> { ["IMAGESCAN_TOKEN"] = AppToken }, ["scan", image, "--server", _server.Address.AbsoluteUri, .. options]);
}
