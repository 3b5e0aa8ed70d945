using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Does what the Functions host does with the queues; each has places of its own, so that none waits for another.</summary>
internal sealed class QueueWorker(StorageAccount account, ScanQueueHandler scans, TimeProvider time, ILogger<QueueWorker> logger) : BackgroundService
{
    /// <summary>The queues and what is done with their messages: the triggers of this head.</summary>
    internal static IReadOnlyList<QueueWork> WorkOf(ScanQueueHandler scans) =>
    [
        new(QueueNames.ImageScans, ScanQueue.MessagesAtATime, scans.HandleAsync),
        new(QueueNames.ImageScansPoison, 1, scans.HandlePoisonAsync),
    ];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WorkOf(scans).Select(work => new QueueLoop(work, new ScanQueue(account, work.Queue), time, logger).RunAsync(stoppingToken)));
}
