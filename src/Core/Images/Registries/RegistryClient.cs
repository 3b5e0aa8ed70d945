namespace ImageScan.Core.Images.Registries;

/// <summary>Reads images out of registries. One instance serves the whole app: it keeps connections and tokens.</summary>
public sealed class RegistryClient : IDisposable
{
    private readonly RegistryClientSettings _settings;
    private readonly TimeProvider _time;
    private readonly CredentialLookup _credentials;
    private readonly RegistryDirectory _directory;
    private readonly RegistryNetwork _network;
    private readonly RegistryErrors _errors;
    private readonly TokenExchange _tokens;
    private readonly AuthorizationCache _authorizations;

    /// <summary>A client for production: the system's resolver, guarded connections.</summary>
    /// <param name="registries">What the operator says of registries.</param>
    /// <param name="settings">Timeouts and limits.</param>
    /// <param name="time">The clock, for waits and the life of tokens.</param>
    /// <param name="credentials">Credentials of registries whose settings have none; null for none.</param>
    public RegistryClient(IReadOnlyList<RegistrySettings> registries, RegistryClientSettings settings, TimeProvider time, CredentialLookup? credentials = null)
        : this(registries, settings, time, credentials, Guarded(settings, AddressGuard.ResolveBySystemAsync))
    {
    }

    /// <summary>A client whose connections are made by <paramref name="handlerFor"/>, one handler for each address rule.</summary>
    internal RegistryClient(
        IReadOnlyList<RegistrySettings> registries,
        RegistryClientSettings settings,
        TimeProvider time,
        CredentialLookup? credentials,
        Func<AddressRule, HttpMessageHandler> handlerFor)
    {
        _settings = settings;
        _time = time;
        _credentials = credentials ?? ((_, _, _) => Task.FromResult<RegistryCredential?>(null));
        _directory = new RegistryDirectory(registries, settings.AllowLoopbackRegistries);
        _network = new RegistryNetwork(_directory, settings, time, handlerFor);
        _errors = new RegistryErrors(settings, time);
        _tokens = new TokenExchange(_network, _errors, settings.Limits);
        _authorizations = new AuthorizationCache(time);
    }

    /// <summary>
    /// The image behind the name; nothing is asked yet. Throws <see cref="RegistryException"/> if the name has no registry or one that cannot
    /// be an address.
    /// </summary>
    public IImageSource Open(ImageReference reference) => new RegistryImageSource(reference, ConnectionFor(reference), _settings, _time);

    /// <summary>What lies beside the image, in its repository; nothing is asked yet. Throws as <see cref="Open"/> does.</summary>
    public RegistryArtifacts OpenArtifacts(ImageReference reference)
    {
        RegistryConnection connection = ConnectionFor(reference);
        return new RegistryArtifacts(
            reference.Remote, connection, new RegistryImageSource(reference, connection, _settings, _time), _settings.Limits);
    }

    /// <summary>Forgets the tokens that registries have given, so that each repository is opened anew.</summary>
    public void ForgetTokens() => _authorizations.ForgetAll();

    public void Dispose() => _network.Dispose();

    /// <summary>Handlers that connect through the address guard, with a resolver of choice.</summary>
    internal static Func<AddressRule, HttpMessageHandler> Guarded(RegistryClientSettings settings, HostResolver resolve)
    {
        var guard = new AddressGuard(resolve, settings.ConnectTimeout);
        return rule => guard.HandlerFor(rule, settings.Limits.HeaderKibibytes);
    }

    private RegistryConnection ConnectionFor(ImageReference reference) => new(
        _directory.EndpointOf(reference), reference.Remote, _network, _tokens, _authorizations, _credentials, _errors, _settings, _time);
}
