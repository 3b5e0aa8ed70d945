namespace ImageScan.Core.Images.Registries;

/// <summary>Reads images out of registries. One instance serves the whole app: it keeps connections and tokens.</summary>
public sealed class RegistryClient : IDisposable
{
    private readonly RegistryClientSettings _settings;
    private readonly TimeProvider _time;
    private readonly CredentialLookup _credentials;
    private readonly AccountLookup? _accounts;
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
    /// <param name="accounts">What else is known of registries; null for nothing.</param>
    public RegistryClient(
        IReadOnlyList<RegistrySettings> registries,
        RegistryClientSettings settings,
        TimeProvider time,
        CredentialLookup? credentials = null,
        AccountLookup? accounts = null)
        : this(registries, settings, time, credentials, Guarded(settings, AddressGuard.ResolveBySystemAsync), accounts)
    {
    }

    /// <summary>A client whose connections are made by <paramref name="handlerFor"/>, one handler for each address rule.</summary>
    internal RegistryClient(
        IReadOnlyList<RegistrySettings> registries,
        RegistryClientSettings settings,
        TimeProvider time,
        CredentialLookup? credentials,
        Func<AddressRule, HttpMessageHandler> handlerFor,
        AccountLookup? accounts = null)
    {
        _settings = settings;
        _time = time;
        _credentials = credentials ?? NoCredentials;
        _accounts = accounts;
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
    public IImageSource Open(ImageReference reference)
    {
        RegistryEndpoint registry = _directory.EndpointOf(reference);
        return _accounts is null
            ? SourceAt(registry, reference, _settings)
            : new AccountImageSource(token => TriesAsync(registry, reference, token));
    }

    /// <summary>
    /// What lies beside the image, in its repository at the registry itself: mirrors need not have it. Nothing is asked yet. Throws as
    /// <see cref="Open"/> does.
    /// </summary>
    public RegistryArtifacts OpenArtifacts(ImageReference reference)
    {
        RegistryEndpoint registry = _directory.EndpointOf(reference);
        return new RegistryArtifacts(token => PlacesAsync(registry, reference, token));
    }

    /// <summary>
    /// Whether a registry takes what an account has: asks below its root, with that account alone, and with nothing that was kept. Throws
    /// <see cref="RegistryException"/> if it does not, or cannot be asked.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="path">What to ask for; <c>v2/</c> is answered to whoever may come in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task TestAsync(RegistryAccount account, string path, CancellationToken cancellationToken)
    {
        // Whoever waits may ask again; and credentials that others have entrusted to us are not what is tested.
        RegistryEndpoint registry = _directory.EndpointOf(account);
        registry = registry with { Listed = registry.Listed is null ? null : registry.Listed with { Username = "", Password = "" } };
        var connection = new RegistryConnection(
            registry, "", _network, _tokens, new AuthorizationCache(_time), NoCredentials, _errors, _settings with { Retries = 0 }, _time);
        using HttpResponseMessage response = await connection.SendAsync(
            new RegistryRequest("failed to ask the registry", HttpMethod.Get, path, []), cancellationToken);
    }

    /// <summary>
    /// Has the registry of an image change what it says of it: a PATCH below its root, with the login by which the image is read, once. Throws
    /// <see cref="RegistryException"/>.
    /// </summary>
    /// <param name="reference">The image.</param>
    /// <param name="path">What is changed.</param>
    /// <param name="json">What to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ChangeAsync(ImageReference reference, string path, byte[] json, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest("failed to change the image", HttpMethod.Patch, path, []) { Actions = "pull,push", Json = json };
        IReadOnlyList<RegistryEndpoint> ways = await WaysAsync(_directory.EndpointOf(reference), reference, cancellationToken);
        for (int i = 0; ; i++)
        {
            try
            {
                RegistryConnection connection = ConnectionTo(ways[i], reference, _settings with { Retries = 0 });
                using HttpResponseMessage response = await connection.SendAsync(request, cancellationToken);
                return;
            }
            catch (RegistryException refused) when (refused.StatusCode is 401 or 403 && i + 1 < ways.Count)
            {
                // Another login may.
            }
        }
    }

