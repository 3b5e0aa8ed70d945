namespace ImageScan.Core.Storage;

/// <summary>The queues; constants, since the triggers of both heads bind them.</summary>
public static class QueueNames
{
    /// <summary>Jobs to be brought forward: <see cref="ScanMessage"/>.</summary>
    public const string ImageScans = "image-scans";

    /// <summary>Layers to be read: <see cref="LayerMessage"/>.</summary>
    public const string LayerScans = "layer-scans";

    /// <summary>Where the Functions host puts a message that failed too often: the queue's name and this.</summary>
    public const string PoisonSuffix = "-poison";

    public const string ImageScansPoison = ImageScans + PoisonSuffix;

    public const string LayerScansPoison = LayerScans + PoisonSuffix;
}
