using Azure.Data.Tables;
using Azure.Storage.Blobs;
using ImageScan.Core.Images;
using ImageScan.Core.Layers;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Storage;

public sealed class StorageSweepTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly KeptStorage _storage;

    public StorageSweepTests(SharedAzurite azurite)
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
    public async Task RemovesEveryKindOfLeftoverAndNothingElse()
    {
        await _storage.ScanAsync("kept", "base", "top");
        string[] kept = await _storage.LeftAsync();
        await LeaveEveryKindAsync();
        string[] before = await _storage.LeftAsync();

        int young = await _storage.SweepAsync();
        string[] afterYoung = await _storage.LeftAsync();
        _storage.Time.Advance(TimeSpan.FromDays(8));
        int removed = await _storage.SweepAsync();

        // The old job was open: it has failed, and goes the next time.
        removed += await _storage.SweepAsync();
        await foreach (ScanJob _ in _storage.Jobs.ClaimedAsync(Token))
        {
            // Whoever lists claims lets go of those without a job.
        }

        Assert.Equal(0, young);
        Assert.Equal(before, afterYoung);
        Assert.InRange(removed, 8, 45);
        Assert.Equal(kept, await _storage.LeftAsync());
        Assert.Equal(0, await _storage.SweepAsync());
    }

    [Fact]
    public async Task GoesOnWhereTheRunBeforeHadToStop()
    {
        await _storage.ScanAsync("kept", "base", "top");
        string[] kept = await _storage.LeftAsync();
        await LeaveEveryKindAsync();
        _storage.Time.Advance(TimeSpan.FromDays(8));

        int runs = 0;
        while (await LeftWithoutClaimsAsync() is var left && !left.SequenceEqual(kept.Where(row => !row.StartsWith(TableNames.Claims, StringComparison.Ordinal))))
        {
            // A run that has no time looks at one key of each table.
            await _storage.Sweep(longest: TimeSpan.Zero).RunAsync(Token);
            Assert.InRange(++runs, 1, 30);
        }

        Assert.InRange(runs, 2, 30);
    }

    [Fact]
    public async Task RemovesResultsThatNobodyHasAskedForAndKeepsThoseThatSomebodyHas()
    {
        Scan old = await _storage.ScanAsync("old", "base", "one");
        Scan asked = await _storage.ScanAsync("asked", "base", "two");
        _storage.Time.Advance(TimeSpan.FromDays(9));
        await _storage.Images.UseAsync(asked, Token);
        _storage.Time.Advance(TimeSpan.FromDays(2));
        await _storage.SweepAsync();
        Assert.NotNull(await _storage.Images.FindAsync(old.Id, Token));

        await _storage.SweepAsync(new RetentionSettings { ResultDays = 10 });

        Assert.Null(await _storage.Images.FindAsync(old.Id, Token));
        Assert.NotNull(await _storage.Images.FindAsync(asked.Id, Token));
        Assert.Equal((true, false, true), (await _storage.IsKnownAsync("base"), await _storage.IsKnownAsync("one"), await _storage.IsKnownAsync("two")));
    }

    [Fact]
    public async Task RemovesBundlesOfLayersThatNoImageWasScannedWithForLong()
    {
        await _storage.ScanAsync("a", "base");

        _storage.Time.Advance(TimeSpan.FromDays(89));
        await _storage.SweepAsync();
        bool early = await _storage.HasBundleAsync("base");
        _storage.Time.Advance(TimeSpan.FromDays(2));
        await _storage.SweepAsync(new RetentionSettings { BundleDays = 0 });
        bool forEver = await _storage.HasBundleAsync("base");
        await _storage.SweepAsync();

        Assert.Equal((true, true, false), (early, forEver, await _storage.HasBundleAsync("base")));
        Assert.True(await _storage.IsKnownAsync("base"));
    }

    [Fact]
    public async Task RemovesAllBundlesAtOnceWhereNoneAreToBeKept()
    {
        await _storage.ScanAsync("a", "base");

        await _storage.Sweep(keeping: new LayerSettings { KeepBodies = false }).RunAsync(Token);

        Assert.False(await _storage.HasBundleAsync("base"));
        Assert.True(await _storage.IsKnownAsync("base"));
    }

    [Fact]
    public async Task RemovesWhatDetectorsReadThatAreNoLongerAtWork()
    {
        await _storage.ScanAsync("a", "base");
        await _storage.ReadAsync("base", "gone/1");
        await _storage.ReadAsync("base", "elsewhere/1");

        _storage.Time.Advance(TimeSpan.FromDays(29));
        await _storage.SweepAsync();
        bool early = await _storage.IsKnownAsync("base", "gone/1");
        _storage.Time.Advance(TimeSpan.FromDays(2));
        await new Core.Storage.Sweeps.SweepMemory(_account).DetectorsAtWorkAsync("elsewhere/1", _storage.Time.GetUtcNow(), default, Token);
        await _storage.SweepAsync();

        Assert.True(early);
        Assert.Equal(
            (false, true, true),
            (await _storage.IsKnownAsync("base", "gone/1"), await _storage.IsKnownAsync("base", "elsewhere/1"), await _storage.IsKnownAsync("base")));
    }

    [Fact]
    public async Task LetsGoOfAReadingThatNobodyEndsAndKeepsWhatWasReadBefore()
    {
        await _storage.ScanAsync("a", "base", "half");
        Digest half = Scans.DigestOf("half");
        LayerRow? read = await _storage.Layers.LookAsync(half, _storage.Version, Token);
        Assert.NotNull(await _storage.Layers.TryClaimAsync(half, _storage.Version, "somebody", read, Token));
        _storage.Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(1, await _storage.SweepAsync());

        LayerRow? swept = await _storage.Layers.LookAsync(half, _storage.Version, Token);
        Assert.Equal((read!.Generation, null), (swept!.Generation, swept.Reader));
        Assert.True(await _storage.IsKnownAsync("half"));
    }

    [Fact]
    public async Task MayRunBesideItself()
    {
        await _storage.ScanAsync("kept", "base");
        string[] kept = await _storage.LeftAsync();
        await LeaveEveryKindAsync();
        _storage.Time.Advance(TimeSpan.FromDays(8));

        // The old job is open: the first time it fails, the next it goes.
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _storage.SweepAsync()));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _storage.SweepAsync()));

        Assert.Equal(kept, await LeftWithoutClaimsAsync());
    }

    private async Task<string[]> LeftWithoutClaimsAsync() =>
        [.. (await _storage.LeftAsync()).Where(row => !row.StartsWith(TableNames.Claims, StringComparison.Ordinal))];

    // Of each a piece that its writer never came back for.
    private async Task LeaveEveryKindAsync()
    {
        // An image whose removal ended after its first step: content, alias, change, signatures, uses, layers, bundles.
        Scan half = await _storage.ScanAsync("half", "base", "alone");
        await _storage.Changes.AddAsync(half.Id, new FindingChanges { At = Scans.Morning, From = null, To = null, Added = [], Removed = [], Fixed = [], Total = 0 }, Token);
        await _storage.Signatures.TryReplaceAsync(half.Id, null, new KnownSignatures { FetchedAt = Scans.Morning }, Token);
        TableClient images = await _account.TableAsync(TableNames.Images, Token);
        await images.DeleteEntityAsync(half.Id.Hex[..1], half.Id.ToString(), cancellationToken: Token);

        // A scan that ended before it saved: uses, one layer read, one claimed.
        Scan failed = KeptStorage.ScanOf("failed", "base", "read", "claimed");
        await _storage.Images.UseLayersAsync(failed.Id, failed.Manifest.Layers, Token);
        await _storage.ReadAsync("read", _storage.Version);
        await _storage.Layers.TryClaimAsync(Scans.DigestOf("claimed"), _storage.Version, "dead", null, Token);

        // Contents of a layer without its row, and a bundle without its row.
        await _storage.ReadAsync("torn", _storage.Version);
        TableClient layers = await _account.TableAsync(TableNames.Layers, Token);
        await foreach (TableEntity row in layers.QueryAsync<TableEntity>($"PartitionKey eq '{Scans.DigestOf("torn")}'", cancellationToken: Token))
        {
            await layers.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Token);
        }

        BlobContainerClient container = await _account.ContainerAsync(ContainerNames.Layers, Token);
        await container.GetBlobClient(Scans.DigestOf("stray").ToString()).UploadAsync(new BinaryData("x"), overwrite: true, Token);

        // An old job with a layer and its claim, and a layer whose job is gone.
        var layer = new JobLayer(Scans.DigestOf("base"), MediaTypes.OciLayerTarGzip, 1);
        ScanJob old = await _storage.Jobs.BeginAsync(JobOf("old"), _ => false, Token);
        await _storage.Jobs.DealOutAsync(old.Id, [layer], Token);
        await _storage.Jobs.DealOutAsync("nobody", [layer], Token);
    }

    private ScanJob JobOf(string id) => new()
    {
        Id = id,
        Target = id,
        ImageName = "nginx",
        Platform = "",
        Force = false,
        State = ScanJobState.Reading,
        CreatedAt = _storage.Time.GetUtcNow(),
    };
}
