namespace ImageScan.Core.Scans;

/// <summary>
/// Something stored that every request needs: held for a few seconds, then one small question says whether anything has changed; what this instance has
/// changed it knows at once.
/// </summary>
/// <param name="markAsync">What tells the last change from all others.</param>
/// <param name="readAsync">The state, and its mark.</param>
/// <param name="time">The clock.</param>
internal sealed class HeldState<T>(
    Func<CancellationToken, Task<string>> markAsync, Func<CancellationToken, Task<(T State, string Mark)>> readAsync, TimeProvider time)
    where T : class
{
    /// <summary>How long after a change another instance may act as before.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Held? _held;
    private Task<T>? _loading;
    private int _changes;

    /// <summary>The state, as of not more than three seconds ago. Throws what reading throws.</summary>
    public Task<T> CurrentAsync(CancellationToken cancellationToken)
    {
        Task<T> loading;
        lock (_lock)
        {
            if (_held is { } held && time.GetElapsedTime(held.AskedAt) < Fresh)
            {
                return Task.FromResult(held.State);
            }

            // One question for all who wait, and none of them ends it.
            loading = _loading ??= LoadAsync(_held, _changes);
        }

        return loading.WaitAsync(cancellationToken);
    }

    /// <summary>Says that this instance has just changed something: who asks from now on gets it.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _changes++;
            _held = null;
            _loading = null;
        }
    }

    private async Task<T> LoadAsync(Held? held, int changes)
    {
        await Task.Yield();
        try
        {
            long asked = time.GetTimestamp();
            if (held is null || await markAsync(CancellationToken.None) != held.Mark)
            {
                (T state, string mark) = await readAsync(CancellationToken.None);
                held = new Held(state, mark, asked);
            }

            Keep(held with { AskedAt = asked }, changes);
            return held.State;
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

    private sealed record Held(T State, string Mark, long AskedAt);
}
