using System.Collections.Concurrent;
using ImageScan.TestSupport;
using Microsoft.Playwright;

namespace ImageScan.EndToEnd.Page;

/// <summary>One person's tab, and all that went wrong in it.</summary>
internal sealed class PageVisit : IAsyncDisposable
{
    // A slow machine beside other tests; what is slow for people the tests of speed look at.
    public const float PatienceMilliseconds = 60_000;

    // What the policy forbids the browser also writes to its console; that a script was kept from making markup of text it says here alone.
    private const string TellsOfPolicy =
        "addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));";

    private readonly IBrowserContext _context;
    private readonly Uri _app;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<(string Method, Uri Address)> _requests = new();

    private PageVisit(IBrowserContext context, IPage page, Uri app) => (_context, Page, _app) = (context, page, app);

    public IPage Page { get; }

    /// <summary>Errors of the console, uncaught errors, what the policy forbade, and dialogs.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>What was asked, of whatever host.</summary>
    public IReadOnlyCollection<(string Method, Uri Address)> Requests => _requests;

    public static async Task<PageVisit> OpenAsync(PageBrowser browser, Uri app, string hash = "", PageLook? look = null)
    {
        look ??= new PageLook();
        IBrowserContext context = await browser.ContextAsync(look);
        context.SetDefaultTimeout(PatienceMilliseconds);
        IPage page = await context.NewPageAsync();
        var visit = new PageVisit(context, page, app);
        visit.Listen();
        foreach (string script in look.Scripts.Prepend(TellsOfPolicy))
        {
            await page.AddInitScriptAsync(script);
        }

        await page.GotoAsync($"{app}{hash}");
        return visit;
    }

    /// <summary>Fails if anything went wrong, or another host was asked.</summary>
    public void AssertClean()
    {
        Assert.Empty(Complaints);
        Assert.NotEmpty(Requests);
        Assert.All(Requests.Where(request => request.Address.Scheme is not ("data" or "blob")), request => Assert.Equal(_app.Authority, request.Address.Authority));
    }

    /// <summary>Keeps a picture of the window beside the results of the tests.</summary>
    public async Task<byte[]> PictureAsync(string name)
    {
        string folder = Environment.GetEnvironmentVariable("Page_Screenshots") ?? Repository.Path("TestResults", "screenshots");
        Directory.CreateDirectory(folder);
        return await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>Writes an image into the box and has it scanned.</summary>
    public async Task ScanAsync(string image)
    {
        await Page.GetByLabel("Which image is to be scanned?").FillAsync(image);
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Scan", Exact = true }).ClickAsync();
    }

    /// <summary>Waits until there are findings.</summary>
    public Task TableAsync() => Page.Locator(".findings tbody tr").First.WaitForAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name });

    public ILocator Tab(string name) => Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = name });

    /// <summary>The line that says how many findings are shown.</summary>
    public ILocator Status => Page.Locator(".findings .status");

    /// <summary>The line that says how many images there are.</summary>
    public ILocator ListStatus => Page.Locator(".image-list .status");

    public ILocator Filter => Page.Locator(".findings input.filter");

    /// <summary>Presses a key until what is focused fits a selector.</summary>
    public async Task PressUntilAsync(string key, string selector, int most = 80)
    {
        for (int i = 0; i < most; i++)
        {
            await Page.Keyboard.PressAsync(key);
            if (await Page.EvaluateAsync<bool>("wanted => document.activeElement?.matches(wanted) ?? false", selector))
            {
                return;
            }
        }

        Assert.Fail($"{key} does not lead to {selector}");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Listen()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        Page.PageError += (_, error) => _complaints.Enqueue($"uncaught: {error}");
        Page.Request += (_, request) => _requests.Enqueue((request.Method, new Uri(request.Url)));
        Page.Dialog += async (_, dialog) =>
        {
            _complaints.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }
}
