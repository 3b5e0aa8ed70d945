using System.Net;
using System.Net.Sockets;

namespace ImageScan.Core.Access;

/// <summary>
/// Counts wrong credentials per address and minute. Memory is bounded: when the table is full of addresses of this minute, all further
/// ones share one count.
/// </summary>
public sealed class FailedAttempts(TimeProvider time)
{
    /// <summary>How many wrong credentials an address may send in one window.</summary>
    public const int MaxPerWindow = 10;

    /// <summary>How many addresses are told apart.</summary>
    public const int MaxAddresses = 10_000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // No address parses to this.
    private const string Crowd = "";

    private readonly Dictionary<string, (int Count, DateTimeOffset Since)> _failures = [];
    private readonly Lock _lock = new();

    /// <summary>How many addresses are remembered now.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _failures.Count;
            }
        }
    }

    /// <summary>Counts one wrong credential. The time until the address may try again if that was too many; null if not.</summary>
    public TimeSpan? Add(IPAddress? address)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            string key = KeyFor(address, now);
            bool isRecent = _failures.TryGetValue(key, out (int Count, DateTimeOffset Since) failures) && now - failures.Since < Window;
            failures = isRecent ? (failures.Count + 1, failures.Since) : (1, now);
            _failures[key] = failures;
            return failures.Count > MaxPerWindow ? failures.Since + Window - now : null;
        }
    }

    /// <summary>Takes one count back: what was counted beforehand was right.</summary>
    public void Forgive(IPAddress? address)
    {
        lock (_lock)
        {
            string key = KeyFor(address, time.GetUtcNow());
            if (_failures.TryGetValue(key, out (int Count, DateTimeOffset Since) failures) && failures.Count > 0)
            {
                _failures[key] = (failures.Count - 1, failures.Since);
            }
        }
    }

    private string KeyFor(IPAddress? address, DateTimeOffset now)
    {
        string key = NetworkOf(address);
        if (_failures.Count >= MaxAddresses && !_failures.ContainsKey(key))
        {
            foreach (string old in _failures.Where(pair => now - pair.Value.Since >= Window).Select(pair => pair.Key).ToList())
            {
                _failures.Remove(old);
            }
        }

        return _failures.Count < MaxAddresses || _failures.ContainsKey(key) ? key : Crowd;
    }

    // One customer has at least a /64 of IPv6 to send from, so that counts as one address.
    private static string NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, 8))
            : plain.ToString();
    }
}
