using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// What is suppressed now, for every answer. It is held for a few seconds, then one small row says whether anything has changed; what this instance
/// has changed it knows at once.
/// </summary>
public sealed class Suppressions
{
    /// <summary>How long after a change another instance may answer as before.</summary>
    public static readonly TimeSpan Fresh = FreshCopy<SuppressionSet>.Fresh;

    private readonly SuppressionStore _store;
    private readonly FreshCopy<SuppressionSet> _copy;

    public Suppressions(SuppressionStore store, TimeProvider time)
    {
        _store = store;
        _copy = new FreshCopy<SuppressionSet>(MarkAsync, ReadAsync, time);
    }

    /// <summary>
    /// What is suppressed, as of not more than three seconds ago. Throws <see cref="StorageException"/>: an answer that may show what is not to be
    /// seen is none.
    /// </summary>
    public Task<SuppressionSet> CurrentAsync(CancellationToken cancellationToken) => _copy.CurrentAsync(cancellationToken);

    /// <summary>Says that this instance has just changed something: who asks from now on gets it.</summary>
    internal void Forget() => _copy.Forget();

    private async Task<string> MarkAsync(CancellationToken cancellationToken) => (await _store.LedgerAsync(cancellationToken)).Mark;

    private async Task<(SuppressionSet Set, string Mark)> ReadAsync(CancellationToken cancellationToken)
    {
        StoredSuppressions stored = await _store.ReadAsync(SuppressionParts.InForce | SuppressionParts.Snoozes, cancellationToken);
        var set = new SuppressionSet(stored.Snoozes.Select(snooze => snooze.Snooze), stored.Exceptions.Select(exception => exception.Exception));
        return (set, stored.Ledger.Mark);
    }
}
