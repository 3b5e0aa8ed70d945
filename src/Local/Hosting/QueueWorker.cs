using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>
/// Does what the Functions host does with the queue: takes messages, keeps them while they are worked on, gives them back when that
/// fails, and puts those that came too often into the poison queue, which it works off, too.
/// </summary>
internal sealed class QueueWorker(
    ScanQueues queues, ScanQueueHandler images, LayerQueueHandler layers, ClusterQueueHandler cluster, ClusterSettings settings,
    TimeProvider time, ILogger<QueueWorker> logger) : BackgroundService
{
    private delegate Task Handle(string message, CancellationToken cancellationToken);

    private const int PlacesAQueue = 2;
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // A loop for each place, so that one long scan keeps nobody else waiting.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => settings.IsCluster
        ? ServeAsync(queues.Of(settings.Name), cluster.HandleAsync, cluster.HandlePoisonAsync, stoppingToken)
        : Task.WhenAll(
            ServeAsync(queues.Images, images.HandleAsync, images.HandlePoisonAsync, stoppingToken),
            ServeAsync(queues.Layers, layers.HandleAsync, layers.HandlePoisonAsync, stoppingToken));

    private Task ServeAsync(WorkQueue queue, Handle handle, Handle handlePoison, CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, PlacesAQueue).Select(_ => LoopAsync(token => TakeAsync(queue, handle, token), stoppingToken))
            .Append(LoopAsync(token => TakePoisonAsync(queue, handlePoison, token), stoppingToken)));

    private async Task LoopAsync(Func<CancellationToken, Task<bool>> takeOne, CancellationToken stoppingToken)
    {
        TimeSpan pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                pause = await takeOne(stoppingToken) ? TimeSpan.Zero : Longer(pause);
                await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The unit of work of this loop: whatever it was, the next message is another's.
                logger.LogWarning("Queue work failed: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
                pause = LongestPause;
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause < FirstPause ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async Task<bool> TakeAsync(WorkQueue queue, Handle handle, CancellationToken stoppingToken)
    {
        IReadOnlyList<ReceivedMessage> received = await queue.ReceiveAsync(1, Visibility, stoppingToken);
        foreach (ReceivedMessage message in received)
        {
            // It came back although no try has said that it failed: the process that had it died each time.
            if (message.DequeueCount > WorkQueue.MaxDequeueCount)
            {
                await queue.MoveToPoisonAsync(message, stoppingToken);
            }
            else
            {
                await WorkAsync(queue, message, handle, stoppingToken);
            }
        }

        return received.Count > 0;
    }

    private async Task<bool> TakePoisonAsync(WorkQueue queue, Handle handle, CancellationToken stoppingToken)
    {
        IReadOnlyList<ReceivedMessage> received = await queue.ReceivePoisonAsync(1, Visibility, stoppingToken);
        foreach (ReceivedMessage message in received)
        {
            if (message.DequeueCount <= WorkQueue.MaxDequeueCount)
            {
                await handle(message.Text, stoppingToken);
            }
            else
            {
                logger.LogError("Poison message could not be handled and is dropped {Message}", message.MessageId);
            }

            await queue.DeleteAsync(message, stoppingToken);
        }

        return received.Count > 0;
    }

    private async Task WorkAsync(WorkQueue queue, ReceivedMessage received, Handle handle, CancellationToken stoppingToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task<ReceivedMessage> kept = KeepAsync(queue, received, done.Token);
        Exception? failure = null;
        try
        {
            await handle(received.Text, stoppingToken);
        }
        catch (Exception any) when (any is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // Whatever it was, the message comes again or ends as poison.
            failure = any;
        }
        finally
        {
            await done.CancelAsync();
            received = await kept;
        }

        await SettleAsync(queue, received, failure, stoppingToken);
    }

    private async Task SettleAsync(WorkQueue queue, ReceivedMessage received, Exception? failure, CancellationToken stoppingToken)
    {
        if (failure is null)
        {
            await queue.DeleteAsync(received, stoppingToken);
            return;
        }

        logger.LogWarning(
            "Queue message failed {Try} of {Tries}: {Reason}",
            received.DequeueCount,
            WorkQueue.MaxDequeueCount,
            HostileText.Plain(failure.Message, 1_000));
        if (received.DequeueCount >= WorkQueue.MaxDequeueCount)
        {
            await queue.MoveToPoisonAsync(received, stoppingToken);
        }
        else
        {
            await queue.RenewAsync(received, TimeSpan.FromSeconds(Math.Pow(2, received.DequeueCount)), stoppingToken);
        }
    }

    /// <summary>Keeps a message invisible to others until the token ends; returns it with its latest receipt.</summary>
    private async Task<ReceivedMessage> KeepAsync(WorkQueue queue, ReceivedMessage received, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(RenewEvery, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return received;
            }

            try
            {
                received = await queue.RenewAsync(received, Visibility, CancellationToken.None) ?? received;
            }
            catch (StorageException failure)
            {
                // Storage may be back before the message is anyone else's.
                logger.LogWarning("Queue message could not be kept: {Reason}", failure.Message);
            }
        }
    }
}
