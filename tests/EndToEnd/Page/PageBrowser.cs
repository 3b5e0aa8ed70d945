using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Azurite;
using Microsoft.Playwright;

namespace ImageScan.EndToEnd.Page;

/// <summary>How a browser shows the page.</summary>
internal sealed record PageLook
{
    public ColorScheme Scheme { get; init; } = ColorScheme.Light;

    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 800;

    /// <summary>Scripts that run before those of the page, without its leave.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];
}

/// <summary>
/// Debian's Chromium, driven by Playwright; nothing is downloaded. Started when the first test asks for it, so that a test that cannot have it is skipped
/// and does not fail.
/// </summary>
public sealed class PageBrowser : IAsyncDisposable
{
    // Nothing that asks the network of itself; in a container there is neither a sandbox nor a GPU.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-dev-shm-usage",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A context of its own: no cookie, token or choice of another test.</summary>
    internal async Task<IBrowserContext> ContextAsync(PageLook look)
    {
        OnPath.Require("chromium");
        Assertions.SetDefaultExpectTimeout(PageVisit.PatienceMilliseconds);
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ProgramFiles.Find("chromium", Environment.GetEnvironmentVariable("PATH") ?? ""),
            Args = Arguments,
        });
        return await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.Scheme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            AcceptDownloads = true,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
