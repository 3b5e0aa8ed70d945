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

    /// <summary>How often a request is sent again after 408, 429, an error of the server's own (5xx) or a broken connection.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The first wait before a retry, doubled each time, where the registry does not say how long.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait; a registry that asks for more (Retry-After) makes the request fail at once, saying so.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the body of one blob is taken up again where it broke off.</summary>
    public int Resumptions { get; init; } = 5;

    /// <summary>
    /// Requests that one host gets from this process at a time, a body that is being read included; further ones wait. Clients of registries
    /// read three layers of an image at a time (max-concurrent-downloads, https://docs.docker.com/reference/cli/dockerd/); this is room for
    /// the layers of two images and for what is asked in a moment beside them.
    /// </summary>
    public int RequestsPerHost { get; init; } = 8;

    /// <summary>
    /// Logins as docker's config.json or a pull secret of Kubernetes holds them, used where neither settings nor integrations have one; "" for none.
    /// </summary>
    public string DockerConfigJson { get; init; } = "";

    /// <summary>
    /// Whether a registry that the caller names as being on this machine (localhost, 127.0.0.1, [::1]) may be read, over plain http
    /// unless it is listed. Only for the Local head bound to loopback.
    /// </summary>
    public bool AllowLoopbackRegistries { get; init; }

    /// <summary>The bounds on what registries send.</summary>
    public ImageLimits Limits { get; init; } = new();

    // A record would print its members into any log line that mentions it.
    public override string ToString() => "RegistryClientSettings";
}
