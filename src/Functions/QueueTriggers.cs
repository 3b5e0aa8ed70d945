using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>The queues as functions. A handler that throws has its message delivered again, up to maxDequeueCount of host.json.</summary>
public sealed class QueueTriggers(ScanQueueHandler handler)
{
    [Function("ScanQueue")]
    public Task ScanQueue([QueueTrigger(QueueNames.ImageScans)] string message, CancellationToken cancellationToken) =>
        handler.HandleAsync(message, cancellationToken);

    [Function("ScanPoisonQueue")]
    public Task ScanPoisonQueue([QueueTrigger(QueueNames.ImageScansPoison)] string message, CancellationToken cancellationToken) =>
        handler.HandlePoisonAsync(message, cancellationToken);

    // Disabled where this deployment is no cluster; where it is one, the two above are (docs/clusters.md).
    [Function("ClusterQueue")]
    public Task ClusterQueue([QueueTrigger(QueueNames.ClusterBinding)] string message, CancellationToken cancellationToken) =>
        handler.HandleAsync(message, cancellationToken);

    [Function("ClusterPoisonQueue")]
    public Task ClusterPoisonQueue([QueueTrigger(QueueNames.ClusterPoisonBinding)] string message, CancellationToken cancellationToken) =>
        handler.HandlePoisonAsync(message, cancellationToken);
}
