using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Real;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace ImageScan.EndToEnd.Page;

/// <summary>A real image in the reference registry, scanned on the page with all shared advisories.</summary>
[Collection(PageServers.Name)]
public sealed class RealImagePageTests(SharedAzurite azurite, SharedAdvisories advisories, PageBrowser browser) : IClassFixture<PageBrowser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ShowsEveryExpectedRow()
    {
        string[] expected = ExpectedRows.Of("debian-11");
        string archive = SharedData.Path("images", "debian-11.tar");
        await using DockerRegistry registry = await DockerRegistry.StartAsync(Token);
        string name = await Skopeo.PushAsync(archive, registry.Host, "library/debian:11", Token);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", await advisories.SnapshotAsync(Token)));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, app.Address);

        await visit.ScanAsync(name);
        await visit.TableAsync();

        await Expect(visit.Status).ToContainTextAsync($"{expected.Length} of {expected.Length} findings");
        await visit.PictureAsync("real-image");
        visit.AssertClean();
    }
}
