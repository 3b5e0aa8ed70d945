using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Storage;

public sealed class ImageRemovalTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly KeptStorage _storage;

    public ImageRemovalTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _storage = new KeptStorage(_account);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _storage.Dispose();
        _account.Dispose();
    }

    [Fact]
    public async Task LeavesNothingOfAnImageThatSharesNothing()
    {
        Scan scan = await _storage.ScanAsync("a", "base", "top");
        await _storage.Changes.AddAsync(scan.Id, ChangeOf(scan), Token);
        await _storage.Signatures.TryReplaceAsync(scan.Id, null, new KnownSignatures { FetchedAt = Scans.Morning }, Token);
        Assert.NotEmpty(await _storage.LeftAsync());

        Assert.True(await _storage.Removal.RemoveAsync(scan.Id, Token));

        Assert.Empty(await _storage.LeftAsync());
        Assert.Null(await _storage.Images.FindAsync(scan.Id, Token));
        Assert.False(await _storage.Removal.RemoveAsync(scan.Id, Token));
    }

    [Fact]
    public async Task KeepsWhatOtherImagesHave()
    {
        Scan removed = await _storage.ScanAsync("a", "base", "one");
        Scan kept = await _storage.ScanAsync("b", "base", "two");

        await _storage.Removal.RemoveAsync(removed.Id, Token);

        Assert.Equal((true, false, true), (await _storage.IsKnownAsync("base"), await _storage.IsKnownAsync("one"), await _storage.IsKnownAsync("two")));
        Assert.Equal((true, false, true), (await _storage.HasBundleAsync("base"), await _storage.HasBundleAsync("one"), await _storage.HasBundleAsync("two")));
        Assert.NotNull(await _storage.Images.FindAsync(kept.Id, Token));
        Assert.Equal(kept.Id, await _storage.Images.FindAliasAsync(kept.Manifest.Index!, Platform.Default, Token));
        await _storage.Removal.RemoveAsync(kept.Id, Token);
        Assert.Empty(await _storage.LeftAsync());
    }

    [Fact]
    public async Task KeepsTheFirstOccurrencesOfASystemForItsOtherImages()
    {
        Scan removed = await _storage.ScanAsync("a", "base");
        await _storage.Removal.RemoveAsync(removed.Id, Token);
        _storage.Time.Advance(TimeSpan.FromHours(1));

        Scan again = await _storage.ScanAsync("a", "base");

        Assert.Equal(removed.FirstInSystem, again.FirstInSystem);
        Assert.Equal(removed.FirstInImage["CVE-2024-1"].AddHours(1), again.FirstInImage["CVE-2024-1"]);
    }

    [Fact]
    public async Task KeepsLayersThatAScanUnderWayIsAboutToUse()
    {
        Scan removed = await _storage.ScanAsync("a", "base", "one");
        Scan next = KeptStorage.ScanOf("b", "base", "two");
        string? mark = await _storage.Images.UseLayersAsync(next.Id, next.Manifest.Layers, Token);

        await _storage.Removal.RemoveAsync(removed.Id, Token);
        await _storage.Images.SaveAsync(next, Scans.Summary, mark, Token);

        Assert.Equal((true, false), (await _storage.IsKnownAsync("base"), await _storage.IsKnownAsync("one")));
        Assert.True(await _storage.HasBundleAsync("base"));
    }

    [Fact]
    public async Task KeepsWhatAScanHasFoundHoweverTheTwoFallTogether()
    {
        var random = new Random(20261126);
        int found = 0;
        for (int round = 0; round < 60; round++)
        {
            string layer = $"layer {round}";
            Scan removed = await _storage.ScanAsync($"a {round}", layer);
            Scan next = KeptStorage.ScanOf($"b {round}", layer);
            int pause = random.Next(60);

            Task<bool> removal = _storage.Removal.RemoveAsync(removed.Id, Token);
            await Task.Delay(pause, Token);
            await _storage.Images.UseLayersAsync(next.Id, next.Manifest.Layers, Token);
            bool isKnown = await _storage.IsKnownAsync(layer);
            await removal;

            found += isKnown ? 1 : 0;
            Assert.True(!isKnown || await _storage.IsKnownAsync(layer), $"round {round}, {pause} ms");
        }

        // Or the rounds have proved nothing.
        Assert.NotEqual(0, found);
    }

    [Fact]
    public async Task KeepsTheLayersOfTheSameImageThatIsScannedAgainMeanwhile()
    {
        Scan scan = await _storage.ScanAsync("a", "base");
        _storage.Time.Advance(TimeSpan.FromDays(2));
        string? mark = await _storage.Images.UseLayersAsync(scan.Id, scan.Manifest.Layers, Token);
        Assert.NotNull(mark);

        await _storage.Removal.RemoveAsync(scan.Id, Token);
        await _storage.Images.SaveAsync(scan, Scans.Summary, mark, Token);

        Assert.True(await _storage.IsKnownAsync("base"));
        await _storage.Removal.RemoveAsync(scan.Id, Token);
        Assert.DoesNotContain(await _storage.LeftAsync(), row => !row.StartsWith(TableNames.Aliases, StringComparison.Ordinal));
    }

    [Fact]
    public async Task HasAnImageSayItsLayersAgainThatWasRemovedWhileItWasForced()
    {
        Scan scan = await _storage.ScanAsync("a", "base");
        string? mark = await _storage.Images.UseLayersAsync(scan.Id, scan.Manifest.Layers, Token);
        Assert.Null(mark);

        await _storage.Removal.RemoveAsync(scan.Id, Token);
        await _storage.Images.SaveAsync(scan, Scans.Summary, mark, Token);

        await _storage.ReadAsync("base", _storage.Version);
        Scan other = await _storage.ScanAsync("b", "base");
        await _storage.Removal.RemoveAsync(other.Id, Token);
        Assert.True(await _storage.IsKnownAsync("base"));
    }

    [Fact]
    public async Task SaysOnceADayThatAStoredImageIsUsed()
    {
        Scan scan = await _storage.ScanAsync("a", "base");
        string before = await MarkAsync();
        await _storage.Images.UseAsync(scan, Token);
        string sameDay = await MarkAsync();
        _storage.Time.Advance(TimeSpan.FromDays(1));

        await _storage.Images.UseAsync(scan, Token);

        string nextDay = await MarkAsync();
        Scan found = (await _storage.Images.FindAsync(scan.Id, Token))!;
        Assert.Equal(before, sameDay);
        Assert.NotEqual(before, nextDay);
        Assert.Equal(_storage.Time.GetUtcNow(), found.UsedAt);
        await _storage.Removal.RemoveAsync(scan.Id, Token);
        Assert.Empty(await _storage.LeftAsync());
    }

    [Fact]
    public async Task MayBeDoneByManyAtOnce()
    {
        Scan[] scans = [await _storage.ScanAsync("a", "base", "one"), await _storage.ScanAsync("b", "base", "two")];

        bool[] removed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _storage.Removal.RemoveAsync(scans[i % 2].Id, Token)));

        Assert.Contains(true, removed);
        Assert.Empty(await _storage.LeftAsync());
    }

    private async Task<string> MarkAsync()
    {
        TableClient table = await _account.TableAsync(TableNames.Layers, Token);
        return await table.QueryAsync<TableEntity>("RowKey ge 'use:' and RowKey lt 'use;'", cancellationToken: Token)
            .Select(row => row.GetString("Mark")!).SingleAsync(Token);
    }

    private static FindingChanges ChangeOf(Scan scan) => new()
    {
        At = Scans.Morning,
        From = null,
        To = new AdvisoryOrigin("snapshot", Scans.Morning, null, false),
        Added = [new ChangedFinding(scan.Names[0].Tag!, "x", "1", Severity.Low, null)],
        Removed = [],
        Fixed = [],
        Total = 1,
    };
}
