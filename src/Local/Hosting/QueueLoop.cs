using ImageScan.Core.Images;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>
/// Works off one queue as the Functions host does: takes a message for each free place, keeps it while it is worked on, gives it back when
/// that fails, and puts what failed too often into the poison queue. One message is taken at a time, so that nobody hoards what another
/// process has a place for.
/// </summary>
internal sealed class QueueLoop(QueueWork work, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // For giving messages back; the host of .NET waits half a minute for all that it stops.
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(10);

    /// <summary>For how long a message is lost to all if the process that has it is killed. It is renewed three times as often.</summary>
    public TimeSpan Visibility { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a message rests after its first failure, doubled each time.</summary>
    public TimeSpan FirstRest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Works until it is told to stop; ends when every message in work has been settled or given back.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var places = new SemaphoreSlim(work.Places);
        using var end = new CancellationTokenSource();
        await using CancellationTokenRegistration stop = stoppingToken.Register(() => end.CancelAfter(StopsWithin));
        var inWork = new List<Task>();
        TimeSpan pause = FirstPause;
        while (await IsFreeAsync(places, stoppingToken))
        {
            inWork.RemoveAll(task => task.IsCompleted);

            // A call that is cut off may have taken a message all the same: it is let come to its end.
            if (await TakeAsync(end.Token) is { } received)
            {
                inWork.Add(WorkAsync(received, places, stoppingToken, end.Token));
                pause = FirstPause;
            }
            else
            {
                places.Release();
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        await Task.WhenAll(inWork);
    }

    // Waits for a place and takes it; false when it is time to stop.
    private static async Task<bool> IsFreeAsync(SemaphoreSlim places, CancellationToken stoppingToken)
    {
        await places.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stoppingToken.IsCancellationRequested;
    }

    private async Task<ReceivedMessage?> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await work.Queue.ReceiveAsync(1, Visibility, cancellationToken) is [var received, ..] ? received : null;
        }
        catch (Exception failure)
        {
            // The unit of work of this loop: whatever it was, there is a next time.
            logger.LogWarning("Queue {Queue} could not be read: {Reason}", work.Queue.Name, ReasonOf(failure));
            return null;
        }
    }

    private async Task WorkAsync(ReceivedMessage received, SemaphoreSlim places, CancellationToken stoppingToken, CancellationToken end)
    {
        try
        {
            // It came back although no try has said that it failed: the process that had it died each time.
            if (received.DequeueCount > WorkQueue.MaxDequeueCount)
            {
                await GiveUpAsync(received, end);
                return;
            }

            using var done = CancellationTokenSource.CreateLinkedTokenSource(end);
            Task<ReceivedMessage> kept = KeepAsync(received, done.Token);
            Exception? failure = await HandleAsync(received, stoppingToken);
            await done.CancelAsync();
            received = await kept;
            await (stoppingToken.IsCancellationRequested && failure is not null
                ? work.Queue.RenewAsync(received, TimeSpan.Zero, end)
                : SettleAsync(received, failure, end));
        }
        catch (Exception failure)
        {
            // Nobody else is harmed: the message comes back when its time is over.
            logger.LogWarning("Message of queue {Queue} could not be settled: {Reason}", work.Queue.Name, ReasonOf(failure));
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<Exception?> HandleAsync(ReceivedMessage received, CancellationToken stoppingToken)
    {
        try
        {
            await work.HandleAsync(received.Text, stoppingToken);
            return null;
        }
        catch (Exception failure)
        {
            // Whatever it was, the message comes again or ends as poison.
            return failure;
        }
    }

    private async Task SettleAsync(ReceivedMessage received, Exception? failure, CancellationToken end)
    {
        if (failure is null)
        {
            await work.Queue.DeleteAsync(received, end);
            return;
        }

        logger.LogWarning(
            "Message of queue {Queue} failed, try {Try} of {Tries}: {Reason}",
            work.Queue.Name,
            received.DequeueCount,
            WorkQueue.MaxDequeueCount,
            ReasonOf(failure));
        if (received.DequeueCount >= WorkQueue.MaxDequeueCount)
        {
            await GiveUpAsync(received, end);
        }
        else
        {
            await work.Queue.RenewAsync(received, FirstRest * Math.Pow(2, received.DequeueCount - 1), end);
        }
    }

    private async Task GiveUpAsync(ReceivedMessage received, CancellationToken end)
    {
        if (work.IsPoison)
        {
            logger.LogError("Poison message could not be handled and is dropped {Queue} {Message}", work.Queue.Name, received.MessageId);
            await work.Queue.DeleteAsync(received, end);
        }
        else
        {
            await work.Queue.MoveToPoisonAsync(received, end);
        }
    }

    /// <summary>Keeps a message invisible to others until the token ends; returns it with its latest receipt.</summary>
    private async Task<ReceivedMessage> KeepAsync(ReceivedMessage received, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(Visibility / 3, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return received;
            }

            try
            {
                received = await work.Queue.RenewAsync(received, Visibility, CancellationToken.None) ?? received;
            }
            catch (StorageException failure)
            {
                // Storage may be back before the message is anyone else's.
                logger.LogWarning("Message of queue {Queue} could not be kept: {Reason}", work.Queue.Name, ReasonOf(failure));
            }
        }
    }

    private static string ReasonOf(Exception failure) => HostileText.Plain(failure.Message, 1_000);
}
