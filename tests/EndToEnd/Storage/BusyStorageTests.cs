using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Reliability;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.EndToEnd.Storage;

/// <summary>Storage that refuses what a reading of a layer can do without.</summary>
public sealed class BusyStorageTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly byte[] Blob = new byte[1024];
    private static readonly Descriptor Layer = new(MediaTypes.DockerLayerTar, Digest.OfBytes(Blob), Blob.Length);

    private static readonly ScanRequest Request =
        new(ImageReference.TryParse("r.io/n", out ImageReference? name, out _) ? name : throw new InvalidOperationException());

    private TroubledStorage _storage = null!;
    private StorageAccount _account = null!;
    private Func<HttpRequest, bool> _isRefused = _ => false;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = await TroubledStorage.StartAsync(
            azurite.ConnectionString, request => _isRefused(request) ? new StorageMishap(StorageFault.Busy, default) : null, new TroubleLog(), Token);
        _account = new StorageAccount(new StorageSettings { ConnectionString = _storage.ConnectionString, Prefix = $"T{Guid.NewGuid():n}" });
        await _account.TableAsync(TableNames.Layers, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _account.Dispose();
        await _storage.DisposeAsync();
    }

    // Or a failure that no other try can mend would count as one that may pass.
    [Fact]
    public async Task IsNotWhatALayersReadingFailedOf()
    {
        _isRefused = request => HttpMethods.IsDelete(request.Method);
        using LayerReading reading = NewReading();

        RegistryException refusal = await Assert.ThrowsAsync<RegistryException>(
            () => reading.ReadAsync(new Source(null), Layer, Request, blob => blob, Token));

        Assert.Equal("no such layer", refusal.Message);
    }

    [Fact]
    public async Task KeepsNoLayerFromBeingReadWithoutItsBundle()
    {
        _isRefused = request => request.Path.Value!.Contains("RowKey='bundle'", StringComparison.Ordinal);
        using LayerReading reading = NewReading();

        LayerInventory inventory = await reading.ReadAsync(new Source(Blob), Layer, Request, blob => blob, Token);

        Assert.Equal(reading.DetectorsVersion, inventory.DetectorsVersion);
    }

    private LayerReading NewReading()
    {
        var inspection = new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits());
        var bundles = new LayerBundles(inspection, new BundleStore(_account), new LayerSettings(), NullLogger<LayerBundles>.Instance);
        var layers = new LayerStore(_account, TimeProvider.System, NullLogger<LayerStore>.Instance);
        return new LayerReading(inspection, layers, bundles, new ScanSettings(), TimeProvider.System);
    }

    private sealed class Source(byte[]? blob) : IImageSource
    {
        public Task<Descriptor> ResolveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream> OpenBlobAsync(Descriptor layer, CancellationToken cancellationToken) =>
            blob is null ? throw new RegistryException("no such layer") : Task.FromResult<Stream>(new MemoryStream(blob));
    }
}
