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

        // What looks at images comes last, so that nothing waits for it however many there are.
        DateTimeOffset now = time.GetUtcNow();
        int ended = await EndAsync(exception => exception.Exception.IsOverAt(now), now, cancellationToken);
        await snoozes.SweepAsync(cancellationToken);
        await ForgetAsync(now, cancellationToken);
        HashSet<string> fixedNow = await FixedAsync((await store.ReadAsync(SuppressionParts.InForce, cancellationToken)).Exceptions, cancellationToken);
        ended += fixedNow.Count == 0
            ? 0
            : await EndAsync(exception => fixedNow.Contains($"{exception.ETag}{exception.Exception.Id}"), now, cancellationToken);
        if (ended > 0)
        {
            logger.LogInformation("Exceptions ended {Count}", ended);
        }

        return ended;
    }

    private Task<int> EndAsync(Func<StoredException, bool> isOver, DateTimeOffset now, CancellationToken cancellationToken) => ChangeAsync(
        SuppressionParts.InForce,
        isOver,
        exception => SuppressionChange.Replacing(exception, exception.Exception.Ended(Expired, author: null, now)),
        cancellationToken);

    // Of those that wait for fixes: the ones whose fixes are there, as they were read, so that what is changed meanwhile is not ended by an old reason.
    // Begins anywhere, so that a run that is over before its end does not always leave the same ones.
    private async Task<HashSet<string>> FixedAsync(IReadOnlyList<StoredException> inForce, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LongestRun, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        StoredException[] waiting = [.. inForce.Where(stored => stored.Exception.Expiry is { Kind: not ExceptionExpiryKind.Time })];
        Random.Shared.Shuffle(waiting);
        var found = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (StoredException stored in waiting)
            {
                if (await HasItsFixesAsync(stored.Exception, both.Token))
                {
                    found.Add($"{stored.ETag}{stored.Exception.Id}");
                }
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("Exceptions that wait for fixes were not all looked at in {Time}: the next run goes on", LongestRun);
        }

        return found;
    }

    // The first CVE that has a fix decides about any of them, the first that has none about all.
    private async Task<bool> HasItsFixesAsync(VulnerabilityException exception, CancellationToken cancellationToken)
    {
        bool decides = exception.Expiry!.Kind == ExceptionExpiryKind.AnyCveFixable;
        bool isDecided = await exception.Cves.ToAsyncEnumerable()
            .AnyAsync(async (cve, token) => await fixable.HasFixAsync(exception.Scope, cve, token) == decides, cancellationToken);
        return isDecided == decides;
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
