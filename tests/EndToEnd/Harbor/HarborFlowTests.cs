using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Harbor;

/// <summary>
/// Harbor's own course (https://github.com/goharbor/harbor/blob/main/src/pkg/scan/job.go, Run): it begins a scan, asks for the report until it is there,
/// and reads it. The registry is a real one that lets in nobody but the robot.
/// </summary>
[Collection(EventServers.Name)]
public sealed class HarborFlowTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Repository = "library/made";

    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private readonly TestAdvisories _advisories = new();
    private HarborRegistry _registry = null!;
    private ScanApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await HarborRegistry.StartAsync(Token);
        await _registry.PushAsync(Repository, Image, Token);
        await _advisories.ReplaceAsync(TestAdvisories.Record("CVE-2021-23337", "lodash", "4.17.21"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        await _registry.DisposeAsync();
        _advisories.Dispose();
    }

    [Theory]
    [InlineData("1048576")]
    [InlineData("0")] // Each layer by a message of its own.
    public async Task ReadsWithTheRobotAndReports(string inlineBytes)
    {
        await StartAsync(inlineBytes);

        ApiAnswer begun = await PostAsync();
        ApiAnswer early = await ReportAsync(begun.Id);
        ApiAnswer report = await UntilReadyAsync(begun.Id);

        Assert.Equal(HttpStatusCode.Accepted, begun.Status);
        Assert.Contains(early.Status, (HttpStatusCode[])[HttpStatusCode.Found, HttpStatusCode.OK]);
        JsonElement item = Assert.Single(report.Json.GetProperty("vulnerabilities").EnumerateArray());
        Assert.Equal("CVE-2021-23337 lodash 4.17.20 4.17.21 Critical", string.Join(
            ' ', ((string[])["id", "package", "version", "fix_version", "severity"]).Select(name => item.GetProperty(name).GetString())));
        Assert.Equal("Critical", report.Json.GetProperty("severity").GetString());
        Assert.Equal(
            (Repository, $"{Image.Manifest.Digest}"),
            (report.Json.GetProperty("artifact").GetProperty("repository").GetString(), report.Json.GetProperty("artifact").GetProperty("digest").GetString()));

        // Nobody but the robot was let in, and the first question is asked without it.
        Assert.Contains(_registry.Requests, request => request.IsBlob && request.Authorization == HarborRegistry.Basic);
        Assert.All(_registry.Requests, request => Assert.Contains(request.Authorization, (string[])["", HarborRegistry.Basic]));
    }

    [Fact]
    public async Task GivesABillOfMaterialsOfTheSameScan()
    {
        await StartAsync("1048576");
        string id = (await PostAsync()).Id;
        await UntilReadyAsync(id);

        ApiAnswer spdx = await ReportAsync(id, HarborLab.SbomReport, "?sbom_media_type=application%2Fspdx%2Bjson");
        ApiAnswer cycloneDx = await ReportAsync(id, HarborLab.SbomReport, "?sbom_media_type=application%2Fvnd.cyclonedx%2Bjson");

        Assert.Equal("SPDX-2.3", spdx.Json.GetProperty("sbom").GetProperty("spdxVersion").GetString());
        Assert.Equal("CycloneDX", cycloneDx.Json.GetProperty("sbom").GetProperty("bomFormat").GetString());
        Assert.All([spdx, cycloneDx], answer => Assert.Contains("lodash", answer.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DoesNotReadAgainWhatIsStored()
    {
        await StartAsync("1048576");
        await UntilReadyAsync((await PostAsync()).Id);
        int read = _registry.Requests.Count(request => request.IsBlob);

        await UntilReadyAsync((await PostAsync()).Id);

        Assert.Equal(read, _registry.Requests.Count(request => request.IsBlob));
    }

    [Fact]
    public async Task SaysWhyTheRegistryRefusedWithoutTheLogin()
    {
        await StartAsync("1048576");
        string wrong = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{HarborRegistry.User}:wrong-password"))}";

        ApiAnswer failed = await UntilReadyAsync((await PostAsync(wrong)).Id);

        Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
        Assert.Contains("the login that came with this scan may not read it", HarborLab.ErrorOf(failed), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", failed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, failed.Text, StringComparison.Ordinal);
    }

    // Answers are held to what Harbor waits: five seconds.
    [Fact]
    public async Task AnswersWithinTheTimeThatHarborWaits()
    {
        await StartAsync("1048576");
        await PostAsync();
        long began = Stopwatch.GetTimestamp();

        await PostAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private async Task StartAsync(string inlineBytes) => _app = await ScanApp.StartAsync(
        azurite, [.. HarborLab.Settings(_registry.Host), ("Scan:InlineBytes", inlineBytes), ("Advisories:Path", _advisories.Path)]);

    private Task<ApiAnswer> PostAsync(string? authorization = null) => _app.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/harbor/api/v1/scan")
    {
        Content = new StringContent(HarborLab.Request($"http://{_registry.Host}", Repository, Image.Manifest.Digest, authorization ?? HarborRegistry.Basic)),
    });

    private Task<ApiAnswer> ReportAsync(string id, string accept = HarborLab.VulnerabilityReport, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/harbor/api/v1/scan/{id}/report{query}");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return _app.SendAsync(request);
    }

    private Task<ApiAnswer> UntilReadyAsync(string id) => Eventually.GetAsync(() => ReportAsync(id), answer => answer.Status != HttpStatusCode.Found);
}
