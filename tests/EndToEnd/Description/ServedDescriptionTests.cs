using System.Net;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Description;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Description;

[Collection(PageServers.Name)]
public sealed class ServedDescriptionTests(SharedAzurite azurite)
{
    private static readonly string[] Paths = ["/openapi.json", "/docs", "/docs/reader.js", "/docs/scalar.js", "/docs/favicon.svg"];

    [Fact]
    public async Task IsTheFileOfTheRepository()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer served = await app.GetAsync("/openapi.json");

        Assert.Equal(HttpStatusCode.OK, served.Status);
        Assert.Equal(await File.ReadAllTextAsync(Repository.Path("docs/openapi.json"), TestContext.Current.CancellationToken), served.Text);
    }

    [Fact]
    public async Task IsOfTheLevelOfTheAnswers()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Api:Level", "latest"));

        ApiAnswer served = await app.GetAsync("/openapi.json");

        Assert.Equal(System.Text.Encoding.UTF8.GetString(ApiDescription.DocumentOf(ApiLevel.Latest)), served.Text);
    }

    [Fact]
    public async Task NeedsATokenThatMayRead()
    {
        await using TokenServer server = await TokenServer.StartAsync(azurite);
        foreach (string path in Paths)
        {
            ApiAnswer stranger = await server.SendAsync("GET", path, token: null);
            ApiAnswer reader = await server.SendAsync("GET", path, TokenServer.Reader);

            Assert.Equal((path, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (path, stranger.Status, reader.Status));
            Assert.Contains(stranger.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Basic");
        }
    }

    [Theory]
    [InlineData("/docs/nothing.js", "docs has no part \"nothing.js\": not found")]
    [InlineData("/docs/..%2fopenapi.json", "docs has no part \"..%2fopenapi.json\": not found")]
    public async Task HasNoPartsButItsOwn(string path, string message)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer answer = await app.GetAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task SendsTheReaderAsItIsPackedToWhoTakesItSo()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/docs/scalar.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");

        ApiAnswer packed = await app.SendAsync(request);
        ApiAnswer plain = await app.GetAsync("/docs/scalar.js");

        Assert.DoesNotContain("createApiReference", packed.Text, StringComparison.Ordinal);
        Assert.Contains("createApiReference", plain.Text, StringComparison.Ordinal);
        Assert.True(plain.Text.Length > 2 * packed.Text.Length);
    }

    [Fact]
    public async Task ForbidsThePageEverythingFromElsewhere()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer page = await app.GetAsync("/docs");

        Assert.Equal(ReaderPage.Policy, Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
    }
}
