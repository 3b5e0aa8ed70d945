using ImageScan.Core.Images;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Scans;

/// <summary>Counts what is read of a plan's layers and reports it, at most once every 200 KiB.</summary>
internal sealed class ByteCount(IProgress<ScanProgress>? progress, ScanPlan plan)
{
    private readonly int _layers = plan.Manifest!.Layers.Count;
    private int _layersDone = plan.Manifest.Layers.Count - plan.Unread.Count;
    private long _bytes;

    /// <summary>Says that a layer is done.</summary>
    public void LayerDone(Descriptor layer, LayerInventory read)
    {
        Interlocked.Increment(ref _layersDone);
        Report(layer, layer.Size, read);
    }

    /// <summary>The same stream of a layer, counted; itself where nobody watches.</summary>
    public Stream Count(Descriptor layer, Stream blob)
    {
        if (progress is null)
        {
            return blob;
        }

        long before = 0;
        return new CountedStream(blob, bytes =>
        {
            Interlocked.Add(ref _bytes, bytes - before);
            before = bytes;
            Report(layer, bytes, read: null);
        });
    }

    private void Report(Descriptor layer, long bytes, LayerInventory? read) => progress?.Report(
        new ScanProgress("reading", Volatile.Read(ref _layersDone), _layers, Interlocked.Read(ref _bytes), plan.UnreadBytes)
        {
            Layer = layer.Digest,
            LayerBytes = bytes,
            IsLayerDone = read is not null,
            LayerPackages = read?.CountPackages(),
        });
}
