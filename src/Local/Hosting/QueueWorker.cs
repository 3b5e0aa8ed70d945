using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Does what the Functions host does with the queues; each has places of its own, so that none waits for another.</summary>
internal sealed class QueueWorker(
    ScanQueues queues, ScanQueueHandler images, LayerQueueHandler layers, TimeProvider time, ILogger<QueueWorker> logger) : BackgroundService
{
    /// <summary>The queues and what is done with their messages: the triggers of this head.</summary>
    public IReadOnlyList<QueueWork> Work { get; } =
    [
        new(queues.Images, WorkQueue.MessagesAtATime, images.HandleAsync),
        new(queues.Images.Poison, 1, images.HandlePoisonAsync),
        new(queues.Layers, WorkQueue.MessagesAtATime, layers.HandleAsync),
        new(queues.Layers.Poison, 1, layers.HandlePoisonAsync),
    ];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Work.Select(work => new QueueLoop(work, time, logger).RunAsync(stoppingToken)));
}
