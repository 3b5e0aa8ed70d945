namespace ImageScan.Core.Images.Registries;

/// <summary>How patient the client is, and what it may reach.</summary>
public sealed record RegistryClientSettings
{
    /// <summary>Until a connection stands, all addresses of the host together, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From sending a request to its answer's headers.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a single byte of a body.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is sent again after 408, 429, 500, 502, 503, 504 or a broken connection.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The first wait before a retry, doubled each time, where the registry does not say how long.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait; a registry that asks for more (Retry-After) makes the request fail at once, saying so.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the body of one blob is taken up again where it broke off.</summary>
    public int Resumptions { get; init; } = 5;

    /// <summary>
    /// Whether a registry that the caller names as being on this machine (localhost, 127.0.0.1, [::1]) may be read, over plain http
    /// unless it is listed. Only for the Local head bound to loopback.
    /// </summary>
    public bool AllowLoopbackRegistries { get; init; }

    /// <summary>The bounds on what registries send.</summary>
    public ImageLimits Limits { get; init; } = new();
}
