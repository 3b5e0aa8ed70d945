using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace ImageScan.Core.Images.Registries;

/// <summary>What opened a repository the last time, until it expires.</summary>
internal sealed class AuthorizationCache(TimeProvider time)
{
    private const int MaxEntries = 1_000;

    private readonly ConcurrentDictionary<(string Registry, string Scope), Entry> _entries = [];

    /// <summary>The header to send; null if none is known or it has expired.</summary>
    public AuthenticationHeaderValue? Find(string registry, string scope) =>
        _entries.TryGetValue((registry, scope), out Entry? entry) && entry.Expires > time.GetUtcNow() ? entry.Header : null;

    public void Keep(string registry, string scope, AuthenticationHeaderValue header, TimeSpan life)
    {
        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }

        _entries[(registry, scope)] = new Entry(header, time.GetUtcNow() + life);
    }

    public void Forget(string registry, string scope) => _entries.TryRemove((registry, scope), out _);

    public void ForgetAll() => _entries.Clear();

    private sealed record Entry(AuthenticationHeaderValue Header, DateTimeOffset Expires);
}
