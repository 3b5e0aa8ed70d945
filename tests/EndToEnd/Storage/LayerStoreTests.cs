using System.Text.Json;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sweeps;
using ImageScan.EndToEnd.Azurite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Storage;

public sealed class LayerStoreTests : IDisposable
{
    private static readonly Digest Layer = Scans.DigestOf("layer");

    private readonly StorageAccount _account;
    private readonly FakeTimeProvider _time = new(Scans.Morning);
    private readonly LayerStore _store;

    public LayerStoreTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _store = new LayerStore(_account, _time, NullLogger<LayerStore>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task FindsALayerAsItWasSaved()
    {
        LayerInventory layer = LayerOf("dpkg/1 npm/2", files: 100_000);

        await _store.SaveAsync(Layer, layer, Token);
        LayerInventory found = (await _store.FindAsync(Layer, "dpkg/1 npm/2", Token))!;

        Assert.Equal(layer.NonFolders.ToBytes(), found.NonFolders.ToBytes());
        Assert.Equal(JsonSerializer.Serialize(layer), JsonSerializer.Serialize(found));
    }

    [Fact]
    public async Task DoesNotGiveWhatOtherDetectorsRead()
    {
        await _store.SaveAsync(Layer, LayerOf("dpkg/1", files: 1), Token);

        Assert.Null(await _store.FindAsync(Layer, "dpkg/2", Token));
        Assert.Null(await _store.FindAsync(Scans.DigestOf("other"), "dpkg/1", Token));
        Assert.NotNull(await _store.FindAsync(Layer, "dpkg/1", Token));
    }

    [Fact]
    public async Task GivesNoTornLayer()
    {
        await _store.SaveAsync(Layer, LayerOf("dpkg/1", files: 1), Token);
        TableClient content = await _account.TableAsync(TableNames.LayerContent, Token);
        TableEntity row = await content.QueryAsync<TableEntity>(cancellationToken: Token).SingleAsync(Token);
        await content.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Token);

        Assert.Null(await _store.FindAsync(Layer, "dpkg/1", Token));
    }

    [Fact]
    public async Task KeepsOneContentOfALayerSavedTwice()
    {
        await _store.SaveAsync(Layer, LayerOf("dpkg/1", files: 1), Token);
        await _store.SaveAsync(Layer, LayerOf("dpkg/1", files: 2), Token);

        Assert.Equal(2, (await _store.FindAsync(Layer, "dpkg/1", Token))!.NonFolders.Count);
        TableClient content = await _account.TableAsync(TableNames.LayerContent, Token);
        Assert.Equal(1, await content.QueryAsync<TableEntity>(cancellationToken: Token).CountAsync(Token));
    }

    [Fact]
    public async Task SweepsContentsThatNoRowPointsTo()
    {
        await _store.SaveAsync(Layer, LayerOf("dpkg/1", files: 1), Token);
        await _store.SaveAsync(Layer, LayerOf("dpkg/2", files: 1), Token);
        TableClient layers = await _account.TableAsync(TableNames.Layers, Token);
        List<TableEntity> rows = await layers.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token);
        TableEntity first = rows.Single(row => row.GetString("DetectorsVersion") == "dpkg/1");
        await layers.DeleteEntityAsync(first.PartitionKey, first.RowKey, cancellationToken: Token);
        _time.Advance(TimeSpan.FromHours(2));

        SweepPart swept = await new LayerSweep(_account, _time, NullLogger<LayerSweep>.Instance)
            .ContentsAsync("", new SweepTime(_time, TimeSpan.FromMinutes(1)), Token);

        Assert.Equal(new SweepPart(1, null), swept);
        Assert.NotNull(await _store.FindAsync(Layer, "dpkg/2", Token));
    }

    private static LayerInventory LayerOf(string detectors, int files) => new()
    {
        DetectorsVersion = detectors,
        Files = [new FileInventory("var/lib/dpkg/status", "dpkg") { Packages = [new Package { Type = PackageType.Dpkg, Name = "zlib1g", Version = "1", Path = "var/lib/dpkg/status" }] }],
        Whiteouts = ["etc/gone"],
        OpaqueFolders = [""],
        Links = [new SymbolicLink("lib", "usr/lib")],
        NonFolders = PathSet.Of(Enumerable.Range(0, files).Select(number => $"usr/share/{number}")),
        Warnings = [],
    };
}
