using System.Net;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class DefinitionsTests(SharedAzurite azurite)
{
    private const string Path = "/v1/integrationhealth/vulndefinitions";

    [Theory]
    [InlineData("")]
    [InlineData("?component=SCANNER")]
    [InlineData("?component=SCANNER_V4")]
    [InlineData("?component=1")]
    public async Task AreAsNewAsTheNewestAdvisory(string component)
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(TestAdvisories.Record("CVE-2026-0001", "lodash", "4.17.21"));
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));

        ApiAnswer answer = await app.GetAsync(Path + component);

        Assert.Equal((HttpStatusCode.OK, """{"lastUpdatedTimestamp":"2026-01-02T00:00:00Z"}"""), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("CLAIR")]
    [InlineData("scanner")]
    [InlineData("2")]
    [InlineData("")]
    public async Task AreNotThoseOfAComponentThatStackRoxDoesNotHave(string component)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer answer = await app.GetAsync($"{Path}?component={component}");

        Assert.Equal((HttpStatusCode.BadRequest, 3), (answer.Status, answer.Json.GetProperty("code").GetInt32()));
        Assert.Equal($"{component} is not a valid v1.VulnDefinitionsInfoRequest_Component", answer.Message);
    }

    [Fact]
    public async Task AreNoneWithoutAdvisories()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:UseStarterSet", "false"));

        ApiAnswer answer = await app.GetAsync(Path);

        Assert.Equal((HttpStatusCode.InternalServerError, 13), (answer.Status, answer.Json.GetProperty("code").GetInt32()));
        Assert.Equal("failed to obtain vulnerability definitions information: no vulnerability definitions information found", answer.Message);
    }
}
