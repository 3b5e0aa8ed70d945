using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Does what the Functions host does with the queues; each has places of its own, so that none waits for another.</summary>
internal sealed class QueueWorker(
    ScanQueues queues,
    ScanQueueHandler images,
    LayerQueueHandler layers,
    ClusterQueueHandler cluster,
    ClusterSettings settings,
    TimeProvider time,
    ILogger<QueueWorker> logger) : BackgroundService
{
    /// <summary>The queues and what is done with their messages: the triggers of this head. A cluster takes its own messages and no other.</summary>
    public IReadOnlyList<QueueWork> Work { get; } = settings.IsCluster
        ? [.. WorkOf(queues.Of(settings.Name), cluster.HandleAsync, cluster.HandlePoisonAsync)]
        :
        [
            .. WorkOf(queues.Images, images.HandleAsync, images.HandlePoisonAsync),
            .. WorkOf(queues.Layers, layers.HandleAsync, layers.HandlePoisonAsync),
        ];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Work.Select(work => new QueueLoop(work, time, logger).RunAsync(stoppingToken)));

    private static IEnumerable<QueueWork> WorkOf(
        WorkQueue queue, Func<string, CancellationToken, Task> handle, Func<string, CancellationToken, Task> handlePoison) =>
        [new(queue, WorkQueue.MessagesAtATime, handle), new(queue.Poison, 1, handlePoison)];
}
