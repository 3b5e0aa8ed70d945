using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;
using ImageScan.EndToEnd.Tools;
using ImageScan.Local.Azurite;
using Microsoft.Playwright;

namespace ImageScan.EndToEnd.Reports;

/// <summary>The HTML report in a browser: whether it can be read by everybody, shows itself, and asks nobody for anything.</summary>
public sealed class HtmlReportBrowserTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task IsReadableByEverybodyAndAsksNobody(ColorScheme scheme)
    {
        string? chromium = ProgramFiles.Find("chromium", Environment.GetEnvironmentVariable("PATH") ?? "");
        Assert.SkipWhen(chromium is null, "chromium is not on the PATH");
        string axe = await File.ReadAllTextAsync(Path.Combine(await NodeTools.FolderAsync(Token), "node_modules", "axe-core", "axe.min.js"), Token);
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.html");
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        try
        {
            await using (FileStream output = File.Create(file))
            {
                new HtmlReport().Write(Report(), output);
            }

            IPage page = await browser.NewPageAsync(new() { ColorScheme = scheme });
            var asked = new List<string>();
            var said = new List<string>();
            page.Request += (_, request) => asked.Add(request.Url);
            page.Console += (_, message) => said.Add(message.Text);
            page.PageError += (_, error) => said.Add(error);
            await page.GotoAsync($"file://{file}");
            await page.EvaluateAsync(axe);
            JsonElement violations = await page.EvaluateAsync<JsonElement>(
                "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 3).join(' '))");

            Assert.Empty(violations.EnumerateArray().Select(violation => violation.GetString()));
            Assert.Equal([$"file://{file}"], asked);
            Assert.Empty(said);
            Assert.Equal(20, await page.Locator("tbody tr").CountAsync());
            string background = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
            Assert.Equal(scheme == ColorScheme.Dark ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)", background);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ImageReport Report()
    {
        var digest = Digest.OfBytes("manifest"u8);
        Finding[] findings =
        [
            .. Enumerable.Range(0, 20).Select(i => new Finding
            {
                Cve = $"CVE-2026-{i}",
                AdvisoryId = $"DSA-{i}",
                Severity = (Severity)(i % 5),
                Link = $"https://nvd.nist.gov/vuln/detail/CVE-2026-{i}",
                FixedBy = i % 2 == 0 ? "1.2.4" : null,
                Exploit = i % 3 == 0 ? new KnownExploit(null, null) : null,
            }),
        ];
        var installed = new InstalledPackage(new Package { Type = PackageType.Dpkg, Name = "curl", Version = "1.2.3", Path = "var/lib/dpkg/status" }, 0);
        var scan = new Scan
        {
            Id = digest,
            Platform = Platform.Default,
            Manifest = new ImageManifest(digest, Index: null, new Descriptor("config", digest, 1), [new Descriptor("layer", digest, 1)]),
            Config = new ImageConfig { History = [new HistoryEntry(null, "/bin/sh -c apt-get install -y curl", "", EmptyLayer: false)] },
            Inventory = new ImageInventory
            {
                Distribution = new Distribution("debian", "12", "Debian GNU/Linux 12"),
                Packages = [installed],
                Warnings = [new InventoryWarning("a/b", "It could not be read.")],
            },
            Match = new MatchOutcome { Packages = [new PackageFindings(installed, findings)], CoversDistribution = true, CoversLanguages = true, Warnings = [] },
            DetectorsVersion = "",
            Names = [],
            ScannedAt = DateTimeOffset.UnixEpoch,
        };
        return ImageReport.Of(scan, null).Decided(found => found.Finding.Cve.EndsWith('7')
            ? new ReportedDecision(DecisionKind.NotAffected, "It is never called.", null)
            : null);
    }
}
