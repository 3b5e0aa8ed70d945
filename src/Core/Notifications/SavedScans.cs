using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Notifications;

/// <summary>
/// Whether the scan of a notification was ever saved. Its row is written before, so a process that died in between has left one that is no truth. And what
/// is known of a scan by the time that a verdict on it is sent.
/// </summary>
public sealed class SavedScans(
    NotificationStore store, ScanStore scans, SuppressedFindings suppressed, TimeProvider time, ILogger<SavedScans> logger)
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
        if (isNewer && content.Occasion == NotificationOccasion.EveryScan && stored.CreatedAt < scan!.ScannedAt)
        {
            // Written before the newer scan was made: so it was saved in between, for all that can be told.
            return content;
        }

        if (isNewer && await StillTrueAsync(content, scan!, cancellationToken) is { } stillTrue)
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

    /// <summary>A verdict by what is stored now; as it was written if the scan is no longer stored. Throws <see cref="StorageException"/>.</summary>
    public async Task<Notification> RenewedAsync(Notification verdict, NotificationRule rule, CancellationToken cancellationToken) =>
        ImageReference.TryParse(verdict.Image, out ImageReference? name, out _) && await scans.FindAsync(verdict.Digest, cancellationToken) is { } scan
            ? NotificationWriting.Renewed(verdict, rule, await ImageOfAsync(scan, name, cancellationToken))
            : verdict;

    private async Task<Notification?> StillTrueAsync(Notification content, Scan scan, CancellationToken cancellationToken)
    {
        Func<Scan, ImageReference, ChangedFinding, bool> isSuppressed = await suppressed(cancellationToken);
        bool hasName = ImageReference.TryParse(content.Image, out ImageReference? name, out _);
        return NotificationWriting.StillTrue(content, scan, finding => hasName && isSuppressed(scan, name!, finding));
    }

    private async Task<NotifiedImage> ImageOfAsync(Scan scan, ImageReference name, CancellationToken cancellationToken)
    {
        Func<Scan, ImageReference, ChangedFinding, bool> isSuppressed = await suppressed(cancellationToken);
        return new NotifiedImage(scan, [name], (of, finding) => isSuppressed(scan, of, finding));
    }
}
