using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Page;

/// <summary>The picture of README. <c>Page_Write=true</c> writes it to docs/page.png (docs/page.md).</summary>
[Collection(PageServers.Name)]
public sealed class PagePictureTests(SharedAzurite azurite, PageBrowser browser) : IClassFixture<PageBrowser>
{
    private const int MostBytes = 150_000;

    [Fact]
    public async Task IsOfTheResultOfAMadeImage()
    {
        using var advisories = PageAdvisories.OfTheDemonstration();
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        ApiAnswer scanned = await app.ScanAsync(app.Registry.Push("shop/checkout", "1.4", DemoImage.Build()));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, app.Address, $"#/image/{scanned.Id}");
        await visit.TableAsync();

        byte[] picture = await visit.PictureAsync("page");

        Assert.InRange(picture.Length, 10_000, MostBytes);
        if (Environment.GetEnvironmentVariable("Page_Write") == "true")
        {
            await File.WriteAllBytesAsync(Repository.Path("docs/page.png"), picture, TestContext.Current.CancellationToken);
        }
    }
}
