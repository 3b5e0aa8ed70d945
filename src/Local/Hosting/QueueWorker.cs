using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Notifications;
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
    MixedQueueHandler cluster,
    BackgroundQueueHandler background,
    RegistryEventsHandler events,
    NotificationOutbox outbox,
    NotificationDelivery notifications,
    ClusterSettings settings,
    ScanSettings scanSettings,
    TimeProvider time,
    ILogger<QueueWorker> logger) : BackgroundService
{
    /// <summary>The queues and what is done with their messages: the triggers of this head. A cluster takes its own messages and no other.</summary>
    public IReadOnlyList<QueueWork> Work { get; } = settings.IsCluster
        ?
        [
            .. WorkOf(queues.Of(settings.Name), WorkQueue.MessagesAtATime, cluster.HandleAsync, cluster.HandlePoisonAsync),
            .. WorkOf(queues.BackgroundOf(settings.Name), scanSettings.BackgroundScans, background.HandleAsync, background.HandlePoisonAsync),
        ]
        :
        [
            .. WorkOf(queues.Images, WorkQueue.MessagesAtATime, images.HandleAsync, images.HandlePoisonAsync),
            .. WorkOf(queues.Layers, WorkQueue.MessagesAtATime, layers.HandleAsync, layers.HandlePoisonAsync),
            .. WorkOf(queues.Background, scanSettings.BackgroundScans, background.HandleAsync, background.HandlePoisonAsync),
            .. WorkOf(queues.RegistryEvents, WorkQueue.MessagesAtATime, events.HandleAsync, events.HandlePoisonAsync),

            // Without a rule nothing is ever sent to it.
            .. outbox.Rules.All.Count == 0
                ? []
                : WorkOf(outbox.Queue, WorkQueue.MessagesAtATime, notifications.HandleAsync, (message, _) =>
                {
                    notifications.HandlePoison(message);
                    return Task.CompletedTask;
                }),
        ];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Work.Select(work => new QueueLoop(work, time, logger).RunAsync(stoppingToken)));

    private static IEnumerable<QueueWork> WorkOf(
        WorkQueue queue, int places, Func<string, CancellationToken, Task> handle, Func<string, CancellationToken, Task> handlePoison) =>
        [new(queue, places, handle), new(queue.Poison, 1, handlePoison)];
}
