using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Notifications;

/// <summary>
/// Sends what is overdue, since the process that wrote it has died or its message was lost, and removes what is over. For a timer, each minute; it asks
/// nothing while there is no rule.
/// </summary>
public sealed class NotificationSweep(
    NotificationOutbox outbox, NotificationStore store, TimeProvider time, ILogger<NotificationSweep> logger)
{
    /// <summary>When the Functions host runs it, as NCRONTAB: each minute.</summary>
    public const string Schedule = "45 * * * * *";

    /// <summary>From one run to the next by <see cref="Schedule"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A message may only wait behind others: another one does no harm, but one each minute would be many.
    private static readonly TimeSpan NextMessage = TimeSpan.FromMinutes(10);

    /// <summary>Sweeps once and returns how many messages were sent; may run twice, or beside itself. Throws <see cref="StorageException"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (outbox.Rules.All.Count == 0)
        {
            return 0;
        }

        int sent = 0;
        await foreach (StoredNotification due in store.DueAsync(time.GetUtcNow(), cancellationToken))
        {
            if (due.State != NotificationState.Waiting)
            {
                await RemoveAsync(due.Id, cancellationToken);
            }
            else if (await SendAsync(due.Id, cancellationToken))
            {
                sent++;
            }
        }

        if (sent > 0)
        {
            logger.LogInformation("Notification sweep done, {Notifications} sent again", sent);
        }

        return sent;
    }

    private async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        // As it is now: somebody may just have had it sent again.
        if (await store.FindAsync(id, cancellationToken) is { } over && over.State != NotificationState.Waiting && over.DueAt < time.GetUtcNow())
        {
            await store.RemoveAsync(over, cancellationToken);
        }
    }

    private async Task<bool> SendAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { State: NotificationState.Waiting } due || due.DueAt >= time.GetUtcNow())
        {
            return false;
        }

        // Whoever has changed it meanwhile does what is to be done. If this process dies before it has sent, a later run does.
        if (!await store.TryReplaceAsync(due, due with { DueAt = time.GetUtcNow() + NextMessage }, cancellationToken))
        {
            return false;
        }

        await outbox.Queue.SendAsync(new NotificationMessage(id, due.Attempts, due.IsSaved).ToJson(), cancellationToken);
        return true;
    }
}
