using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Tools;
using ImageScan.Local.Demo;
using Microsoft.Playwright;

namespace ImageScan.EndToEnd.Page;

/// <summary>Every view held against axe-core's rules (https://github.com/dequelabs/axe-core), light and dark, wide and narrow.</summary>
[Collection(PageServers.Name)]
public sealed class PageAxeTests(SharedAzurite azurite, PageBrowser browser) : IClassFixture<PageBrowser>
{
    private const string Run = """
        async () => {
          const { violations, passes } = await axe.run(document);
          return [
            ...(passes.length < 10 ? ['axe looked at next to nothing'] : []),
            ...violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`),
          ];
        }
        """;

    private static readonly string[] Tabs = ["Layers", "Packages and licences", "Signatures", "Changes", "Suppressed", "Vulnerabilities"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 375)]
    public async Task FindsNothing(ColorScheme scheme, int width)
    {
        string axe = await File.ReadAllTextAsync(Path.Combine(await NodeTools.FolderAsync(Token), "node_modules", "axe-core", "axe.min.js"), Token);
        using var advisories = PageAdvisories.OfTheDemonstration();
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        ApiAnswer image = await app.ScanAsync(app.Registry.Push("shop/checkout", "1.4", DemoImage.Build()));
        await using PageVisit visit = await PageVisit.OpenAsync(
            browser, app.Address, "", new PageLook { Scheme = scheme, Width = width, Scripts = [axe] });
        var found = new List<string>();
        async Task LookAsync(string view) => found.AddRange((await visit.Page.EvaluateAsync<string[]>(Run)).Select(violation => $"{view}: {violation}"));

        await visit.Page.Locator(".image-list tbody tr").First.WaitForAsync();
        await LookAsync("images");
        await visit.Button("Token").ClickAsync();
        await LookAsync("token");
        await visit.Page.GotoAsync($"{app.Address}#/image/{image.Id}");
        await visit.TableAsync();
        await visit.Button("Details of CVE-2023-0286").First.ClickAsync();
        await LookAsync("finding");
        await visit.Button("Suppress …").ClickAsync();
        await LookAsync("suppress");
        await visit.Button("Cancel").ClickAsync();
        await visit.Page.Locator("details.menu summary").ClickAsync();
        await LookAsync("reports");
        await visit.Page.Keyboard.PressAsync("Escape");
        foreach (string tab in Tabs)
        {
            await visit.Tab(tab).ClickAsync();
            await LookAsync(tab);
        }

        await visit.Page.GotoAsync($"{app.Address}#/image/sha256:{new string('0', 64)}");
        await visit.Page.GetByRole(AriaRole.Alert).WaitForAsync();
        await LookAsync("failure");

        Assert.Empty(found);
    }
}
