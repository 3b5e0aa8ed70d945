using ImageScan.Core.Storage;

namespace ImageScan.Core.Notifications;

/// <summary>What was given up, and how it is sent after all. Every method throws <see cref="StorageException"/>.</summary>
public sealed class FailedNotifications(NotificationOutbox outbox, NotificationStore store, TimeProvider time)
{
    /// <summary>How many are listed at most.</summary>
    public const int Most = 1_000;

    /// <summary>Those that were given up, the latest first.</summary>
    public async Task<IReadOnlyList<StoredNotification>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await store.FailedAsync(Most, cancellationToken)).OrderByDescending(failed => failed.TriedAt).ThenBy(failed => failed.Id, StringComparer.Ordinal)];

    /// <summary>Has one sent again, from its first try on; false if there is none of that id that was given up, or nobody can read what it says.</summary>
    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        // As if it were new, and never as it was before it was given up: a message of then must not count.
        if (await store.FindAsync(id, cancellationToken) is not { State: NotificationState.Failed, Content: not null } failed
            || !await store.TryReplaceAsync(
                failed,
                failed with { State = NotificationState.Waiting, Attempts = 0, DueAt = time.GetUtcNow() + NotificationOutbox.Head, Reason = "" },
                cancellationToken))
        {
            return false;
        }

        await outbox.Queue.SendAsync(new NotificationMessage(id, Attempts: 0, failed.IsSaved).ToJson(), cancellationToken);
        return true;
    }
}
