using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Description;

/// <summary>The page in a browser.</summary>
[Collection(PageServers.Name)]
public sealed class ReaderPageTests(SharedAzurite azurite)
{
    [Fact]
    public async Task DrawsTheApiAndAsksNoOtherHost()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        await using Browser browser = await Browser.StartAsync();

        await AssertDrawsAsync(browser, app.Address);
    }

    [Fact]
    public async Task DrawsForWhoBringsATokenAsAPassword()
    {
        await using TokenServer server = await TokenServer.StartAsync(azurite, [("Access:Tokens:0:Name", "reader")]);
        await using Browser browser = await Browser.StartAsync(("reader", TokenServer.Reader));

        await AssertDrawsAsync(browser, server.Address);
    }

    private static async Task AssertDrawsAsync(Browser browser, Uri server)
    {
        await browser.GoToAsync(new Uri(server, "docs"));
        await Eventually.GetAsync(browser.TextAsync, text => text.Contains("Scans an image", StringComparison.Ordinal));

        Assert.Empty(browser.Complaints);
        Assert.Equal(
            ["/docs", "/docs/favicon.svg", "/docs/reader.js", "/docs/scalar.js", "/openapi.json"],
            browser.Requests.Where(address => address.Scheme != "data").Select(address => address.AbsolutePath).Distinct().Order(StringComparer.Ordinal));
        Assert.All(browser.Requests.Where(address => address.Scheme != "data"), address => Assert.Equal(server.Authority, address.Authority));
    }
}
