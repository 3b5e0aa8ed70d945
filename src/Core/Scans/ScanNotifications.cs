using ImageScan.Core.Images;
using ImageScan.Core.Notifications;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans;

/// <summary>
/// Tells the room of notifications what scans and re-matches have found, and what of it is suppressed. First written, then the scan is saved, then sent: so
/// nothing is lost, and nothing is told that is not stored. Without rules it does nothing. Every method throws <see cref="StorageException"/>.
/// </summary>
public sealed class ScanNotifications(NotificationOutbox outbox, ScanStore store, Suppressions suppressions, TimeProvider time)
{
    /// <summary>Writes what is to be said of a scan that is about to be saved, and returns it.</summary>
    public async Task<IReadOnlyList<Notification>> OfScanAsync(Scan scan, ScanRequest request, CancellationToken cancellationToken)
    {
        if (!outbox.Rules.AnyFor(NotificationOccasion.NewFindings, NotificationOccasion.EveryScan))
        {
            return [];
        }

        Scan? before = await store.FindAsync(scan.Id, cancellationToken);
        NotifiedImage image = await ImageOfAsync(scan, [request.Image], cancellationToken);
        return await WrittenAsync(NotificationWriting.OfScan(outbox.Rules, image, before?.Match, CauseOf(request, scan)), cancellationToken);
    }

    /// <summary>Writes what is to be said of a stored scan that was matched with other advisories and is about to be saved, and returns it.</summary>
    public async Task<IReadOnlyList<Notification>> OfRematchAsync(Scan stored, Scan rematched, CancellationToken cancellationToken)
    {
        if (!outbox.Rules.AnyFor(NotificationOccasion.NewFindings, NotificationOccasion.Changes))
        {
            return [];
        }

        NotifiedImage image = await ImageOfAsync(rematched, stored.Names, cancellationToken);
        return await WrittenAsync(NotificationWriting.OfRematch(outbox.Rules, image, stored), cancellationToken);
    }

    /// <summary>
    /// Writes and sends the verdicts that registries wait for, of a scan that is saved. For the end of each job, also of one that a stored scan answers: the
    /// same image may have been pushed elsewhere, or again.
    /// </summary>
    /// <param name="scan">The scan.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="target">What the name points at, which may be an index.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task JudgeAsync(Scan scan, ScanRequest request, Digest target, CancellationToken cancellationToken)
    {
        if (!outbox.Rules.AnyFor(NotificationOccasion.Verdict))
        {
            return;
        }

        ImageReference name = request.Image with
        {
            Digest = target,
            FullName = $"{request.Image.Registry}/{request.Image.Remote}{(request.Image.Tag.Length > 0 ? ":" : "")}{request.Image.Tag}@{target}",
        };
        NotifiedImage image = await ImageOfAsync(scan, [name], cancellationToken);
        await SendAsync(
            await WrittenAsync(NotificationWriting.OfVerdict(outbox.Rules, image, CauseOf(request, scan)), cancellationToken), cancellationToken);
    }

    /// <summary>Sends what was written, since its scan is saved.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public Task SendAsync(IReadOnlyList<Notification> written, CancellationToken cancellationToken) => outbox.SendAsync(written, cancellationToken);

    // A step that is repeated must give the same rows; a scan without a job is done by no step.
    private static string CauseOf(ScanRequest request, Scan scan) => request.JobId.Length > 0 ? request.JobId : $"{scan.ScannedAt.UtcTicks}";

    private async Task<NotifiedImage> ImageOfAsync(Scan scan, IReadOnlyList<ImageReference> names, CancellationToken cancellationToken)
    {
        SuppressionSet set = await suppressions.CurrentAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        var byName = new Dictionary<ImageReference, ImageSuppression>();
        return new NotifiedImage(scan, names, IsSuppressed);

        bool IsSuppressed(ImageReference name, string cve)
        {
            if (!byName.TryGetValue(name, out ImageSuppression? suppression))
            {
                byName.Add(name, suppression = set.For(name, now));
            }

            return suppression.Of(cve) is not { Snooze: null, State: null };
        }
    }

    private async Task<IReadOnlyList<Notification>> WrittenAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken)
    {
        await outbox.WriteAsync(notifications, cancellationToken);
        return notifications;
    }
}
