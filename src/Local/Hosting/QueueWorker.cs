using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.Local.Output;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>
/// Does what the Functions host does with the queue: takes messages, keeps them while they are worked on, gives them back when that
/// fails, and puts those that failed too often into the poison queue, which it works off, too.
/// </summary>
internal sealed class QueueWorker(ScanQueue queue, ScanQueueHandler handler, TimeProvider time, ILogger<QueueWorker> logger) : BackgroundService
{
    private const int MessagesAtOnce = 2;
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                pause = await WorkAsync(stoppingToken) ? FirstPause : Longer(pause);
                await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StorageException failure)
            {
                logger.LogWarning("Queue poll failed: {Reason}", failure.Message);
                pause = LongestPause;
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async Task<bool> WorkAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<ReceivedScan> scans = await queue.ReceiveAsync(MessagesAtOnce, Visibility, stoppingToken);
        await Task.WhenAll(scans.Select(scan => WorkAsync(scan, stoppingToken)));
        IReadOnlyList<ReceivedScan> poison = await queue.ReceivePoisonAsync(MessagesAtOnce, Visibility, stoppingToken);
        foreach (ReceivedScan message in poison)
        {
            await handler.HandlePoisonAsync(message.Text, stoppingToken);
            await queue.DeleteAsync(message, stoppingToken);
        }

        return scans.Count + poison.Count > 0;
    }

    private async Task WorkAsync(ReceivedScan received, CancellationToken stoppingToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task<ReceivedScan> kept = KeepAsync(received, done.Token);
        Exception? failure = null;
        try
        {
            await handler.HandleAsync(received.Text, stoppingToken);
        }
        catch (Exception any) when (any is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // The unit of work of this loop: whatever it was, the message comes again or ends as poison.
            failure = any;
        }

        await done.CancelAsync();
        received = await kept;
        await SettleAsync(received, failure, stoppingToken);
    }

    private async Task SettleAsync(ReceivedScan received, Exception? failure, CancellationToken stoppingToken)
    {
        if (failure is null)
        {
            await queue.DeleteAsync(received, stoppingToken);
            return;
        }

        logger.LogWarning("Scan message failed {Try} of {Tries}: {Reason}", received.DequeueCount, ScanQueue.MaxDequeueCount, SafeText.Of(failure.Message));
        if (received.DequeueCount >= ScanQueue.MaxDequeueCount)
        {
            await queue.MoveToPoisonAsync(received, stoppingToken);
        }
        else
        {
            await queue.RenewAsync(received, TimeSpan.FromSeconds(Math.Pow(2, received.DequeueCount)), stoppingToken);
        }
    }

    /// <summary>Keeps a message invisible to others until the token ends; returns it with its latest receipt.</summary>
    private async Task<ReceivedScan> KeepAsync(ReceivedScan received, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(RenewEvery, time, done);
                received = await queue.RenewAsync(received, Visibility, CancellationToken.None) ?? received;
            }
        }
        catch (OperationCanceledException)
        {
            return received;
        }
        catch (StorageException failure)
        {
            logger.LogWarning("Scan message could not be kept: {Reason}", failure.Message);
            return received;
        }
    }
}
