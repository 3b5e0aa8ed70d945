using System.Collections.Concurrent;

namespace ImageScan.Core.Images.Registries;

/// <summary>What was there not long ago; a bounded number of keys, since some of them come from callers.</summary>
internal sealed class RecentKeys(TimeProvider time, TimeSpan life)
{
    private const int MaxKeys = 1_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ends = new(StringComparer.Ordinal);

    /// <summary>Keeps a key; whether it was not there.</summary>
    public bool Add(string key)
    {
        if (Contains(key))
        {
            return false;
        }

        if (_ends.Count >= MaxKeys)
        {
            _ends.Clear();
        }

        _ends[key] = time.GetUtcNow() + life;
        return true;
    }

    public bool Contains(string key) => _ends.TryGetValue(key, out DateTimeOffset end) && end > time.GetUtcNow();
}
