using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Reports;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageScan.EndToEnd.Page;

/// <summary>What people do on the page, in a browser.</summary>
[Collection(PageServers.Name)]
public sealed partial class PageTests(SharedAzurite azurite, PageBrowser browser) : IAsyncLifetime, IClassFixture<PageBrowser>
{
    private static readonly MadeImage Image = DemoImage.Build();

    private PageAdvisories _advisories = null!;
    private ScanApp _app = null!;
    private string _name = "";

    public async ValueTask InitializeAsync()
    {
        _advisories = PageAdvisories.OfTheDemonstration();
        _app = await ScanApp.StartAsync(azurite, ("Advisories:Path", _advisories.Path));
        _name = _app.Registry.Push("shop/checkout", "1.4", Image);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _advisories.Dispose();
    }

    [Fact]
    public async Task ShowsAScanFromItsBeginningToItsTable()
    {
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Image.Layers[2].Digest));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address);
        await Expect(visit.ListStatus).ToHaveTextAsync("No image was scanned yet.");

        await visit.ScanAsync(_name);
        await Expect(visit.Page.Locator(".total-progress")).ToContainTextAsync(LayersRead());
        await Expect(visit.Page.Locator(".steps [aria-current=step]")).ToHaveTextAsync("Read layers");
        await Expect(visit.Page.Locator("ul.layers li.done")).ToHaveCountAsync(2);
        await visit.PictureAsync("scan-at-work");
        gate.Open();
        await visit.TableAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync(_name);
        await Expect(visit.Status).ToHaveTextAsync("14 of 14 findings, 12 different vulnerabilities");
        await Expect(visit.Page.Locator(".findings tbody tr").First).ToContainTextAsync("Critical");
        await Expect(visit.Page.Locator(".badge.kev")).ToHaveTextAsync("exploited");
        await visit.PictureAsync("result");
        visit.AssertClean();
    }

    [Fact]
    public async Task SaysWhyAScanHasFailed()
    {
        _app.Registry.Misbehave(Faults.On(Image.Layers[0].Digest, Faults.Deny("the licence of <b>this</b> image has ended")));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address);

        await visit.ScanAsync(_name);

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the licence of <b>this</b> image has ended");
        visit.AssertClean();
    }

    [Fact]
    public async Task SaysWhyAnImageIsNotScanned()
    {
        await using PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address);

        await visit.ScanAsync("no name");

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no name");
        // That a request was refused the browser itself writes to the console.
        Assert.All(visit.Complaints, complaint => Assert.Contains("400 (Bad Request)", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FiltersSortsAndOpensFindings()
    {
        await using PageVisit visit = await ResultAsync();

        await visit.Filter.FillAsync("libssl");
        await Expect(visit.Status).ToHaveTextAsync("4 of 14 findings, 4 different vulnerabilities");
        await visit.Page.Locator(".filters [data-severity=moderate]").ClickAsync();
        await Expect(visit.Status).ToHaveTextAsync("1 of 14 findings, 1 different vulnerabilities");
        // The address has what was narrowed.
        await Expect(visit.Page).ToHaveURLAsync(Narrowed());
        await visit.Button("Show all").ClickAsync();
        await Expect(visit.Status).ToHaveTextAsync("14 of 14 findings, 12 different vulnerabilities");

        ILocator header = visit.Page.GetByRole(AriaRole.Columnheader, new PageGetByRoleOptions { Name = "CVSS" });
        await header.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(header).ToHaveAttributeAsync("aria-sort", "descending");
        Assert.Equal(["9.8", "7.5"], (await ScoresAsync(visit)).Distinct().Take(2));
        await header.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(header).ToHaveAttributeAsync("aria-sort", "ascending");
        string[] ascending = await ScoresAsync(visit);
        Assert.Equal(ascending.OrderBy(score => double.Parse(score, CultureInfo.InvariantCulture)), ascending);

        await visit.Button("Details of CVE-2021-44906 in minimist").ClickAsync();
        ILocator details = visit.Page.Locator("tr.details");
        await Expect(details).ToContainTextAsync("Prototype pollution by arguments of the command line");
        await Expect(details).ToContainTextAsync("Attack vector", new LocatorAssertionsToContainTextOptions { IgnoreCase = true });
        await Expect(details.GetByRole(AriaRole.Link).First).ToHaveAttributeAsync("rel", "noopener noreferrer");
        visit.AssertClean();
    }

    [Fact]
    public async Task HasEveryPartOfTheResult()
    {
        await using PageVisit visit = await ResultAsync();

        await visit.Tab("Layers").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("npm install lodash@4.17.20");
        await visit.Button("Show the findings of layer 4").ClickAsync();
        await Expect(visit.Status).ToContainTextAsync("3 of 14 findings");
        await Expect(visit.Tab("Vulnerabilities")).ToBeFocusedAsync();
        await visit.Tab("Packages and licences").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("BSD-3-Clause");
        await visit.Tab("Signatures").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Tabpanel)).Not.ToBeEmptyAsync();
        await visit.Tab("Changes").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("Nothing has changed since this image was first scanned.");
        await visit.Tab("Suppressed").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("Nothing is suppressed in this image.");
        visit.AssertClean();
    }

    [Fact]
    public async Task SuppressesWithAComment()
    {
        await using PageVisit visit = await ResultAsync();

        await visit.Button("Details of CVE-2021-23337 in lodash").ClickAsync();
        await visit.Button("Suppress …").ClickAsync();
        await visit.Page.GetByLabel("Comment").FillAsync("no <template> is used here");
        await visit.PictureAsync("suppress");
        await visit.Button("Suppress it").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("CVE-2021-23337 is suppressed.");
        await Expect(visit.Status).ToContainTextAsync("13 of 14 findings");
        await visit.Tab("Suppressed").ClickAsync();

        ILocator panel = visit.Page.GetByRole(AriaRole.Tabpanel);
        await Expect(panel).ToContainTextAsync("CVE-2021-23337");
        await Expect(panel).ToContainTextAsync("no <template> is used here");
        visit.AssertClean();

        JsonElement exception = Assert.Single((await _app.GetAsync("/v2/vulnerability-exceptions")).Json.GetProperty("exceptions").EnumerateArray());
        Assert.Contains(
            exception.GetProperty("comments").EnumerateArray(), comment => comment.GetProperty("message").GetString() == "no <template> is used here");
    }

    // The digest has another name, too, which comes first and for which nothing is decided.
    [Fact]
    public async Task ShowsWhatIsDecidedForTheNameThatWasScanned()
    {
        await _app.ScanAsync(_app.Registry.Push("another/name", "1", Image));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address);
        await visit.ScanAsync(_name);
        await visit.TableAsync();

        await visit.Button("Details of CVE-2021-23337 in lodash").ClickAsync();
        await visit.Button("Suppress …").ClickAsync();
        await Expect(visit.Page.GetByLabel("In which images?")).ToHaveValueAsync("tag");
        await visit.Page.GetByLabel("Comment").FillAsync("no");
        await visit.Button("Suppress it").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("CVE-2021-23337 is suppressed.");

        await Expect(visit.Tab("Suppressed")).ToContainTextAsync("1");
        await Expect(visit.Status).ToContainTextAsync("13 of 14 findings");
        await visit.Page.Locator("details.menu summary").ClickAsync();
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.Locator("[data-format=csv]").ClickAsync());
        string csv = await File.ReadAllTextAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        Assert.Contains("CVE-2021-44906", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("CVE-2021-23337", csv, StringComparison.Ordinal);
        visit.AssertClean();
    }

    [Fact]
    public async Task HandsOverEveryReport()
    {
        await using PageVisit visit = await ResultAsync();
        ILocator menu = visit.Page.Locator("details.menu");
        await menu.Locator("summary").ClickAsync();
        string[] offered = await menu.Locator("[data-format]").EvaluateAllAsync<string[]>("all => all.map(button => button.dataset.format)");

        foreach (string format in offered)
        {
            if (await menu.GetAttributeAsync("open") is null)
            {
                await menu.Locator("summary").ClickAsync();
            }

            IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => menu.Locator($"[data-format={format}]").ClickAsync());
            string text = await File.ReadAllTextAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);

            Assert.Matches(@"^127\.0\.0\.1-\d+-shop-checkout-1\.4\.[a-z.]+$", download.SuggestedFilename);
            // A bill of materials has packages alone.
            Assert.Contains(format == "spdx" ? "minimist" : "CVE-2021-44906", text, StringComparison.Ordinal);
        }

        // What is offered and not there would have been refused above.
        Assert.All(ReportFormats.All.Select(format => format.Name).Append("json"), format => Assert.Contains(format, offered));
        visit.AssertClean();
    }

    [Fact]
    public async Task IsSharedByDigestAndName()
    {
        await using PageVisit visit = await ResultAsync();
        await visit.Button("Copy link").ClickAsync();
        string link = await visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");

        Assert.Equal($"{_app.Address}#/image/{Image.Manifest.Digest}?name={Uri.EscapeDataString(_name)}", link);
        await using PageVisit other = await PageVisit.OpenAsync(browser, _app.Address, link[$"{_app.Address}".Length..]);
        await other.TableAsync();
        await Expect(other.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync(_name);
        other.AssertClean();
    }

    [Fact]
    public async Task ListsImages()
    {
        await _app.ScanAsync(_name);
        await _app.ScanAsync(_app.Registry.Push("shop/search", "2", TestImages.OfNpm("lodash@4.17.21")));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address);

        ILocator rows = visit.Page.Locator(".image-list tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await visit.PictureAsync("images");
        await visit.Page.Locator(".image-list input.filter").FillAsync("shop/chec");
        await Expect(rows).ToHaveCountAsync(1);
        await rows.GetByRole(AriaRole.Link).ClickAsync();

        await visit.TableAsync();
        visit.AssertClean();
    }

    // A link does nothing but show: whoever sends one could else have the app ask registries.
    [Theory]
    [InlineData("?image=nginx:1.27")]
    [InlineData("#/?image=nginx:1.27&scan=1")]
    [InlineData("#/scan/none?name=nginx:1.27")]
    [InlineData("#/image/nginx:1.27")]
    [InlineData("#/image/%E0%A4%A")]
    [InlineData("#/image/..%2f..%2fv1%2fimages%2fcache%2finvalidate")]
    public async Task OnlyAsksWhenALinkIsFollowed(string link)
    {
        await using PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address, link);
        await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.Empty(_app.Registry.Requests);
        Assert.All(visit.Requests, request => Assert.Equal("GET", request.Method));
        Assert.DoesNotContain(visit.Requests, request => request.Address.AbsolutePath.EndsWith("invalidate", StringComparison.Ordinal) && !request.Address.AbsoluteUri.Contains("%2f", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task IsDarkWhereThatIsWanted()
    {
        await _app.ScanAsync(_name);
        await using PageVisit system = await PageVisit.OpenAsync(browser, _app.Address, Hash, new PageLook { Scheme = ColorScheme.Dark });
        await system.TableAsync();
        Assert.InRange(await LightnessAsync(system), 0, 80);
        await system.PictureAsync("result-dark");

        await using PageVisit chosen = await PageVisit.OpenAsync(browser, _app.Address, Hash);
        await chosen.TableAsync();
        Assert.InRange(await LightnessAsync(chosen), 200, 255);
        for (int i = 0; i < 3 && await LightnessAsync(chosen) > 80; i++)
        {
            await chosen.Page.Locator("#theme").ClickAsync();
        }

        Assert.InRange(await LightnessAsync(chosen), 0, 80);
        await chosen.Page.ReloadAsync();
        await chosen.TableAsync();
        Assert.InRange(await LightnessAsync(chosen), 0, 80);
        system.AssertClean();
        chosen.AssertClean();
    }

    [Fact]
    public async Task FitsAPhone()
    {
        await _app.ScanAsync(_name);
        await using PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address, "", new PageLook { Width = 375, Height = 812 });
        await Expect(visit.Page.Locator(".image-list tbody tr")).ToHaveCountAsync(1);
        await AssertFitsAsync(visit, "home");
        await visit.Page.GotoAsync($"{_app.Address}{Hash}");
        await visit.TableAsync();
        await visit.PictureAsync("result-phone");

        await visit.Button("Details of CVE-2021-44906 in minimist").ClickAsync();
        await AssertFitsAsync(visit, "an open finding");
        foreach (string tab in (string[])["Layers", "Packages and licences", "Signatures", "Changes", "Suppressed"])
        {
            await visit.Tab(tab).ClickAsync();
            await AssertFitsAsync(visit, tab);
        }

        visit.AssertClean();
    }

    [Fact]
    public async Task IsUsedByKeyboardAlone()
    {
        await using PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address);
        await Expect(visit.ListStatus).ToHaveTextAsync("No image was scanned yet.");

        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await visit.Page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await visit.PressUntilAsync("Tab", "input[name=image]");
        await visit.Page.Keyboard.TypeAsync(_name);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.TableAsync();
        await visit.Page.Keyboard.PressAsync("Control+k");
        await visit.Page.Keyboard.TypeAsync("minimist");
        await Expect(visit.Status).ToContainTextAsync("1 of 14 findings");
        await visit.PressUntilAsync("Tab", ".open-row");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("tr.details")).ToBeVisibleAsync();
        await visit.PressUntilAsync("Shift+Tab", "[role=tab][aria-selected=true]");
        await visit.Page.Keyboard.PressAsync("ArrowRight");

        await Expect(visit.Tab("Layers")).ToBeFocusedAsync();
        await Expect(visit.Tab("Layers")).ToHaveAttributeAsync("aria-selected", "true");
        visit.AssertClean();
    }

    private static string Hash => $"#/image/{Image.Manifest.Digest}";

    private async Task<PageVisit> ResultAsync()
    {
        Assert.Equal(HttpStatusCode.OK, (await _app.ScanAsync(_name)).Status);
        PageVisit visit = await PageVisit.OpenAsync(browser, _app.Address, Hash);
        await visit.TableAsync();
        return visit;
    }

    private static async Task<string[]> ScoresAsync(PageVisit visit) =>
        [.. (await visit.Page.Locator(".findings tbody td[data-label=CVSS]").AllTextContentsAsync()).Select(text => text.Trim())];

    private static async Task AssertFitsAsync(PageVisit visit, string what)
    {
        int width = await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        Assert.True(width <= 375, $"{what} is {width} pixels wide on a phone of 375.");
    }

    private static Task<int> LightnessAsync(PageVisit visit) => visit.Page.EvaluateAsync<int>(
        "() => Math.round(getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3)");

    [GeneratedRegex(@"#/image/sha256:[0-9a-f]{64}\?(?=.*q=libssl)(?=.*severity=moderate)")]
    private static partial Regex Narrowed();

    [GeneratedRegex(@"2 of 3 layers, .* packages found")]
    private static partial Regex LayersRead();
}
