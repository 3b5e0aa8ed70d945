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
public sealed class ScanNotifications(
    NotificationOutbox outbox, ScanStore store, JobStore jobs, FurtherNames furtherNames, SuppressedFindings suppressed)
{
    private static readonly NotificationOccasion[] OfScans = [NotificationOccasion.NewFindings, NotificationOccasion.EveryScan];

    /// <summary>Writes what is to be said of a scan that is about to be saved, and returns it.</summary>
    public async Task<IReadOnlyList<Notification>> OfScanAsync(Scan scan, ScanRequest request, CancellationToken cancellationToken)
    {
        if (!outbox.Rules.AnyFor(OfScans))
        {
            return [];
        }

        Scan? before = await store.FindAsync(scan.Id, cancellationToken);
        IReadOnlyList<ImageReference> names = [request.Image, .. await FurtherNamesAsync(scan, request, cancellationToken)];
        NotifiedImage image = await ImageOfAsync(scan, names, scan, cancellationToken);
        return await WrittenAsync(NotificationWriting.OfScan(outbox.Rules, image, before, CauseOf(request, scan)), cancellationToken);
    }

    /// <summary>Writes what is to be said of a stored scan that was matched with other advisories and is about to be saved, and returns it.</summary>
    public async Task<IReadOnlyList<Notification>> OfRematchAsync(Scan stored, Scan rematched, CancellationToken cancellationToken)
    {
        if (!outbox.Rules.AnyFor(NotificationOccasion.NewFindings, NotificationOccasion.Changes)
            || !NotificationWriting.AreOther(stored.Match, rematched.Match))
        {
            return [];
        }

        NotifiedImage image = await ImageOfAsync(rematched, stored.Names, stored, cancellationToken);
        return await WrittenAsync(NotificationWriting.OfRematch(outbox.Rules, image, stored), cancellationToken);
    }

    /// <summary>
    /// Writes and sends the verdicts that registries wait for, of a scan that is saved. For the end of each job that a registry awaits, also of one that a
    /// stored scan answers: the same image may have been pushed elsewhere, or again.
    /// </summary>
    /// <param name="scan">The scan.</param>
    /// <param name="job">The job.</param>
    /// <param name="target">What its names point at, which may be an index.</param>
    /// <param name="names">The names: each repository waits for its own verdict.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task JudgeAsync(
        Scan scan, ScanJob job, Digest target, IReadOnlyList<ImageReference> names, CancellationToken cancellationToken)
    {
        // Of an index one platform is asked for, and another says nothing of it.
        if (job.Platform.Length > 0 || !outbox.Rules.AnyFor(NotificationOccasion.Verdict))
        {
            return;
        }

        NotifiedImage image = await ImageOfAsync(scan, [.. names.Select(name => Pinned(name, name.Digest ?? target))], scan, cancellationToken);
        await SendAsync(await WrittenAsync(NotificationWriting.OfVerdict(outbox.Rules, image, job.Id), cancellationToken), cancellationToken);
    }

    /// <summary>Sends what was written, since its scan is saved.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public Task SendAsync(IReadOnlyList<Notification> written, CancellationToken cancellationToken) => outbox.SendAsync(written, cancellationToken);

    /// <summary>How it is asked what is suppressed; what it returns is as of then.</summary>
    public static SuppressedFindings SuppressedBy(Suppressions suppressions, TimeProvider time) => async cancellationToken =>
    {
        SuppressionSet set = await suppressions.CurrentAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        var byImage = new Dictionary<(Digest Id, DateTimeOffset ScannedAt, ImageReference Name), ImageSuppression>();
        return (scan, name, finding) =>
        {
            if (!byImage.TryGetValue((scan.Id, scan.ScannedAt, name), out ImageSuppression? suppression))
            {
                byImage.Add((scan.Id, scan.ScannedAt, name), suppression = set.For(name, now, scan));
            }

            return suppression.Of(finding.Package, finding.Version, finding.Cve) is not { Snooze: null, State: null };
        };
    };

    // A step that is repeated must give the same rows; a scan without a job is done by no step.
    private static string CauseOf(ScanRequest request, Scan scan) => request.JobId.Length > 0 ? request.JobId : $"{scan.ScannedAt.UtcTicks}";

    private static ImageReference Pinned(ImageReference name, Digest digest) => name with
    {
        Digest = digest,
        FullName = $"{name.Registry}/{name.Remote}{(name.Tag.Length > 0 ? ":" : "")}{name.Tag}@{digest}",
    };

    // What a match has found no more is suppressed by what was said of it before.
    private async Task<NotifiedImage> ImageOfAsync(Scan scan, IReadOnlyList<ImageReference> names, Scan before, CancellationToken cancellationToken)
    {
        Func<Scan, ImageReference, ChangedFinding, bool> isSuppressed = await suppressed(cancellationToken);
        return new NotifiedImage(
            scan,
            names,
            (name, finding) => isSuppressed(scan, name, finding) || (!ReferenceEquals(scan, before) && isSuppressed(before, name, finding)));
    }

    // Who else has pushed the same image is asked only where a rule means them and not the first name.
    private async Task<IReadOnlyList<ImageReference>> FurtherNamesAsync(Scan scan, ScanRequest request, CancellationToken cancellationToken)
    {
        NotificationRule[] others = [.. outbox.Rules.All.Where(rule => OfScans.Any(rule.IsFor) && !rule.Images.Fits(request.Image))];
        if (others.Length == 0 || request.JobId.Length == 0 || await jobs.FindAsync(request.JobId, cancellationToken) is not { } job)
        {
            return [];
        }

        IEnumerable<string> meant = job.FurtherNames.Where(
            name => ImageReference.TryParse(name, out ImageReference? image, out _) && others.Any(rule => rule.Images.Fits(image)));
        return await furtherNames.RightAsync(scan, scan.Manifest.Index ?? scan.Id, meant, cancellationToken);
    }

    private async Task<IReadOnlyList<Notification>> WrittenAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken)
    {
        await outbox.WriteAsync(notifications, cancellationToken);
        return notifications;
    }
}
