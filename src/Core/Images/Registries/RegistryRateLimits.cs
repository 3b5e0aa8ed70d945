using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// What registries say of their rate limits with each answer: <c>ratelimit-limit: 100;w=21600</c>, <c>ratelimit-remaining: 20;w=21600</c> and
/// <c>docker-ratelimit-source</c> of Docker Hub (https://docs.docker.com/docker-hub/usage/pulls/#view-pull-rate-and-limit), of which others
/// send the first two without a window (https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers).
/// </summary>
internal sealed class RegistryRateLimits(RegistryNotices notices, TimeProvider time)
{
    private const int MaxRegistries = 1_000;
    private const int MaxSourceCharacters = 64;

    private readonly ConcurrentDictionary<string, RegistryRateLimit> _limits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All that is known.</summary>
    public IReadOnlyCollection<RegistryRateLimit> All => [.. _limits.Values];

    /// <summary>What the registry said last to who asks as we do; null if it never did.</summary>
    public RegistryRateLimit? Find(RegistryEndpoint registry) => _limits.GetValueOrDefault(registry.TokenKey);

    /// <summary>Remembers what an answer of the registry itself says, but nothing of what it says to a login that is lent for one scan.</summary>
    public void Observe(RegistryEndpoint registry, HttpResponseHeaders answer)
    {
        if (registry.Account is { OnlyAtHome: not null })
        {
            return;
        }

        if (Read(answer, "ratelimit-limit") is not ( > 0 and var limit, var window) || Read(answer, "ratelimit-remaining") is not (var remaining, _))
        {
            return;
        }

        if (_limits.Count >= MaxRegistries)
        {
            _limits.Clear();
        }

        string source = HostileText.Plain(TextOf(answer, "docker-ratelimit-source"), MaxSourceCharacters);
        var seen = new RegistryRateLimit(registry.Name, limit, remaining, window, source, time.GetUtcNow());
        _limits[registry.TokenKey] = seen;
        if (remaining <= limit / 10)
        {
            notices.LittleLeft(seen);
        }
    }

    /// <summary>A number, and the seconds after <c>;w=</c>; null if it is none.</summary>
    private static (long Number, TimeSpan Window)? Read(HttpResponseHeaders answer, string name)
    {
        string[] parts = TextOf(answer, name).Split(';', StringSplitOptions.TrimEntries);
        string window = parts.Skip(1).FirstOrDefault(part => part.StartsWith("w=", StringComparison.OrdinalIgnoreCase)) ?? "w=0";
        return IsNumber(parts[0], out int number) && IsNumber(window[2..], out int seconds) ? (number, TimeSpan.FromSeconds(seconds)) : null;
    }

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string TextOf(HttpResponseHeaders answer, string name) =>
        answer.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : "";
}
