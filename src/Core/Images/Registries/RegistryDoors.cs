namespace ImageScan.Core.Images.Registries;

/// <summary>
/// The connections to all registries, apart by address rule and by whose certificates are believed, so that one opened under a looser rule or
/// trust never serves a request under a stricter one.
/// </summary>
/// <param name="handlerFor">Makes the connections of an address rule.</param>
internal sealed class RegistryDoors(Func<AddressRule, HttpMessageHandler> handlerFor) : IDisposable
{
    // Trusts come and go with what people say over the API; those that nobody uses any more are closed when there are many.
    private const int MaxTrusts = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<AddressRule, HttpMessageInvoker> _usual =
        Enum.GetValues<AddressRule>().ToDictionary(rule => rule, rule => new HttpMessageInvoker(handlerFor(rule)));

    private Dictionary<(AddressRule, RegistryTrust), HttpMessageInvoker> _others = [];

    /// <summary>How many there are beside the usual ones.</summary>
    internal int Others
    {
        get
        {
            lock (_lock)
            {
                return _others.Count;
            }
        }
    }

    /// <summary>The connections under a rule and a trust.</summary>
    public HttpMessageInvoker For(AddressRule rule, RegistryTrust trust)
    {
        if (trust == RegistryTrust.System)
        {
            return _usual[rule];
        }

        lock (_lock)
        {
            if (!_others.TryGetValue((rule, trust), out HttpMessageInvoker? door))
            {
                if (_others.Count >= MaxTrusts)
                {
                    // Left to the collector, since somebody may still be reading through them; idle connections close by themselves.
                    _others = [];
                }

                door = new HttpMessageInvoker(Trusting(rule, trust));
                _others.Add((rule, trust), door);
            }

            return door;
        }
    }

    public void Dispose()
    {
        foreach (HttpMessageInvoker door in _usual.Values.Concat(_others.Values))
        {
            door.Dispose();
        }
    }

    private HttpMessageHandler Trusting(AddressRule rule, RegistryTrust trust)
    {
        HttpMessageHandler handler = handlerFor(rule);
        if (handler is SocketsHttpHandler sockets)
        {
            trust.ApplyTo(sockets);
        }

        return handler;
    }
}
