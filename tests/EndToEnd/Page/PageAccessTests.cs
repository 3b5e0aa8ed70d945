using ImageScan.Core.Access;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using ImageScan.Local.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageScan.EndToEnd.Page;

/// <summary>Who may do what on the page, and which other pages may not.</summary>
[Collection(PageServers.Name)]
public sealed class PageAccessTests(SharedAzurite azurite, PageBrowser browser) : IClassFixture<PageBrowser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AsksForATokenAndKeepsItForTheTab()
    {
        using var advisories = PageAdvisories.OfTheDemonstration();
        await using TestRegistry registry = await TestRegistry.StartAsync(Token);
        string name = registry.Push("shop/checkout", "1.4", DemoImage.Build());
        await using LocalServer server = await StartWithTokensAsync(advisories.Path);
        await using PageVisit visit = await PageVisit.OpenAsync(browser, server.Address);

        await Expect(visit.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("credentials not found");
        await EnterAsync(visit, "nobody's");
        await Expect(visit.Page.GetByText("The app does not take this token.")).ToBeVisibleAsync();
        await EnterAsync(visit, TokenServer.Scanner);
        await Expect(visit.ListStatus).ToHaveTextAsync("No image was scanned yet.");
        await visit.ScanAsync(name);
        await visit.TableAsync();

        // One who scans decides about nothing.
        await visit.Button("Details of CVE-2021-44906 in minimist").ClickAsync();
        await Expect(visit.Page.Locator("tr.details")).ToBeVisibleAsync();
        await Expect(visit.Button("Suppress …")).ToHaveCountAsync(0);
        await visit.Page.ReloadAsync();
        await visit.TableAsync();
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("() => document.cookie.length + Object.values(localStorage).filter(text => text.includes('token of')).length"));
        Assert.DoesNotContain(visit.Requests, request => request.Address.Query.Contains("token", StringComparison.OrdinalIgnoreCase));
        Assert.All(visit.Complaints, complaint => Assert.Contains("401 (Unauthorized)", complaint, StringComparison.Ordinal));

        // Another tab has none.
        await using PageVisit other = await PageVisit.OpenAsync(browser, server.Address);
        await Expect(other.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("credentials not found");
    }

    [Fact]
    public async Task LetsOneAskForAnExceptionAndAnotherDecide()
    {
        using var advisories = PageAdvisories.OfTheDemonstration();
        await using TestRegistry registry = await TestRegistry.StartAsync(Token);
        string name = registry.Push("shop/checkout", "1.4", DemoImage.Build());
        await using LocalServer server = await StartWithTokensAsync(advisories.Path);
        await using PageVisit scanner = await PageVisit.OpenAsync(browser, server.Address);
        await EnterAsync(scanner, TokenServer.Scanner);
        await Expect(scanner.ListStatus).ToHaveTextAsync("No image was scanned yet.");
        await scanner.ScanAsync(name);
        await scanner.TableAsync();
        string hash = new Uri(scanner.Page.Url).Fragment;

        await using PageVisit requester = await PageVisit.OpenAsync(browser, server.Address, hash);
        await EnterAsync(requester, TokenServer.Requester);
        await requester.TableAsync();
        await requester.Button("Details of CVE-2021-44906 in minimist").ClickAsync();
        await requester.Button("Suppress …").ClickAsync();
        await requester.Page.GetByLabel("Comment").FillAsync("only at build time");
        await requester.Button("Ask for it").ClickAsync();
        await Expect(requester.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("somebody has to approve it");
        await Expect(requester.Status).ToContainTextAsync("14 of 14 findings");

        await using PageVisit approver = await PageVisit.OpenAsync(browser, server.Address, hash);
        await EnterAsync(approver, TokenServer.Approver);
        await approver.TableAsync();
        await approver.Tab("Suppressed").ClickAsync();
        await Expect(approver.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("only at build time");
        await approver.Button("Approve").ClickAsync();
        // The result is drawn anew, where one was.
        await Expect(approver.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("in force");
        await approver.Tab("Vulnerabilities").ClickAsync();
        await Expect(approver.Status).ToContainTextAsync("13 of 14 findings");
    }

    [Fact]
    public async Task CannotBeUsedByAForeignPage()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string name = app.Registry.Push("shop/checkout", "1.4", DemoImage.Build());
        await using LoopbackRegistry foreign = await LoopbackRegistry.StartAsync(
            context =>
            {
                context.Response.ContentType = "text/html; charset=utf-8";
                return context.Response.WriteAsync(ForeignPage(app.Address, name));
            },
            Token);
        await using PageVisit visit = await PageVisit.OpenAsync(browser, new Uri($"http://{foreign.Host}/"));

        // Whether it was answered the foreign page cannot know, but it can have sent.
        await Expect(visit.Page.Locator("#sent")).ToHaveTextAsync("sent");
        Assert.Contains(visit.Requests, request => request.Method == "POST" && request.Address.Authority == app.Address.Authority);
        Assert.Empty(app.Registry.Requests);
        Assert.Equal(0, (await app.GetAsync("/v1/imagescount")).Json.GetProperty("count").GetInt32());

        await Expect(visit.Page.FrameLocator("iframe").Locator("h1")).ToHaveCountAsync(0);
        await visit.Page.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.ListStatus).ToHaveTextAsync("No image was scanned yet.");
    }

    private static string ForeignPage(Uri app, string image) => $$"""
        <!doctype html><title>Elsewhere</title><a href="{{app}}">The scanner</a><iframe src="{{app}}"></iframe><p id="sent"></p>
        <script>
          fetch('{{app}}v1/images/scan', { method: 'POST', mode: 'no-cors', body: '{"imageName":"{{image}}"}' })
            .finally(() => { document.getElementById('sent').textContent = 'sent'; });
        </script>
        """;

    private async Task<LocalServer> StartWithTokensAsync(string advisories) => await LocalServer.StartAsync(
        new LocalServerOptions
        {
            Urls = "http://127.0.0.1:0",
            ConnectionString = azurite.ConnectionString,
            LoopbackAccess = AccessMode.Tokens,
            Settings = new Dictionary<string, string?>
            {
                ["Storage:Prefix"] = ScanApp.NewPrefix(),
                ["Advisories:Path"] = advisories,
                ["Access:Tokens:0:Hash"] = TokenServer.HashOf(TokenServer.Scanner),
                ["Access:Tokens:0:Role"] = "scan",
                ["Access:Tokens:1:Hash"] = TokenServer.HashOf(TokenServer.Requester),
                ["Access:Tokens:1:Role"] = "requester",
                ["Access:Tokens:2:Hash"] = TokenServer.HashOf(TokenServer.Approver),
                ["Access:Tokens:2:Role"] = "approver",
            },
        },
        Token);

    private static async Task EnterAsync(PageVisit visit, string token)
    {
        ILocator box = visit.Page.GetByLabel("Token", new PageGetByLabelOptions { Exact = true }).And(visit.Page.Locator("input"));
        await box.FillAsync(token);
        await visit.Button("Use it").ClickAsync();
    }
}
