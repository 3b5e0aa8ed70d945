using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans;

/// <summary>
/// What many answers need and few changes make other: it is held for a few seconds, then one small row says by its mark whether anything has changed;
/// what this instance has changed it knows at once.
/// </summary>
/// <param name="markAsync">The mark as it is now.</param>
/// <param name="readAsync">All of it, with a mark that is not newer.</param>
/// <param name="time">The clock.</param>
internal sealed class FreshCopy<T>(
    Func<CancellationToken, Task<string>> markAsync, Func<CancellationToken, Task<(T Value, string Mark)>> readAsync, TimeProvider time)
{
    /// <summary>How long after a change another instance may answer as before.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Held? _held;
    private Task<T>? _loading;
    private int _changes;

    /// <summary>It, as of not more than three seconds ago. Throws <see cref="StorageException"/>.</summary>
    public Task<T> CurrentAsync(CancellationToken cancellationToken)
    {
        Task<T> loading;
        lock (_lock)
        {
            if (_held is { } held && time.GetElapsedTime(held.AskedAt) < Fresh)
            {
                return Task.FromResult(held.Value);
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
                (T value, string mark) = await readAsync(CancellationToken.None);
                held = new Held(value, mark, asked);
            }

            Keep(held with { AskedAt = asked }, changes);
            return held.Value;
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

    private sealed record Held(T Value, string Mark, long AskedAt);
}
