using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageScan.EndToEnd.Page;

/// <summary>An image and advisories whose every text would like to be a script.</summary>
[Collection(PageServers.Name)]
public sealed class HostilePageTests(SharedAzurite azurite, PageBrowser browser) : IClassFixture<PageBrowser>
{
    private const string Script = "<script>attacked()</script>";
    private const string Picture = "<img src=x onerror=attacked()>";

    // Whatever became markup would have one of these, which the page itself never makes.
    private const string Made = """
        () => [...document.querySelectorAll('main script, main img, main iframe, main object, main style, [onerror], [onclick], [style]')].map(e => e.outerHTML)
          .concat([...document.querySelectorAll('a[href]')].filter(a => !/^https?:$/.test(a.protocol)).map(a => a.outerHTML))
        """;

    [Fact]
    public async Task IsShownAsText()
    {
        using var advisories = PageAdvisories.Of(
            [
                PageAdvisories.Make("CVE-2026-6666", "npm", "lodash", "4.17.21", PageAdvisories.Critical, $"{Script}{Picture}&lt;b&gt;\u202e\u0000") with
                {
                    Link = "javascript:attacked()//https://x",
                },
                PageAdvisories.Make("CVE-2026-6667", "npm", "lodash", "4.17.22", PageAdvisories.High, "`${attacked()}` [x](javascript:attacked())") with
                {
                    Link = $"https://example.org/\"{Picture}",
                },
            ]);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        MadeImage image = new ImageBuilder()
            .AddLabel($"org{Script}", Picture)
            .AddLayer(
                $"RUN {Script} {Picture} javascript:attacked()",
                ("app/node_modules/lodash/package.json", """{"name":"lodash","version":"4.17.20","license":"<img src=x onerror=attacked()>"}"""),
                ($"app/{Picture.Replace('/', ' ')}/node_modules/x/package.json", """{"name":"<script>attacked()<\/script>","version":"1.0.0<svg onload=attacked()>","license":"javascript:attacked()"}"""))
            .AddStep($"LABEL {Picture}")
            .Build();
        await using PageVisit visit = await PageVisit.OpenAsync(browser, app.Address);

        await visit.ScanAsync(app.Registry.Push("made/image", "1", image));
        await visit.TableAsync();
        await AssertNothingMadeAsync(visit);
        await visit.Button("Details of CVE-2026-6666 in lodash").ClickAsync();
        await visit.Button("Details of CVE-2026-6667 in lodash").ClickAsync();
        await Expect(visit.Page.Locator("tr.details").First).ToContainTextAsync(Script);
        await AssertNothingMadeAsync(visit);
        await visit.Tab("Layers").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync($"RUN {Script} {Picture}");
        foreach (string tab in (string[])["Packages and licences", "Signatures", "Changes", "Suppressed"])
        {
            await visit.Tab(tab).ClickAsync();
            await AssertNothingMadeAsync(visit);
        }

        await visit.PictureAsync("hostile");
        visit.AssertClean();
    }

    // The address belongs to whoever made the link.
    [Theory]
    [InlineData("#/image/<img src=x onerror=attacked()>")]
    [InlineData("#/scan/x?name=<script>attacked()</script>")]
    [InlineData("#/?q=<svg onload=attacked()>&sort=javascript:attacked()&page=1e9")]
    [InlineData("#/image/javascript:attacked()?tab=<b>&q=%00")]
    public async Task LinksAreShownAsText(string link)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        await using PageVisit visit = await PageVisit.OpenAsync(browser, app.Address, link);
        await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        await AssertNothingMadeAsync(visit);
        Assert.All(visit.Complaints, complaint => Assert.Matches(@"Failed to load resource: .* (400|404) ", complaint));
    }

    private static async Task AssertNothingMadeAsync(PageVisit visit) => Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Made));
}
