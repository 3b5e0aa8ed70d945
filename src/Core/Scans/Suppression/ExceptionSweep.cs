using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// Marks exceptions as expired whose time is over, or whose CVEs have got the fixes they waited for, and forgets what is long over. Answers do not wait
/// for the first (<see cref="ExceptionLife.IsOverAt"/>), only for the second. For a timer; may run twice, or beside itself.
/// </summary>
public sealed class ExceptionSweep(
    SuppressionStore store,
    Suppressions suppressions,
    Snoozes snoozes,
    FixableCves fixable,
    RetentionSettings retention,
    ClusterSettings ownCluster,
    TimeProvider time,
    ILogger<ExceptionSweep> logger)
{
    /// <summary>
    /// When the Functions host runs it, as NCRONTAB: every quarter of an hour. StackRox looks each hour at times and every four at fixes
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/env/reprocessing_interval.go).
    /// </summary>
    public const string Schedule = "40 */15 * * * *";

    /// <summary>From one run to the next by <see cref="Schedule"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    // A Functions host ends a run after the functionTimeout of host.json; the next one goes on.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    private const string Expired = "[System Generated] Request expired";

    /// <summary>Runs once, and returns how many exceptions have ended. Throws <see cref="StorageException"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // What is suppressed is the deployment's that people ask.
        if (ownCluster.IsCluster)
        {
            return 0;
        }

        StoredSuppressions stored = await store.ReadAsync(SuppressionParts.InForce, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        HashSet<string> fixedNow = await FixedAsync(stored.Exceptions.Where(exception => !exception.Exception.IsOverAt(now)), cancellationToken);
        int ended = await ChangeAsync(
            SuppressionParts.InForce,
            exception => exception.Exception.IsOverAt(now) || fixedNow.Contains($"{exception.ETag}{exception.Exception.Id}"),
            exception => SuppressionChange.Replacing(exception, exception.Exception.Ended(Expired, author: null, now)),
            cancellationToken);
        if (ended > 0)
        {
            logger.LogInformation("Exceptions ended {Count}", ended);
        }

        await snoozes.SweepAsync(cancellationToken);
        await ForgetAsync(now, cancellationToken);
        return ended;
    }

    // Of those that wait for fixes: the ones whose fixes are there, as they were read, so that what is changed meanwhile is not ended by an old reason.
    private async Task<HashSet<string>> FixedAsync(IEnumerable<StoredException> inForce, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (StoredException stored in inForce.TakeWhile(_ => time.GetElapsedTime(started) < LongestRun))
        {
            VulnerabilityException exception = stored.Exception;
            if (exception.Expiry is not { Kind: not ExceptionExpiryKind.Time } expiry)
            {
                continue;
            }

            // The first that has a fix decides about any of them, the first that has none about all.
            bool decides = expiry.Kind == ExceptionExpiryKind.AnyCveFixable;
            bool isDecided = await exception.Cves.ToAsyncEnumerable()
                .AnyAsync(async (cve, token) => await fixable.HasFixAsync(exception.Scope, cve, token) == decides, cancellationToken);
            if (isDecided == decides)
            {
                found.Add($"{stored.ETag}{exception.Id}");
            }
        }

        return found;
    }

    private async Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (retention.ExceptionDays == 0)
        {
            return;
        }

        DateTimeOffset before = now - TimeSpan.FromDays(retention.ExceptionDays);
        await ChangeAsync(SuppressionParts.Closed, exception => exception.Exception.LastUpdated < before, SuppressionChange.Removing, cancellationToken);
    }

    private async Task<int> ChangeAsync(
        SuppressionParts part, Func<StoredException, bool> isMeant, Func<StoredException, SuppressionChange> change, CancellationToken cancellationToken)
    {
        int all = 0;
        bool isDone = false;
        while (!isDone)
        {
            isDone = (bool)await store.RetriedAsync<object>(
                async () =>
                {
                    StoredSuppressions stored = await store.ReadAsync(part, cancellationToken);
                    SuppressionChange[] changes = [.. stored.Exceptions.Where(isMeant).Select(change)];
                    int made = changes.Length == 0 ? 0 : await store.TryChangeAsync(stored.Ledger, changes, cancellationToken);
                    all += made;
                    return made < changes.Length && made == 0 ? null : made == changes.Length;
                },
                cancellationToken);
            suppressions.Forget();
        }

        return all;
    }
}
