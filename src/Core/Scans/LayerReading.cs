using System.Collections.Concurrent;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans;

/// <summary>Reads layers side by side, and never one that is known.</summary>
public sealed class LayerReading(LayerInspection inspection, LayerStore? store, ScanSettings settings)
{
    private readonly LayerPlaces _places = new(settings);

    /// <summary>The detectors that read here; what others read is read again.</summary>
    public string DetectorsVersion => inspection.DetectorsVersion;

    /// <summary>Those of the layers that any image's scan has read before with these detectors, by digest.</summary>
    public async Task<IReadOnlyDictionary<Digest, LayerInventory>> FindKnownAsync(IReadOnlyList<Descriptor> layers, CancellationToken cancellationToken)
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
            using IDisposable place = await _places.TakeAsync(token);
            LayerInventory inventory = await ReadAsync(layer, async open => bytes.Count(await plan.Source.OpenBlobAsync(layer, open)), token);
            if (store is not null)
            {
                await store.SaveAsync(layer.Digest, inventory, token);
            }

            read[layer.Digest] = inventory;
            bytes.LayerDone();
        });
        return read;
    }

    private async Task<LayerInventory> ReadAsync(Descriptor layer, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        try
        {
            return await inspection.ReadAsync(open, layer.MediaType, cancellationToken);
        }
        catch (LayerLimitException tooLarge)
        {
            throw new ScanException($"layer {layer.Digest}: {tooLarge.Message}");
        }
    }
}
