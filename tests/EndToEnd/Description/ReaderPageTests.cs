using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Description;

/// <summary>The page in a browser.</summary>
[Collection(ScanServers.Name)]
public sealed class ReaderPageTests(SharedAzurite azurite)
{
    [Fact]
    public async Task DrawsTheApiAndAsksNoOtherHost()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        await using Browser browser = await Browser.StartAsync();

        await browser.GoToAsync(new Uri(app.Address, "docs"));
        await Eventually.GetAsync(browser.TextAsync, text => text.Contains("Scans an image", StringComparison.Ordinal));

        Assert.Empty(browser.Complaints);
        Assert.Equal(
            ["/docs", "/docs/favicon.svg", "/docs/reader.js", "/docs/scalar.js", "/openapi.json"],
            browser.Requests.Where(address => address.Scheme != "data").Select(address => address.AbsolutePath).Distinct().Order(StringComparer.Ordinal));
        Assert.All(browser.Requests.Where(address => address.Scheme != "data"), address => Assert.Equal(app.Address.Authority, address.Authority));
    }
}
