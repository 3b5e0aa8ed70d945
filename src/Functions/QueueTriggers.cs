using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>The queues as functions. A handler that throws has its message delivered again, up to maxDequeueCount of host.json.</summary>
public sealed class QueueTriggers(
    ScanQueueHandler images, LayerQueueHandler layers, BackgroundQueueHandler background, MixedQueueHandler cluster,
    RegistryEventsHandler events)
{
    [Function("ScanQueue")]
    public Task ScanQueue([QueueTrigger(QueueNames.ImageScans)] string message, CancellationToken cancellationToken) =>
        images.HandleAsync(message, cancellationToken);

    [Function("ScanPoisonQueue")]
    public Task ScanPoisonQueue([QueueTrigger(QueueNames.ImageScansPoison)] string message, CancellationToken cancellationToken) =>
        images.HandlePoisonAsync(message, cancellationToken);

    [Function("LayerQueue")]
    public Task LayerQueue([QueueTrigger(QueueNames.LayerScans)] string message, CancellationToken cancellationToken) =>
        layers.HandleAsync(message, cancellationToken);

    [Function("LayerPoisonQueue")]
    public Task LayerPoisonQueue([QueueTrigger(QueueNames.LayerScansPoison)] string message, CancellationToken cancellationToken) =>
        layers.HandlePoisonAsync(message, cancellationToken);

    [Function("BackgroundQueue")]
    public Task BackgroundQueue([QueueTrigger(QueueNames.BackgroundScans)] string message, CancellationToken cancellationToken) =>
        background.HandleAsync(message, cancellationToken);

    [Function("BackgroundPoisonQueue")]
    public Task BackgroundPoisonQueue([QueueTrigger(QueueNames.BackgroundScansPoison)] string message, CancellationToken cancellationToken) =>
        background.HandlePoisonAsync(message, cancellationToken);

    [Function("RegistryEventsQueue")]
    public Task RegistryEventsQueue([QueueTrigger(QueueNames.RegistryEvents)] string message, CancellationToken cancellationToken) =>
        events.HandleAsync(message, cancellationToken);

    [Function("RegistryEventsPoisonQueue")]
    public Task RegistryEventsPoisonQueue([QueueTrigger(QueueNames.RegistryEventsPoison)] string message, CancellationToken cancellationToken) =>
        events.HandlePoisonAsync(message, cancellationToken);

    // Disabled where this deployment is no cluster; where it is one, all others are (docs/clusters.md).
    [Function("ClusterQueue")]
    public Task ClusterQueue([QueueTrigger(QueueNames.ClusterBinding)] string message, CancellationToken cancellationToken) =>
        cluster.HandleAsync(message, cancellationToken);

    [Function("ClusterPoisonQueue")]
    public Task ClusterPoisonQueue([QueueTrigger(QueueNames.ClusterPoisonBinding)] string message, CancellationToken cancellationToken) =>
        cluster.HandlePoisonAsync(message, cancellationToken);

    [Function("ClusterBackgroundQueue")]
    public Task ClusterBackgroundQueue([QueueTrigger(QueueNames.ClusterBackgroundBinding)] string message, CancellationToken cancellationToken) =>
        background.HandleAsync(message, cancellationToken);

    [Function("ClusterBackgroundPoisonQueue")]
    public Task ClusterBackgroundPoisonQueue([QueueTrigger(QueueNames.ClusterBackgroundPoisonBinding)] string message, CancellationToken cancellationToken) =>
        background.HandlePoisonAsync(message, cancellationToken);
}
