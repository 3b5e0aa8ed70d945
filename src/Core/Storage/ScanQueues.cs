using ImageScan.Core.Images;

namespace ImageScan.Core.Storage;

/// <summary>The queues over which this deployment's scans go. Every method throws <see cref="StorageException"/> if storage fails.</summary>
public sealed class ScanQueues(StorageAccount account)
{
    /// <summary>Jobs to be brought forward.</summary>
    public WorkQueue Images { get; } = new(account, QueueNames.ImageScans);

    /// <summary>Layers to be read.</summary>
    public WorkQueue Layers { get; } = new(account, QueueNames.LayerScans);

    /// <summary>Has the job brought forward by whoever takes the message.</summary>
    public Task SendJobAsync(string jobId, CancellationToken cancellationToken) => Images.SendAsync(new ScanMessage(jobId).ToJson(), cancellationToken);

    /// <summary>Has a layer read for a job.</summary>
    public Task SendLayerAsync(string jobId, Digest layer, CancellationToken cancellationToken) =>
        Layers.SendAsync(new LayerMessage(jobId, layer.ToString()).ToJson(), cancellationToken);
}
