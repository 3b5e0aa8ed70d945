using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Notifications;

/// <summary>
/// Whether the scan of a notification was ever saved. Its row is written before, so a process that died in between has left one that is no truth.
/// </summary>
public sealed class SavedScans(NotificationStore store, ScanStore scans, TimeProvider time, ILogger<SavedScans> logger)
{
    /// <summary>How long whoever wrote a row may still be about to save its scan.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>
    /// What of a notification may be sent: all if its scan is the one that is stored; what holds for a newer one, of which nobody can tell whether it
    /// took the place of ours. Null if nothing is to be sent now, and its row is gone or put off. Throws <see cref="StorageException"/>.
    /// </summary>
    public async Task<Notification?> CheckAsync(StoredNotification stored, Notification content, CancellationToken cancellationToken)
    {
        Scan? scan = await scans.FindAsync(content.Digest, cancellationToken);
        if (scan?.ScannedAt == content.ScannedAt)
        {
            return content;
        }

        bool isNewer = scan?.ScannedAt > content.ScannedAt;
        if (isNewer && NotificationWriting.StillTrue(content, scan!) is { } stillTrue)
        {
            return stillTrue;
        }

        if (!isNewer && time.GetUtcNow() - stored.CreatedAt < Patience)
        {
            await store.TryReplaceAsync(stored, stored with { DueAt = time.GetUtcNow() + NotificationOutbox.Head }, cancellationToken);
            return null;
        }

        logger.LogInformation("Notification dropped {Notification}: its scan was not saved", stored.Id);
        await store.RemoveAsync(stored, cancellationToken);
        return null;
    }
}
