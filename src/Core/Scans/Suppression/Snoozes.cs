using ImageScan.Core.Results;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// Snoozed CVEs (https://github.com/stackrox/stackrox/blob/4.5.0/central/cve/image/datastore/datastore_impl.go). StackRox snoozes only CVEs that it has
/// seen; here any name will do, so that also the first scan with it finds it snoozed. Every method throws
/// <see cref="SuppressionRefusedException"/> for more than is kept, and <see cref="StorageException"/>.
/// </summary>
public sealed class Snoozes(SuppressionStore store, Suppressions suppressions, TimeProvider time)
{
    /// <summary>Snoozes CVEs in all images; one that is snoozed already begins anew.</summary>
    /// <param name="cves">Their names.</param>
    /// <param name="duration">For how long, cut to whole seconds as the beginning is; what is not positive is over at once.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task BeginAsync(IReadOnlyList<string> cves, TimeSpan duration, CancellationToken cancellationToken)
    {
        ExceptionChecks.EnsureWithinLimits(cves, comment: "");
        if ((await suppressions.CurrentAsync(cancellationToken)).Snoozed + cves.Count > ExceptionBounds.Snoozes)
        {
            throw new SuppressionRefusedException(
                SuppressionRefusal.WrongState, $"at most {ExceptionBounds.Snoozes} CVEs can be snoozed at once: un-snooze some first");
        }

        DateTimeOffset activation = time.GetUtcNow();
        DateTimeOffset expiry = ExpiryOf(activation, duration);
        SuppressionChange[] changes = [.. cves.Distinct(StringComparer.Ordinal).Select(cve => SuppressionChange.Snoozing(new Snooze(cve, activation, expiry)))];
        await ChangeAsync(SuppressionParts.None, _ => changes, cancellationToken);
    }

    /// <summary>Snoozes CVEs no longer; nothing for one that is not snoozed.</summary>
    public Task EndAsync(IReadOnlyList<string> cves, CancellationToken cancellationToken)
    {
        ExceptionChecks.EnsureWithinLimits(cves, comment: "");
        HashSet<string> ended = [.. cves];
        return ChangeAsync(
            SuppressionParts.Snoozes,
            stored => [.. stored.Snoozes.Where(snooze => ended.Contains(snooze.Snooze.Cve)).Select(SuppressionChange.Unsnoozing)],
            cancellationToken);
    }

    /// <summary>Forgets what is over, and returns how many that were.</summary>
    public Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return ChangeAsync(
            SuppressionParts.Snoozes,
            stored => [.. stored.Snoozes.Where(snooze => snooze.Snooze.Expiry <= now).Select(SuppressionChange.Unsnoozing)],
            cancellationToken);
    }

    internal static DateTimeOffset ExpiryOf(DateTimeOffset activation, TimeSpan duration)
    {
        long start = activation.UtcTicks - (activation.UtcTicks % TimeSpan.TicksPerSecond);
        long whole = duration.Ticks - (duration.Ticks % TimeSpan.TicksPerSecond);
        return new DateTimeOffset(Math.Clamp(start + whole, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
    }

    // A thousand CVEs are several transactions, each of them whole. What somebody else changes in between is decided about once more.
    private async Task<int> ChangeAsync(
        SuppressionParts parts, Func<StoredSuppressions, IReadOnlyList<SuppressionChange>> decide, CancellationToken cancellationToken)
    {
        int all = 0;
        await store.RetriedAsync<object>(
            async () =>
            {
                StoredSuppressions stored = await store.ReadAsync(parts, cancellationToken);
                IReadOnlyList<SuppressionChange> left = decide(stored);
                SuppressionLedger ledger = stored.Ledger;
                while (left.Count > 0 && await store.TryChangeAsync(ledger, left, cancellationToken) is > 0 and int made)
                {
                    suppressions.Forget();
                    all += made;
                    left = [.. left.Skip(made)];
                    ledger = left.Count > 0 ? await store.LedgerAsync(cancellationToken) : ledger;
                }

                return left.Count == 0 ? left : null;
            },
            cancellationToken);
        return all;
    }
}
