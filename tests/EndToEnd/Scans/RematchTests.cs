using System.Net;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class RematchTests(SharedAzurite azurite)
{
    private static readonly string Known = TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21");
    private static readonly string New = TestAdvisories.Record("CVE-2026-1002", "minimist", "1.2.6");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoesThroughAllStoredImagesWithoutAPullAndKeepsWhatChanged()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Known);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path), ("Scan:RematchesPerMinute", "60000"));
        ApiAnswer one = await app.ScanAsync(app.Registry.Push("made/one", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));
        ApiAnswer two = await app.ScanAsync(app.Registry.Push("made/two", "1", TestImages.OfNpm("minimist@1.2.5")));
        int before = app.Registry.Requests.Count;
        var rematch = app.Services.GetRequiredService<ImageRematch>();

        await advisories.ReplaceAsync(New);
        int first = await rematch.RunAsync(Token);
        int second = await rematch.RunAsync(Token);

        Assert.Equal((2, 0), (first, second));
        Assert.Equal(before, app.Registry.Requests.Count);
        Assert.Equal(["minimist CVE-2026-1002"], (await app.GetAsync($"/v1/images/{one.Id}")).Findings);
        JsonElement change = Assert.Single((await ChangesAsync(app, one.Id)).EnumerateArray());
        Assert.Equal(["CVE-2026-1002"], CvesOf(change, "added"));
        Assert.Equal(["CVE-2026-1001"], CvesOf(change, "removed"));
        Assert.Equal(2, change.GetProperty("total").GetInt32());
        Assert.NotEqual(change.GetProperty("from").GetProperty("id").GetString(), change.GetProperty("to").GetProperty("id").GetString());
        Assert.Equal(["CVE-2026-1002"], CvesOf(Assert.Single((await ChangesAsync(app, two.Id)).EnumerateArray()), "added"));
    }

    [Fact]
    public async Task RunsByTheClockOfTheLocalHead()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Known);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path), ("Scan:RematchesPerMinute", "60000"));
        ApiAnswer scanned = await app.ScanAsync(app.Registry.Push("made/image", "1", TestImages.OfNpm("minimist@1.2.5")));
        await advisories.ReplaceAsync(New);
        var clock = new FakeTimeProvider();
        using var timer = new RematchTimer(app.Services.GetRequiredService<ImageRematch>(), clock, NullLogger<RematchTimer>.Instance);
        await timer.StartAsync(Token);

        // No answer about the image itself, which would match it again on the way.
        var changes = app.Services.GetRequiredService<ChangeStore>();
        await Eventually.GetAsync(
            () =>
            {
                clock.Advance(ImageRematch.Interval);
                return changes.ListAsync(Digest.Parse(scanned.Id), Token);
            },
            kept => kept.Count == 1);
        await timer.StopAsync(Token);
        Assert.Contains(app.Services.GetServices<IHostedService>(), service => service is RematchTimer);
    }

    [Fact]
    public async Task KeepsNoChangeWhereNothingChangedAndTellsOfUnknownImages()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Known);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        ApiAnswer scanned = await app.ScanAsync(app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20")));

        await advisories.ReplaceAsync(Known, New);
        Assert.Equal(1, await app.Services.GetRequiredService<ImageRematch>().RunAsync(Token));

        Assert.Empty((await ChangesAsync(app, scanned.Id)).EnumerateArray());
        ApiAnswer unknown = await app.GetAsync("/v1/images/sha256:" + new string('0', 64) + "/changes");
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
    }

    [Fact]
    public async Task NeverTakesThePlaceOfAScanThatWasSavedMeanwhile()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Known);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        string name = app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));
        ApiAnswer scanned = await app.ScanAsync(name);
        var store = app.Services.GetRequiredService<ScanStore>();
        Scan stored = (await store.FindAsync(Digest.Parse(scanned.Id), Token))!;
        await app.ScanAgainAsync(name);

        await advisories.ReplaceAsync(New);

        Assert.Null(await app.Services.GetRequiredService<ImageRematch>().RefreshAsync(stored, Token));
        Assert.Equal(["lodash CVE-2026-1001"], (await app.GetAsync($"/v1/images/{scanned.Id}")).Findings);
    }

    private static async Task<JsonElement> ChangesAsync(ScanApp app, string id)
    {
        ApiAnswer answer = await app.GetAsync($"/v1/images/{id}/changes");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json.GetProperty("changes");
    }

    private static IEnumerable<string?> CvesOf(JsonElement change, string kind) =>
        change.GetProperty(kind).EnumerateArray().Select(finding => finding.GetProperty("cve").GetString());
}
