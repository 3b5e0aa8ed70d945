using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans;

/// <summary>What is known of an image before any of its layers is read.</summary>
public sealed record ScanPlan
{
    public required ScanRequest Request { get; init; }

    public required IImageSource Source { get; init; }

    /// <summary>The stored answer, up to date; null if the image must be read.</summary>
    public Scan? Answer { get; init; }

    /// <summary>Null only where <see cref="Answer"/> was found without asking for it.</summary>
    public ImageManifest? Manifest { get; init; }

    public ImageConfig? Config { get; init; }

    /// <summary>The mark under which it was said which layers the image has; null if that was known, or nothing is stored here.</summary>
    public string? UseMark { get; init; }

    /// <summary>Layers that some earlier scan has read, by digest.</summary>
    public IReadOnlyDictionary<Digest, LayerInventory> Known { get; init; } = new Dictionary<Digest, LayerInventory>();

    /// <summary>Layers that nobody has read yet, each once, largest first.</summary>
    public IReadOnlyList<Descriptor> Unread { get; init; } = [];

    /// <summary>Compressed bytes of <see cref="Unread"/>, as the manifest claims them; a claim that no number holds counts as the largest.</summary>
    public long UnreadBytes => Unread.Aggregate(0L, (sum, layer) => layer.Size > long.MaxValue - sum ? long.MaxValue : sum + layer.Size);
}
