namespace ImageScan.Core.Images.Registries;

/// <summary>
/// The places at each host: how many requests it gets from this process at a time, an answer whose body is still being read included.
/// </summary>
/// <remarks>
/// The handler's MaxConnectionsPerServer would bound the same, but has one queue for all, and the time for an answer would run while a
/// request stands in it: a HEAD behind four layers would fail for want of an answer that nobody had asked for.
/// </remarks>
/// <param name="perHost">Places at a host, two at least. A quarter of them, one at least, is never a layer's.</param>
internal sealed class HostPlaces(int perHost)
{
    private readonly int _layersPerHost = perHost - Math.Max(1, perHost / 4);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many hosts somebody has or awaits a place at.</summary>
    internal int Hosts
    {
        get
        {
            lock (_lock)
            {
                return _hosts.Count;
            }
        }
    }

    /// <summary>
    /// Waits for a place; who disposes what this returns, once or more often, gives it back. The rest of a layer waits for nobody: its reader
    /// may hold memory that those who have the places wait for.
    /// </summary>
    public async Task<IDisposable> TakeAsync(Uri uri, HostUse use, CancellationToken cancellationToken)
    {
        string name = uri.Authority;
        Host host = Enter(name);
        var place = new Place(this, name, host);
        try
        {
            if (use == HostUse.RestOfLayer)
            {
                place.HasAny = host.Any.Wait(0, CancellationToken.None);
                return place;
            }

            if (use == HostUse.Layer)
            {
                await host.Layers.WaitAsync(cancellationToken);
                place.HasLayer = true;
            }

            await host.Any.WaitAsync(cancellationToken);
            place.HasAny = true;
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private Host Enter(string name)
    {
        lock (_lock)
        {
            if (!_hosts.TryGetValue(name, out Host? host))
            {
                host = new Host(new SemaphoreSlim(perHost), new SemaphoreSlim(_layersPerHost));
                _hosts.Add(name, host);
            }

            host.Users++;
            return host;
        }
    }

    // Names of hosts come from callers: one that nobody asks any more is forgotten.
    private void Leave(string name, Host host)
    {
        lock (_lock)
        {
            if (--host.Users == 0)
            {
                _hosts.Remove(name);
            }
        }
    }

    private sealed record Host(SemaphoreSlim Any, SemaphoreSlim Layers)
    {
        public int Users { get; set; }
    }

    private sealed class Place(HostPlaces places, string name, Host host) : IDisposable
    {
        private bool _isLeft;

        public bool HasAny { get; set; }

        public bool HasLayer { get; set; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, true))
            {
                return;
            }

            if (HasAny)
            {
                host.Any.Release();
            }

            if (HasLayer)
            {
                host.Layers.Release();
            }

            places.Leave(name, host);
        }
    }
}
