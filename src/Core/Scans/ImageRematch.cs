using System.Diagnostics.CodeAnalysis;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Matching;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Matches stored images again when there are newer advisories, from their inventories and without a pull, and keeps what changed. For
/// whoever asks for an image, and for a timer that goes through all of them.
/// </summary>
public sealed class ImageRematch(
    AdvisorySnapshots advisories,
    ScanStore store,
    ChangeStore changes,
    ScanNotifications notifications,
    ScanSettings settings,
    TimeProvider time,
    ILogger<ImageRematch> logger)
{
    /// <summary>
    /// When the Functions host runs it, as NCRONTAB: every five minutes. A run without anything to do reads no content of an image, but Tables
    /// look through the rows of all images for it, since the rank of their advisories is no key.
    /// </summary>
    public const string Schedule = "30 */5 * * * *";

    /// <summary>From one run to the next by <see cref="Schedule"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    // A Functions host ends a run after the functionTimeout of host.json; the next one goes on.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    /// <summary>
    /// The scan matched with the advisories of now and saved; the same if these are no better. Null if it was replaced or deleted meanwhile:
    /// then look for it again. Throws <see cref="StorageException"/> and <see cref="AdvisoryDatabaseException"/>.
    /// </summary>
    public async Task<Scan?> RefreshAsync(Scan stored, CancellationToken cancellationToken)
    {
        AdvisoryDatabase? database = advisories.Current();
        if (database is null || !IsBetter(database.Origin, stored.Match.Advisories))
        {
            return stored;
        }

        return await ScanTelemetry.PhaseAsync(SpanNames.Rematch, span =>
        {
            span?.SetTag(SpanTags.Image, $"{stored.Id}");
            return RematchedAsync(stored, database, cancellationToken);
        });
    }

    private async Task<Scan?> RematchedAsync(Scan stored, AdvisoryDatabase database, CancellationToken cancellationToken)
    {
        MatchOutcome match = AdvisoryMatcher.Match(stored.Inventory, database);
        Scan rematched = stored with { Match = match, ScannedAt = time.GetUtcNow() };
        var difference = FindingChanges.Between(stored.Match, match, rematched.ScannedAt);
        if (difference.Total > 0)
        {
            // Before the scan: if this process ends in between, the next one keeps the same change under the same key again.
            await changes.AddAsync(stored.Id, difference, cancellationToken);
        }

        // Also without a finding that came or went: one may be worse now.
        IReadOnlyList<Notification> written = await notifications.OfRematchAsync(stored, rematched, cancellationToken);
        Scan? saved = await store.ReplaceMatchAsync(stored, rematched, ScanStatistics.Of(rematched), cancellationToken);
        if (saved is not null)
        {
            ScanMetrics.Rematched();
            await notifications.SendAsync(written, cancellationToken);
        }

        return saved;
    }

    /// <summary>
    /// Goes through the stored images whose findings are of other advisories, at most <see cref="ScanSettings.RematchesPerMinute"/>, and
    /// returns how many it has matched again. May run twice, or beside itself. Throws <see cref="StorageException"/> and
    /// <see cref="AdvisoryDatabaseException"/>.
    /// </summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.RematchesPerMinute <= 0)
        {
            return 0;
        }

        // A process that has just started would match all that has no advisories with the starter set first.
        await advisories.ReadyAsync(cancellationToken);
        if (advisories.Current() is not { } database)
        {
            return 0;
        }

        long started = time.GetTimestamp();
        TimeSpan pause = TimeSpan.FromMinutes(1) / settings.RematchesPerMinute;
        int tried = 0;
        int done = 0;
        await foreach (Digest id in store.MatchedOtherwiseAsync(
            database.Origin.Rank, advisories.IsRolledBack ? RankSide.Both : RankSide.Below, cancellationToken))
        {
            if (time.GetElapsedTime(started) > LongestRun)
            {
                break;
            }

            done += await TryRefreshAsync(id, cancellationToken) ? 1 : 0;
            // Those that cannot be matched cost as much, and stay for every run.
            tried++;
            TimeSpan ahead = (pause * tried) - time.GetElapsedTime(started);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, time, cancellationToken);
            }
        }

        if (done > 0)
        {
            logger.LogInformation("Rematch done, {Images} images in {Elapsed}", done, time.GetElapsedTime(started));
        }

        return done;
    }

    // One image that cannot be read must not keep the others waiting for ever.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "One image is one unit of work.")]
    private async Task<bool> TryRefreshAsync(Digest id, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(id, cancellationToken) is { } stored
                && await RefreshAsync(stored, cancellationToken) is { } refreshed && !ReferenceEquals(refreshed, stored);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogWarning("Rematch failed {Digest}: {Reason}", id, HostileText.Plain(failure.Message, 1_000));
            return false;
        }
    }

    // Only forward, unless an operator has gone back for all: a process with the starter set, or with last week's file, must not undo what one
    // with newer advisories has found. `force` reads and matches with whatever is here.
    private bool IsBetter(AdvisoryOrigin ours, AdvisoryOrigin? stored) =>
        ours.Rank > (stored?.Rank ?? 0) || (advisories.IsRolledBack && ours.Id != stored?.Id);
}
