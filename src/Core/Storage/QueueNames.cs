namespace ImageScan.Core.Storage;

/// <summary>The queues; constants, since the triggers of both heads bind them.</summary>
public static class QueueNames
{
    public const string ImageScans = "image-scans";

    /// <summary>Where the Functions host puts a message that failed too often: the queue's name and this.</summary>
    public const string PoisonSuffix = "-poison";

    public const string ImageScansPoison = ImageScans + PoisonSuffix;
}
