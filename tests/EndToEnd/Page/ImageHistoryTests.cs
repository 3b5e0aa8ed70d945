using System.Net;
using System.Text.Json;
using ImageScan.Core.Scans;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Page;

[Collection(PageServers.Name)]
public sealed class ImageHistoryTests(SharedAzurite azurite)
{
    private static readonly string Critical = TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21");
    private static readonly string Low = TestAdvisories.Record("CVE-2026-1002", "minimist", "1.2.6", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HasAPointForEachSnapshotThatChangedSomething()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Critical);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        ApiAnswer scanned = await app.ScanAsync(app.Registry.Push("made/one", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));
        JsonElement first = Assert.Single(await PointsAsync(app, scanned.Id));

        await RematchAsync(app, advisories, Critical, Low);
        await RematchAsync(app, advisories, Low);
        JsonElement[] points = await PointsAsync(app, scanned.Id);

        Assert.Equal("1 total, 1 fixable, 1 critical, 0 low", CountsOf(first, "counts"));
        Assert.False(first.TryGetProperty("before", out _));
        Assert.Equal(
            ["1 total, 1 fixable, 0 critical, 1 low", "2 total, 2 fixable, 1 critical, 1 low"], points.Select(point => CountsOf(point, "counts")));
        Assert.Equal(
            ["2 total, 2 fixable, 1 critical, 1 low", "1 total, 1 fixable, 1 critical, 0 low"], points.Select(point => CountsOf(point, "before")));
        Assert.Equal(points.Select(point => point.GetProperty("at").GetDateTimeOffset()).OrderDescending(), points.Select(point => point.GetProperty("at").GetDateTimeOffset()));
        Assert.Distinct(points.Select(point => point.GetProperty("advisories").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task BeginsWithHowItIsNow()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Critical);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        string name = app.Registry.Push("made/one", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5"));
        ApiAnswer scanned = await app.ScanAsync(name);
        await RematchAsync(app, advisories, Low);

        // Read and matched anew: no change of advisories.
        await app.ScanAgainAsync(name);
        JsonElement[] points = await PointsAsync(app, scanned.Id);

        Assert.Equal(2, points.Length);
        Assert.False(points[0].TryGetProperty("before", out _));
        Assert.Equal(CountsOf(points[0], "counts"), CountsOf(points[1], "counts"));
    }

    [Fact]
    public async Task HasEveryImageThatHadItsName()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Critical, Low);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        ApiAnswer old = await app.ScanAsync(app.Registry.Push("made/one", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));
        ApiAnswer mended = await app.ScanAsync(app.Registry.Push("made/one", "1", TestImages.OfNpm("lodash@4.17.21", "minimist@1.2.5")));
        await app.ScanAsync(app.Registry.Push("made/one", "1.1", TestImages.OfNpm("lodash@4.17.19")));

        JsonElement[] images = [.. (await HistoryAsync(app, mended.Id)).GetProperty("images").EnumerateArray()];

        Assert.Equal(
            new[] { $"{old.Id} 2 total, 2 fixable, 1 critical, 1 low", $"{mended.Id} 1 total, 1 fixable, 0 critical, 1 low" }.Order(StringComparer.Ordinal),
            images.Select(image => $"{image.GetProperty("id").GetString()} {CountsOf(image, "counts")}").Order(StringComparer.Ordinal));
        Assert.All(images, image => Assert.Equal($"{app.Registry.Host}/made/one:1", image.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task HasTheTenNewestAtMost()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string id = "";
        for (int i = 0; i < 12; i++)
        {
            id = (await app.ScanAsync(app.Registry.Push("made/one", "1", TestImages.OfNpm($"minimist@1.2.{i}")))).Id;
        }

        Assert.Equal(10, (await HistoryAsync(app, id)).GetProperty("images").GetArrayLength());
    }

    [Fact]
    public async Task OfAnUnknownImageIsNone()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/v1/images/sha256:{new string('0', 64)}/history")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/v1/images/none/history")).Status);
    }

    private static async Task RematchAsync(ScanApp app, TestAdvisories advisories, params string[] records)
    {
        await advisories.ReplaceAsync(records);
        Assert.Equal(1, await app.Services.GetRequiredService<ImageRematch>().RunAsync(Token));
    }

    private static async Task<JsonElement> HistoryAsync(ScanApp app, string id)
    {
        ApiAnswer answer = await app.GetAsync($"/v1/images/{id}/history");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }

    private static async Task<JsonElement[]> PointsAsync(ScanApp app, string id) => [.. (await HistoryAsync(app, id)).GetProperty("points").EnumerateArray()];

    private static string CountsOf(JsonElement element, string name)
    {
        JsonElement counts = element.GetProperty(name);
        int Of(string severity) => counts.GetProperty(severity).GetInt32();
        return $"{Of("total")} total, {Of("fixable")} fixable, {Of("critical")} critical, {Of("low")} low";
    }
}