    /// <summary>Forgets the tokens that registries have given, so that each repository is opened anew.</summary>
    public void ForgetTokens() => _authorizations.ForgetAll();

    public void Dispose() => _network.Dispose();

    private static Task<RegistryCredential?> NoCredentials(string registry, string repository, CancellationToken cancellationToken) =>
        Task.FromResult<RegistryCredential?>(null);

    // What the settings have for a registry comes first; without credentials in them there is nothing to be tried that the accounts do not try.
    private async Task<IReadOnlyList<AccountTry>> TriesAsync(RegistryEndpoint registry, ImageReference reference, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegistryAccount> accounts = await _accounts!(reference.Registry, reference.Remote, cancellationToken);
        var tries = accounts.Select(account => TryBy(account, reference)).ToList();
        if (registry.Listed is { Username.Length: > 0 } || tries.Count == 0)
        {
            tries.Insert(0, new AccountTry(account: null, SourceAt(registry, reference, _settings), mirror: null, mirrorName: ""));
        }

        return tries;
    }

    private async Task<IReadOnlyList<ArtifactPlace>> PlacesAsync(
        RegistryEndpoint registry, ImageReference reference, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegistryAccount> accounts = _accounts is null ? [] : await _accounts(reference.Registry, reference.Remote, cancellationToken);
        List<ArtifactPlace> places = [.. accounts.Select(account => PlaceAt(_directory.EndpointOf(account), reference, account.Problem))];
        if (registry.Listed is { Username.Length: > 0 } || places.Count == 0)
        {
            places.Insert(0, PlaceAt(registry, reference, problem: null));
        }

        return places;
    }

    private async Task<IReadOnlyList<RegistryEndpoint>> WaysAsync(RegistryEndpoint registry, ImageReference reference, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegistryAccount> accounts = _accounts is null ? [] : await _accounts(reference.Registry, reference.Remote, cancellationToken);
        List<RegistryEndpoint> ways = [.. accounts.Where(account => account.Problem is null).Select(_directory.EndpointOf)];
        if (registry.Listed is { Username.Length: > 0 } || ways.Count == 0)
        {
            ways.Insert(0, registry);
        }

        return ways;
    }

    private ArtifactPlace PlaceAt(RegistryEndpoint registry, ImageReference reference, string? problem)
    {
        RegistryConnection connection = ConnectionTo(registry, reference, _settings);
        return new ArtifactPlace(reference.Remote, connection, new RegistryImageSource(reference, connection, _settings, _time), _settings.Limits, problem);
    }

    private AccountTry TryBy(RegistryAccount account, ImageReference reference)
    {
        RegistryImageSource source = SourceAt(_directory.EndpointOf(account), reference, _settings);
        if (account.Mirror.Length == 0)
        {
            return new AccountTry(account, source, mirror: null, mirrorName: "");
        }

        // Behind it there is the registry itself, so it gets one chance.
        ImageReference mirrored = reference.At(account.Mirror);
        return new AccountTry(
            account, source, SourceAt(_directory.EndpointOf(mirrored.Registry), mirrored, _settings with { Retries = 0 }), mirrored.FullName);
    }

    private RegistryImageSource SourceAt(RegistryEndpoint registry, ImageReference reference, RegistryClientSettings settings) =>
        new(reference, ConnectionTo(registry, reference, settings), settings, _time);

    private RegistryConnection ConnectionTo(RegistryEndpoint registry, ImageReference reference, RegistryClientSettings settings) =>
        new(registry, reference.Remote, _network, _tokens, _authorizations, _credentials, _errors, settings, _time);

    /// <summary>Handlers that connect through the address guard, with a resolver of choice.</summary>
    internal static Func<AddressRule, HttpMessageHandler> Guarded(RegistryClientSettings settings, HostResolver resolve)
    {
        var guard = new AddressGuard(resolve, settings.ConnectTimeout);
        return rule => guard.HandlerFor(rule, settings.Limits.HeaderKibibytes);
    }
}
