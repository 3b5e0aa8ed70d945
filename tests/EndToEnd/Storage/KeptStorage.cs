using System.Collections.Concurrent;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Storage.Sweeps;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Storage;

/// <summary>
/// Storage with images, their layers and bundles, and what sweeps it. Rows have the times of the account's own clock, so the days that pass here
/// are days of the sweep.
/// </summary>
internal sealed class KeptStorage : IDisposable
{
    private readonly LayerReading _reading;

    public KeptStorage(StorageAccount account)
    {
        Account = account;
        Images = new ScanStore(account, Time, NullLogger<ScanStore>.Instance);
        Layers = new LayerStore(account, Time, NullLogger<LayerStore>.Instance);
        Changes = new ChangeStore(account);
        Signatures = new SignatureStore(account);
        Jobs = new JobStore(account);
        Removal = new ImageRemoval(Images, Changes, Signatures, Layers, NullLogger<ImageRemoval>.Instance);
        _reading = new LayerReading(new LayerInspection([], new LayerLimits(), new InspectionLimits()), Layers, null, new ScanSettings(), Time);
    }

    public StorageAccount Account { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public ScanStore Images { get; }

    public LayerStore Layers { get; }

    public ChangeStore Changes { get; }

    public SignatureStore Signatures { get; }

    public JobStore Jobs { get; }

    public ImageRemoval Removal { get; }

    /// <summary>The detectors that are at work here.</summary>
    public string Version => _reading.DetectorsVersion;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _reading.Dispose();

    public static Scan ScanOf(string image, params string[] layers)
    {
        Scan scan = Scans.Of(image, image, Scans.Morning, "CVE-2024-1");
        return scan with
        {
            Manifest = scan.Manifest with
            {
                Index = Scans.DigestOf($"index of {image}"),
                Layers = [.. layers.Select(layer => new Descriptor(MediaTypes.OciLayerTarGzip, Scans.DigestOf(layer), 10))],
            },
        };
    }

    /// <summary>A scan as it is made: uses, layers, bundles, the answer of its index, the result.</summary>
    public async Task<Scan> ScanAsync(string image, params string[] layers)
    {
        Scan scan = ScanOf(image, layers);
        string? mark = await Images.UseLayersAsync(scan.Id, scan.Manifest.Layers, Token);
        foreach (string layer in layers)
        {
            if (!await IsKnownAsync(layer))
            {
                await ReadAsync(layer, Version);
                await BundleAsync(layer);
            }
        }

        await Images.SaveAliasAsync(scan.Manifest.Index!, Platform.Default, scan.Id, Token);
        return await Images.SaveAsync(scan, Scans.Summary, mark, Token);
    }

    public Task ReadAsync(string layer, string detectors) => Layers.SaveAsync(
        Scans.DigestOf(layer),
        new LayerInventory
        {
            DetectorsVersion = detectors,
            Files = [],
            Whiteouts = [],
            OpaqueFolders = [],
            Links = [],
            NonFolders = PathSet.Of([layer]),
            Warnings = [],
        },
        Token);

    public async Task BundleAsync(string layer)
    {
        BlobContainerClient container = await Account.ContainerAsync(ContainerNames.Layers, Token);
        string name = Scans.DigestOf(layer).ToString();
        await container.GetBlobClient(name).UploadAsync(new BinaryData(layer), overwrite: true, Token);
        TableClient table = await Account.TableAsync(TableNames.Layers, Token);
        await table.UpsertEntityAsync(new TableEntity(name, "bundle"), TableUpdateMode.Replace, Token);
    }

    public async Task<bool> IsKnownAsync(string layer, string? detectors = null) =>
        await Layers.FindAsync(Scans.DigestOf(layer), detectors ?? Version, Token) is not null;

    /// <summary>Whether a layer's bundle is there: both halves, or neither.</summary>
    public async Task<bool> HasBundleAsync(string layer)
    {
        string name = Scans.DigestOf(layer).ToString();
        BlobContainerClient container = await Account.ContainerAsync(ContainerNames.Layers, Token);
        TableClient table = await Account.TableAsync(TableNames.Layers, Token);
        bool row = (await table.GetEntityIfExistsAsync<TableEntity>(name, "bundle", cancellationToken: Token)).HasValue;
        Assert.Equal(row, (await container.GetBlobClient(name).ExistsAsync(Token)).Value);
        return row;
    }

    public StorageSweep Sweep(RetentionSettings? retention = null, LayerSettings? keeping = null, TimeSpan? longest = null) => new(
        Removal,
        Images,
        new ImageSweep(Account, Time, NullLogger<ImageSweep>.Instance),
        new LayerSweep(Account, Time, NullLogger<LayerSweep>.Instance),
        new ListSweep(Account, Images, new RiskLedger(Account), new TermStore(Account), Time, NullLogger<ListSweep>.Instance),
        new OldJobs(Account, Jobs, Time, NullLogger<OldJobs>.Instance),
        new OldRows(Account),
        new SweepMemory(Account),
        _reading,
        retention ?? new RetentionSettings(),
        keeping ?? new LayerSettings(),
        Time,
        NullLogger<StorageSweep>.Instance)
    { LongestRun = longest ?? TimeSpan.FromMinutes(8) };

    public Task<int> SweepAsync(RetentionSettings? retention = null) => Sweep(retention).RunAsync(Token);

    /// <summary>Rows and blobs that there are, but what a sweep remembers and what belongs to no image: <c>table: count</c>.</summary>
    public async Task<string[]> LeftAsync()
    {
        var left = new ConcurrentBag<string>();
        string[] tables =
        [
            TableNames.Images, TableNames.ImageContent, TableNames.Aliases, TableNames.Changes, TableNames.Signatures, TableNames.Layers,
            TableNames.LayerContent, TableNames.Jobs, TableNames.Claims, TableNames.ImageTerms,
        ];
        foreach (string name in tables)
        {
            TableClient table = await Account.TableAsync(name, Token);
            await foreach (TableEntity row in table.QueryAsync<TableEntity>(cancellationToken: Token))
            {
                if (!IsOfTheLedger(name, row.RowKey))
                {
                    left.Add($"{name}: {row.PartitionKey} {row.RowKey}");
                }
            }
        }

        BlobContainerClient container = await Account.ContainerAsync(ContainerNames.Layers, Token);
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: Token))
        {
            left.Add($"blob: {blob.Name}");
        }

        return [.. left.Order(StringComparer.Ordinal)];
    }

    private static bool IsOfTheLedger(string table, string rowKey) =>
        table == TableNames.Images && (rowKey == "~l" || rowKey.StartsWith("~m", StringComparison.Ordinal));
}
