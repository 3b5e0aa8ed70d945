using System.Collections.Concurrent;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Scans;

/// <summary>Reads layers side by side, and never one that is known.</summary>
public sealed class LayerReading(
    LayerInspection inspection, LayerStore? store, LayerBundles? bundles, ScanSettings settings, TimeProvider time) : IDisposable
{
    private readonly LayerPlaces _places = new(settings);

    /// <summary>The detectors that read here; what others read is read again.</summary>
    public string DetectorsVersion => inspection.DetectorsVersion;

    /// <summary>Those of the layers that any image's scan has read before with these detectors, by digest.</summary>
    public async Task<IReadOnlyDictionary<Digest, LayerInventory>> FindKnownAsync(IEnumerable<Descriptor> layers, CancellationToken cancellationToken)
    {
        var known = new ConcurrentDictionary<Digest, LayerInventory>();
        if (store is not null)
        {
            await Parallel.ForEachAsync(layers.DistinctBy(layer => layer.Digest), cancellationToken, async (layer, token) =>
            {
                if (await store.FindAsync(layer.Digest, inspection.DetectorsVersion, token) is { } inventory)
                {
                    known[layer.Digest] = inventory;
                }
            });
        }

        return known;
    }

    /// <summary>
    /// The plan's layers, known and newly read, by digest. Throws <see cref="RegistryException"/>, and <see cref="ScanException"/> for a
    /// layer that is too large to be checked.
    /// </summary>
    public async Task<IReadOnlyDictionary<Digest, LayerInventory>> ReadAsync(
        ScanPlan plan, IProgress<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        var read = new ConcurrentDictionary<Digest, LayerInventory>(plan.Known);
        var bytes = new ByteCount(progress, plan);
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.ParallelLayers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(plan.Unread, options, async (layer, token) =>
        {
            LayerInventory inventory = await ReadAsync(plan.Source, layer, plan.Request, blob => bytes.Count(layer, blob), token);
            read[layer.Digest] = inventory;
            bytes.LayerDone(layer, inventory);
        });
        return read;
    }

    /// <summary>
    /// One layer: as it is known, as another process reads it right now, or newly read and kept. Throws as the other method does.
    /// </summary>
    /// <param name="source">Where its blob is.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="request">
    /// Who asks. A forced request pulls it also if it is known; a reading that ends after this was called is new enough.
    /// </param>
    /// <param name="count">Wraps the blob's stream to count its bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<LayerInventory> ReadAsync(
        IImageSource source, Descriptor layer, ScanRequest request, Func<Stream, Stream> count, CancellationToken cancellationToken) =>
        ScanTelemetry.PhaseAsync(SpanNames.Layer, span =>
        {
            span?.SetTag(SpanTags.Layer, $"{layer.Digest}").SetTag(SpanTags.Bytes, layer.Size);
            return TakeAsync(source, layer, request, count, cancellationToken);
        });

    private async Task<LayerInventory> TakeAsync(
        IImageSource source, Descriptor layer, ScanRequest request, Func<Stream, Stream> count, CancellationToken cancellationToken)
    {
        async Task<LayerInventory> ReadHereAsync(CancellationToken token) =>
            (bundles is null || request.Force ? null : await bundles.ReadAsync(layer.Digest, token))
            ?? await InspectAsync(layer, async open => count(await source.OpenBlobAsync(layer, open)), token);
        return store is null
            ? await ReadHereAsync(cancellationToken)
            : await new LayerTurn(store, settings, time, layer.Digest, DetectorsVersion) { LostHolders = request.LostHolders }
                .TakeAsync(request.Force, ReadHereAsync, cancellationToken);
    }

    public void Dispose() => _places.Dispose();

    private async Task<LayerInventory> InspectAsync(Descriptor layer, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        using IDisposable place = await _places.TakeAsync(cancellationToken);
        using BundleRecorder? recorder = bundles?.TryRecord();
        try
        {
            LayerInventory inventory = await inspection.ReadAsync(open, layer.MediaType, recorder, cancellationToken);
            bundles?.Keep(layer.Digest, recorder);
            ScanMetrics.LayerRead(layer.Size);
            return inventory;
        }
        catch (LayerLimitException tooLarge)
        {
            throw new ScanException($"layer {layer.Digest}: {tooLarge.Message}");
        }
    }
}
