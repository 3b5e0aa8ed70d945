using System.Collections.Concurrent;

namespace ImageScan.Core.Images.Registries;

/// <summary>What opened a repository the last time, until it expires.</summary>
internal sealed class AuthorizationCache(TimeProvider time)
{
    private const int MaxEntries = 1_000;

    private readonly ConcurrentDictionary<(string Registry, string Scope), Entry> _entries = [];

    /// <summary>What to send; null if nothing is known or it has expired.</summary>
    public RegistryAuthorization? Find(string registry, string scope) =>
        _entries.TryGetValue((registry, scope), out Entry? entry) && entry.Expires > time.GetUtcNow() ? entry.Authorization : null;

    public void Keep(string registry, string scope, RegistryAuthorization authorization, TimeSpan life)
    {
        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }

        _entries[(registry, scope)] = new Entry(authorization, time.GetUtcNow() + life);
    }

    public void Forget(string registry, string scope) => _entries.TryRemove((registry, scope), out _);

    public void ForgetAll() => _entries.Clear();

    private sealed record Entry(RegistryAuthorization Authorization, DateTimeOffset Expires);
}
