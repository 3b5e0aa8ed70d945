using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>Makes a snapshot of what the feeds say now and writes it to that path; throws if there is nothing to write.</summary>
/// <param name="path">The snapshot.</param>
/// <param name="reading">The longest that reading the feeds may take; what is left then stays as it was.</param>
/// <param name="cancellationToken">Leaves what was there.</param>
public delegate Task SnapshotMaking(string path, TimeSpan reading, CancellationToken cancellationToken);

/// <summary>
/// Refreshes the feeds and publishes what comes of it, on one instance of all that share an account. May be stopped anywhere: what was
/// published stays, and the next run begins where the feeds were left.
/// </summary>
public sealed class AdvisoryRefreshTimer(
    SnapshotMaking make,
    SnapshotBlobs blobs,
    SnapshotPublisher publisher,
    SnapshotCache cache,
    AdvisorySnapshots snapshots,
    AdvisorySettings settings,
    TimeProvider time,
    ILogger<AdvisoryRefreshTimer> logger)
{
    /// <summary>
    /// When the Functions host runs it, as NCRONTAB: 23 minutes past each hour, when few other timers run. Most runs only see that
    /// <see cref="AdvisorySettings.RefreshHours"/> are not over; so a new deployment, and a run that failed, wait an hour at most.
    /// </summary>
    public const string Schedule = "0 23 * * * *";

    /// <summary>From one run to the next by <see cref="Schedule"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>As <see cref="RunAsync(TimeSpan, CancellationToken)"/>, for <see cref="AdvisorySettings.RefreshMinutes"/> at most.</summary>
    public Task<RefreshTurn> RunAsync(CancellationToken cancellationToken) => RunAsync(TimeSpan.FromMinutes(settings.RefreshMinutes), cancellationToken);

    /// <summary>
    /// Refreshes if it is time to; may run twice, or beside itself. Throws <see cref="StorageException"/>, <see cref="PublicationException"/>,
    /// and what making a snapshot throws.
    /// </summary>
    /// <param name="longest">After this it is given up; the feeds that were done are kept for the next run.</param>
    /// <param name="cancellationToken">Leaves what was published.</param>
    public async Task<RefreshTurn> RunAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (settings.Refresh == false)
        {
            return RefreshTurn.Off;
        }

        if (!IsDue(await publisher.LatestAsync(cancellationToken)))
        {
            return RefreshTurn.NotDue;
        }

        await using RefreshLease? lease = await RefreshLease.TryTakeAsync(blobs, time, cancellationToken);
        if (lease is null)
        {
            logger.LogInformation("Advisory refresh left to another instance");
            return RefreshTurn.Busy;
        }

        // Whoever had the lease may have published meanwhile.
        if (!IsDue(await publisher.LatestAsync(cancellationToken)))
        {
            return RefreshTurn.NotDue;
        }

        using var patience = new CancellationTokenSource(longest, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost, patience.Token);
        try
        {
            // The rest is for the build, which reads what all feeds have ever said, and for the upload.
            await RefreshAsync(lease, longest == Timeout.InfiniteTimeSpan ? longest : longest * (2.0 / 3), any.Token);
        }
        catch (OperationCanceledException ended) when (!cancellationToken.IsCancellationRequested)
        {
            throw lease.Lost.IsCancellationRequested
                ? RefreshLease.Gone()
                : new PublicationException(
                    $"The refresh took longer than {longest.TotalMinutes:0} minutes and was given up; the next goes on with the feeds that are left. "
                    + "Advisories__RefreshMinutes gives it longer, if functionTimeout of the host does.",
                    ended);
        }

        await snapshots.PollAsync(cancellationToken);
        return RefreshTurn.Published;
    }

    // By half an interval early, or a build of some minutes would make every sixth hour a seventh.
    private bool IsDue(LatestSnapshot? latest)
    {
        PublishedSnapshot? newest = latest?.All.Where(snapshot => snapshot.IsReadable).MaxBy(snapshot => snapshot.BuiltAt);
        return newest is null || time.GetUtcNow() - newest.BuiltAt >= TimeSpan.FromHours(settings.RefreshHours) - (Interval / 2);
    }

    private async Task RefreshAsync(RefreshLease lease, TimeSpan reading, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        logger.LogInformation("Advisory refresh start");
        string path = cache.NewUnfinished();
        try
        {
            await make(path, reading, cancellationToken);
            await publisher.PublishAsync(path, PublishRule.Refreshed, lease.EnsureHeldAsync, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }

        logger.LogInformation("Advisory refresh done in {Elapsed}", time.GetElapsedTime(started));
    }
}

/// <summary>What a run of <see cref="AdvisoryRefreshTimer"/> did.</summary>
public enum RefreshTurn
{
    /// <summary>The settings have it off.</summary>
    Off,

    /// <summary>The newest snapshot is not old enough.</summary>
    NotDue,

    /// <summary>Another instance refreshes.</summary>
    Busy,
    Published,
}
