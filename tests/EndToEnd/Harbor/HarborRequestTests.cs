using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Harbor;

/// <summary>What Harbor is told at once: who we are, and what cannot be. Each answer is held to the API's description.</summary>
[Collection(EventServers.Name)]
public sealed class HarborRequestTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private const string Consumed = "application/vnd.oci.image.manifest.v1+json,application/vnd.docker.distribution.manifest.v2+json";

    private TestRegistry _registry = null!;
    private HarborLab? _lab;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HarborLab Lab => _lab!;

    private string Request(string? url = null, string authorization = "Basic cm9ib3Q6c2VjcmV0") =>
        HarborLab.Request(url ?? $"http://{_registry.Host}", "library/made", Image.Manifest.Digest, authorization);

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _registry.Push("library/made", "1", Image);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        await _registry.DisposeAsync();
    }

    // What Harbor demands of it (https://github.com/goharbor/harbor/blob/main/src/pkg/scan/rest/v1/models.go, Validate).
    [Fact]
    public async Task TellsHarborWhoWeAre()
    {
        await StartAsync();

        ApiAnswer metadata = await Lab.GetAsync("/harbor/api/v1/metadata");

        Assert.Equal(HttpStatusCode.OK, metadata.Status);
        Assert.All(["name", "vendor", "version"], name => Assert.NotEqual("", metadata.Json.GetProperty("scanner").GetProperty(name).GetString()));
        Assert.Equal(
            [
                $"vulnerability {Consumed} application/vnd.security.vulnerability.report; version=1.1",
                $"sbom {Consumed} application/vnd.security.sbom.report+json; version=1.0",
            ],
            metadata.Json.GetProperty("capabilities").EnumerateArray().Select(capability =>
                $"{capability.GetProperty("type")} {string.Join(',', capability.GetProperty("consumes_mime_types").EnumerateArray())} "
                    + string.Join(',', capability.GetProperty("produces_mime_types").EnumerateArray())));
        System.Text.Json.JsonElement properties = metadata.Json.GetProperty("properties");
        Assert.Equal("os-package-vulnerability", properties.GetProperty("harbor.scanner-adapter/scanner-type").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", properties.GetProperty("harbor.scanner-adapter/vulnerability-database-updated-at").GetString());
    }

    [Theory]
    [InlineData("X-ScannerAdapter-API-Key", TokenServer.Scanner, HttpStatusCode.OK)]
    [InlineData("X-ScannerAdapter-API-Key", "another", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", $"Bearer {TokenServer.Reader}", HttpStatusCode.OK)]
    [InlineData("Authorization", "Bearer another", HttpStatusCode.Unauthorized)]
    public async Task LetsInWhoHasAToken(string header, string value, HttpStatusCode status)
    {
        await StartAsync();

        ApiAnswer answer = await Lab.GetAsync("/harbor/api/v1/metadata", value, header);

        Assert.Equal(status, answer.Status);
        Assert.True(status == HttpStatusCode.OK || HarborLab.ErrorOf(answer).Length > 0);
    }

    [Fact]
    public async Task LetsNobodyScanWhoMayOnlyRead()
    {
        await StartAsync();

        ApiAnswer refused = await Lab.PostAsync(Request(), TokenServer.Reader);

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.NotEqual("", HarborLab.ErrorOf(refused));
    }

    [Fact]
    public async Task SaysWhichSettingIsMissingToKeepALogin()
    {
        await StartAsync(hasKey: false);

        ApiAnswer refused = await Lab.PostAsync(Request());
        ApiAnswer without = await Lab.PostAsync(Request(authorization: ""));

        Assert.Equal(HttpStatusCode.InternalServerError, refused.Status);
        Assert.Contains("Secrets__Keys__0__Version", HarborLab.ErrorOf(refused), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, without.Status);
        Assert.DoesNotContain(await Lab.RowsAsync(), row => row.Contains("c2VjcmV0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaysThatAPlainRegistryMustBeListed()
    {
        await StartAsync(isListed: false);

        ApiAnswer refused = await Lab.PostAsync(Request());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains($"Registries__N__Host={_registry.Host}", HarborLab.ErrorOf(refused), StringComparison.Ordinal);
        Assert.Contains("Registries__N__Insecure=true", HarborLab.ErrorOf(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysThatAPrivateRegistryMustBeListed()
    {
        await StartAsync(isListed: false);
        string id = await Lab.BeginAsync(Request($"https://{_registry.Host}"));

        await Lab.WorkAsync();
        ApiAnswer failed = await Lab.ReportAsync(id);

        Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
        Assert.Contains("a registry at such an address must be listed: Registries__N__Host", HarborLab.ErrorOf(failed), StringComparison.Ordinal);
        Assert.Empty(_registry.Requests);
    }

    [Fact]
    public async Task SendsHarborBackUntilTheReportIsThere()
    {
        await StartAsync();
        string id = await Lab.BeginAsync(Request(authorization: ""));

        ApiAnswer early = await Lab.ReportAsync(id);
        ApiAnswer earlyBill = await Lab.ReportAsync(id, HarborLab.SbomReport, "?sbom_media_type=application/spdx%2Bjson");
        await Lab.WorkAsync();
        ApiAnswer report = await Lab.GetAsync($"{early.Headers.Location}");

        Assert.Equal((HttpStatusCode.Found, ""), (early.Status, early.Text));
        Assert.Equal($"/harbor/api/v1/scan/{id}/report", $"{early.Headers.Location}");
        Assert.Equal("2", early.Headers.GetValues("Refresh-After").Single());
        Assert.Equal($"/harbor/api/v1/scan/{id}/report?sbom_media_type=application%2Fspdx%2Bjson", earlyBill.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, report.Status);
    }

    [Theory]
    [InlineData("none", HarborLab.VulnerabilityReport, "", HttpStatusCode.NotFound)]
    [InlineData("%2F..%2Fx%3Fy", HarborLab.VulnerabilityReport, "", HttpStatusCode.NotFound)]
    [InlineData("none", "application/vnd.scanner.adapter.vuln.report.raw", "", HttpStatusCode.NotImplemented)]
    [InlineData("none", HarborLab.SbomReport, "", HttpStatusCode.BadRequest)]
    [InlineData("none", HarborLab.SbomReport, "?sbom_media_type=text/html", HttpStatusCode.BadRequest)]
    public async Task RefusesReportsThatThereAreNot(string id, string accept, string query, HttpStatusCode status)
    {
        await StartAsync();

        ApiAnswer refused = await Lab.ReportAsync(id, accept, query);

        Assert.Equal(status, refused.Status);
        Assert.NotEqual("", HarborLab.ErrorOf(refused));
    }

    public static TheoryData<string, HttpStatusCode> HostileBodies => new()
    {
        { "", HttpStatusCode.UnprocessableEntity },
        { "{}", HttpStatusCode.UnprocessableEntity },
        { "null", HttpStatusCode.UnprocessableEntity },
        { "[", HttpStatusCode.BadRequest },
        { "<xml/>", HttpStatusCode.BadRequest },
        { """{"registry":"http://169.254.169.254"}""", HttpStatusCode.BadRequest },
        { """{"registry":{"url":"http://169.254.169.254/latest/meta-data"},"artifact":{"repository":"a","digest":"x"}}""", HttpStatusCode.UnprocessableEntity },
        { $$"""{"registry":{{new string('[', 1_000)}}""", HttpStatusCode.BadRequest },
        { $$$"""{"registry":{"url":"https://{{{new string('a', 10_000)}}}"}}""", HttpStatusCode.UnprocessableEntity },
        { new string(' ', 70_000), HttpStatusCode.BadRequest },
        { "{\"registry\":{\"url\":\"https://h\\ud800\"}}", HttpStatusCode.UnprocessableEntity },
    };

    [Theory]
    [MemberData(nameof(HostileBodies))]
    public async Task AnswersHostileBodiesWithAWord(string body, HttpStatusCode status)
    {
        await StartAsync();

        ApiAnswer refused = await Lab.PostAsync(body);

        Assert.Equal(status, refused.Status);
        Assert.NotEqual("", HarborLab.ErrorOf(refused));
        Assert.Empty(await Lab.TakeAsync());
    }

    private async Task StartAsync(bool isListed = true, bool hasKey = true)
    {
        IEnumerable<(string Name, string Value)> settings = isListed ? HarborLab.Settings(_registry.Host) : HarborLab.Settings();
        _lab = await HarborLab.StartAsync(azurite, settings.Where(setting => hasKey || !setting.Name.StartsWith("Secrets", StringComparison.Ordinal)));
    }
}
