using ImageScan.Core.Storage;
using ImageScan.Core.Vex;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// What is suppressed now, for every answer. It is held for a few seconds, then two small rows say whether anything has changed; what this instance
/// has changed it knows at once.
/// </summary>
public sealed class Suppressions
{
    /// <summary>How long after a change another instance may answer as before.</summary>
    public static readonly TimeSpan Fresh = FreshCopy<SuppressionSet>.Fresh;

    private readonly SuppressionStore _store;
    private readonly VexStore _vex;
    private readonly FreshCopy<SuppressionSet> _copy;

    public Suppressions(SuppressionStore store, VexStore vex, TimeProvider time)
    {
        _store = store;
        _vex = vex;
        _copy = new FreshCopy<SuppressionSet>(MarkAsync, ReadAsync, time);
    }

    /// <summary>
    /// What is suppressed, as of not more than three seconds ago. Throws <see cref="StorageException"/>: an answer that may show what is not to be
    /// seen is none.
    /// </summary>
    public Task<SuppressionSet> CurrentAsync(CancellationToken cancellationToken) => _copy.CurrentAsync(cancellationToken);

    /// <summary>Says that this instance has just changed something: who asks from now on gets it.</summary>
    internal void Forget() => _copy.Forget();

    private async Task<string> MarkAsync(CancellationToken cancellationToken)
    {
        Task<string> vex = _vex.MarkAsync(cancellationToken);
        return MarkOf((await _store.LedgerAsync(cancellationToken)).Mark, await vex);
    }

    private async Task<(SuppressionSet Set, string Mark)> ReadAsync(CancellationToken cancellationToken)
    {
        Task<StoredVex> reading = _vex.ReadAsync(cancellationToken);
        StoredSuppressions stored = await _store.ReadAsync(SuppressionParts.InForce | SuppressionParts.Snoozes, cancellationToken);
        StoredVex vex = await reading;
        VexStatements statements = VexUploads.StatementsOf(vex);
        var set = new SuppressionSet(
            stored.Snoozes.Select(snooze => snooze.Snooze), stored.Exceptions.Select(exception => exception.Exception), statements);
        return (set, MarkOf(stored.Ledger.Mark, vex.Mark));
    }

    private static string MarkOf(string suppressions, string vex) => $"{suppressions} {vex}";
}
