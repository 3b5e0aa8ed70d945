using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// What is suppressed now, for every answer. It is held for a few seconds, then one small row says whether anything has changed; what this instance
/// has changed it knows at once.
/// </summary>
public sealed class Suppressions(SuppressionStore store, TimeProvider time)
{
    /// <summary>How long after a change another instance may answer as before.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Held? _held;
    private Task<SuppressionSet>? _loading;
    private int _changes;

    /// <summary>
    /// What is suppressed, as of not more than three seconds ago. Throws <see cref="StorageException"/>: an answer that may show what is not to be
    /// seen is none.
    /// </summary>
    public Task<SuppressionSet> CurrentAsync(CancellationToken cancellationToken)
    {
        Task<SuppressionSet> loading;
        lock (_lock)
        {
            if (_held is { } held && time.GetElapsedTime(held.AskedAt) < Fresh)
            {
                return Task.FromResult(held.Set);
            }

            // One question for all who wait, and none of them ends it.
            loading = _loading ??= LoadAsync(_held, _changes);
        }

        return loading.WaitAsync(cancellationToken);
    }

    /// <summary>Says that this instance has just changed something: who asks from now on gets it.</summary>
    internal void Forget()
    {
        lock (_lock)
        {
            _changes++;
            _held = null;
            _loading = null;
        }
    }

    private async Task<SuppressionSet> LoadAsync(Held? held, int changes)
    {
        await Task.Yield();
        try
        {
            long asked = time.GetTimestamp();
            if (held is null || (await store.LedgerAsync(CancellationToken.None)).Mark != held.Mark)
            {
                StoredSuppressions stored = await store.ReadAsync(SuppressionParts.InForce | SuppressionParts.Snoozes, CancellationToken.None);
                var set = new SuppressionSet(stored.Snoozes.Select(snooze => snooze.Snooze), stored.Exceptions.Select(exception => exception.Exception));
                held = new Held(set, stored.Ledger.Mark, asked);
            }

            Keep(held with { AskedAt = asked }, changes);
            return held.Set;
        }
        catch
        {
            Keep(null, changes);
            throw;
        }
    }

    // What was asked for before a change of ours may lack it.
    private void Keep(Held? held, int changes)
    {
        lock (_lock)
        {
            if (changes == _changes)
            {
                _held = held ?? _held;
                _loading = null;
            }
        }
    }

    private sealed record Held(SuppressionSet Set, string Mark, long AskedAt);
}
