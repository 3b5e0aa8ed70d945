using ImageScan.Core.Images.Registries.Logins;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.Core.Images.Registries;

/// <summary>Reads images out of registries. One instance serves the whole app: it keeps connections and tokens.</summary>
public sealed class RegistryClient : IDisposable
{
    private static readonly TimeSpan LiesAreRemembered = TimeSpan.FromMinutes(10);

    private readonly RegistryClientSettings _settings;
    private readonly TimeProvider _time;
    private readonly CredentialLookup _credentials;
    private readonly AccountLookup _accounts;
    private readonly RegistryDirectory _directory;
    private readonly RegistryNetwork _network;
    private readonly RegistryErrors _errors;
    private readonly TokenExchange _tokens;
    private readonly AuthorizationCache _authorizations;
    private readonly RegistryNotices _notices;
    private readonly RegistryRateLimits _limits;
    private readonly RecentKeys _lies;
    private readonly CloudApi _clouds;
    private readonly CloudLogins _logins;

    /// <summary>A client for production: the system's resolver, guarded connections.</summary>
    /// <param name="registries">What the operator says of registries.</param>
    /// <param name="settings">Timeouts and limits.</param>
    /// <param name="time">The clock, for waits and the life of tokens.</param>
    /// <param name="credentials">Credentials of registries whose settings have none; null for none.</param>
    /// <param name="accounts">What else is known of registries; null for nothing.</param>
    /// <param name="logger">Told of what an operator should know although all went well; null for nobody.</param>
    public RegistryClient(
        IReadOnlyList<RegistrySettings> registries,
        RegistryClientSettings settings,
        TimeProvider time,
        CredentialLookup? credentials = null,
        AccountLookup? accounts = null,
        ILogger<RegistryClient>? logger = null)
        : this(registries, settings, time, credentials, Guarded(settings, AddressGuard.ResolveBySystemAsync), accounts, logger)
    {
    }

    /// <summary>A client whose connections are made by <paramref name="handlerFor"/>, one handler for each address rule.</summary>
    internal RegistryClient(
        IReadOnlyList<RegistrySettings> registries,
        RegistryClientSettings settings,
        TimeProvider time,
        CredentialLookup? credentials,
        Func<AddressRule, HttpMessageHandler> handlerFor,
        AccountLookup? accounts = null,
        ILogger? logger = null,
        CloudSurroundings? surroundings = null)
    {
        _settings = settings;
        _time = time;
        _credentials = SettingLogins.Before(credentials ?? NoCredentials, settings.DockerConfigJson);
        _accounts = accounts ?? NoAccounts;
        _directory = new RegistryDirectory(registries, settings.AllowLoopbackRegistries);
        _notices = new RegistryNotices(logger ?? NullLogger.Instance, time);
        _limits = new RegistryRateLimits(_notices, time);
        _lies = new RecentKeys(time, LiesAreRemembered);
        _network = new RegistryNetwork(_directory, settings, time, _limits, handlerFor);
        _errors = new RegistryErrors(settings, _limits, time);
        _tokens = new TokenExchange(_network, _errors, settings.Limits);
        _authorizations = new AuthorizationCache(time);
        _clouds = new CloudApi(handlerFor, settings, time);
        CloudSurroundings around = surroundings ?? CloudSurroundings.OfThisProcess();
        _logins = new CloudLogins(CloudLogins.At(_network, _errors, _clouds, around, _notices, settings, time), time);
    }

    /// <summary>What registries have said last of how much they still let us ask.</summary>
    public IReadOnlyCollection<RegistryRateLimit> RateLimits => _limits.All;

    /// <summary>
    /// The image behind the name; nothing is asked yet. Throws <see cref="RegistryException"/> if the name has no registry or one that cannot
    /// be an address.
    /// </summary>
    public IImageSource Open(ImageReference reference)
    {
        RegistryEndpoint registry = _directory.EndpointOf(reference);
        return new AccountImageSource(new AccountWays<AccountTry>(
            token => WaysAsync(registry, reference, account => TryBy(account, registry, reference), () => AnonymousTry(registry, reference), token),
            refusal => _notices.LoginRefused(registry, refusal)));
    }

    /// <summary>
    /// The image behind the name by one account alone: no other, no login or certificate of the settings, no mirror, and no token that was kept. The
    /// settings say only how the registry is reached and whose certificates are believed there. Nothing is asked yet. Throws as the other method
    /// does, and where the account is for another origin than that at which the settings reach the registry.
    /// </summary>
    public IImageSource Open(ImageReference reference, RegistryAccount account)
    {
        RegistryEndpoint registry = WithNothingOfOurs(_directory.EndpointOf(reference)) with { Account = account };
        if (account.OnlyAtHome is { } home && !registry.Owns(home))
        {
            throw new RegistryException(
                $"{RegistryNetwork.WithoutQuery(home)} is not where {HostileText.Plain(registry.Name)} is read: that is {registry.Address}. A registry over"
                + $" plain http must be listed ({registry.SettingsName}__Host={HostileText.Plain(registry.Name)}, {registry.SettingsName}__Insecure=true), one"
                + " over https must not be listed as Insecure.")
            {
                Failure = RegistryFailure.AccountUnusable,
            };
        }

        var connection = new RegistryConnection(
            registry, reference.Remote, _network, _tokens, new AuthorizationCache(_time), NoCredentials, _logins.Anew(), _errors, _settings, _time);
        return new RegistryImageSource(reference, connection, _settings, _time);
    }

    /// <summary>
    /// What lies beside the image, in its repository at the registry itself: mirrors need not have it. Nothing is asked yet. Throws as
    /// <see cref="Open(ImageReference)"/> does.
    /// </summary>
    public RegistryArtifacts OpenArtifacts(ImageReference reference)
    {
        RegistryEndpoint registry = _directory.EndpointOf(reference);
        return new RegistryArtifacts(new AccountWays<ArtifactPlace>(
            token => WaysAsync(
                registry,
                reference,
                account => PlaceAt(EndpointBy(account, registry), reference, account?.Problem),
                () => PlaceAt(Anonymous(registry), reference, problem: null),
                token),
            refusal => _notices.LoginRefused(registry, refusal)));
    }

    /// <summary>
    /// Whether a registry takes what an account has: asks below its root, with that account alone, with no login or certificate of the settings, and with
    /// nothing that was kept. Throws <see cref="RegistryException"/> if it does not, or cannot be asked.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="path">What to ask for; <c>v2/</c> is answered to whoever may come in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task TestAsync(RegistryAccount account, string path, CancellationToken cancellationToken)
    {
        // Whoever waits may ask again; and credentials that others have entrusted to us are not what is tested.
        RegistryEndpoint registry = WithNothingOfOurs(_directory.EndpointOf(account));
        var connection = new RegistryConnection(
            registry, "", _network, _tokens, new AuthorizationCache(_time), NoCredentials, _logins.Anew(), _errors, _settings with { Retries = 0 }, _time);
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
        IReadOnlyList<RegistryEndpoint> ways = await UsableWaysAsync(_directory.EndpointOf(reference), reference, cancellationToken);
        for (int i = 0; ; i++)
        {
            try
            {
                RegistryConnection connection = ConnectionTo(ways[i], reference, _settings with { Retries = 0 });
                using HttpResponseMessage response = await connection.SendAsync(request, cancellationToken);
                return;
            }
            catch (RegistryException refused) when (refused.IsOfThisLogin && i + 1 < ways.Count)
            {
                // Another login may.
            }
        }
    }

    /// <summary>Forgets the tokens that registries have given, so that each repository is opened anew.</summary>
    public void ForgetTokens() => _authorizations.ForgetAll();

    public void Dispose()
    {
        _network.Dispose();
        _clouds.Dispose();
    }

    private static Task<RegistryCredential?> NoCredentials(string registry, string repository, CancellationToken cancellationToken) =>
        Task.FromResult<RegistryCredential?>(null);

    // Neither the operator's password nor his certificate opens a registry to whoever lends or tests a login of his own.
    private static RegistryEndpoint WithNothingOfOurs(RegistryEndpoint registry) => registry with
    {
        Listed = registry.Listed is null ? null : registry.Listed with { Username = "", Password = "", Login = RegistryLogin.Password },
        Trust = registry.Trust with { Client = null },
    };

    private static Task<IReadOnlyList<RegistryAccount>> NoAccounts(string registry, string repository, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RegistryAccount>>([]);

    // What the settings have for a registry comes first; without credentials in them there is nothing to be tried that the accounts do not try.
    private async Task<RegistryWays<TWay>> WaysAsync<TWay>(
        RegistryEndpoint registry, ImageReference reference, Func<RegistryAccount?, TWay> by, Func<TWay> anonymous, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegistryAccount> accounts = await _accounts(reference.Registry, reference.Remote, cancellationToken);
        var ways = accounts.Select(by).ToList();
        if (registry.Listed is { HasLogin: true } || ways.Count == 0)
        {
            ways.Insert(0, by(null));
        }

        return new RegistryWays<TWay>(ways, anonymous());
    }

    private async Task<IReadOnlyList<RegistryEndpoint>> UsableWaysAsync(
        RegistryEndpoint registry, ImageReference reference, CancellationToken cancellationToken)
    {
        RegistryWays<RegistryEndpoint> ways = await WaysAsync(
            registry, reference, account => EndpointBy(account, registry), () => Anonymous(registry), cancellationToken);
        RegistryEndpoint[] usable = [.. ways.Usual.Where(way => way.Account?.Problem is null)];
        return usable.Length > 0 ? usable : [registry];
    }

    private RegistryEndpoint EndpointBy(RegistryAccount? account, RegistryEndpoint registry) =>
        account is null ? registry : _directory.EndpointOf(account);

    // Without whatever an account says of how to get there: less than the settings demand is not done for it.
    private static RegistryEndpoint Anonymous(RegistryEndpoint registry) => registry with { IsAnonymous = true };

    private AccountTry AnonymousTry(RegistryEndpoint registry, ImageReference reference) =>
        new(account: null, SourceAt(Anonymous(registry), reference, _settings), mirrors: [], resolvesAtMirrors: false);

    private AccountTry TryBy(RegistryAccount? account, RegistryEndpoint registry, ImageReference reference)
    {
        bool hasOwnMirror = account is { Mirror.Length: > 0 };
        IReadOnlyList<string> mirrors = hasOwnMirror ? [account!.Mirror] : registry.Mirrors;

        // Who may say what a tag points at is the operator's word, whoever names the mirror.
        bool resolvesAtMirrors = registry.Listed is not { MirrorByDigestOnly: true } || reference.Digest is not null;
        RegistryImageSource source = SourceAt(EndpointBy(account, registry), reference, _settings);
        return new AccountTry(account, source, [.. mirrors.Select(mirror => MirrorAt(mirror, reference))], resolvesAtMirrors);
    }

    // Behind it there is the registry itself, so it gets one chance, and a layer that breaks off there is taken up once.
    private MirrorPlace MirrorAt(string mirror, ImageReference reference)
    {
        ImageReference mirrored = reference.At(mirror);
        RegistryClientSettings settings = _settings with { Retries = 0, Resumptions = Math.Min(1, _settings.Resumptions) };
        return new MirrorPlace(
            mirrored.Registry, mirrored.FullName, SourceAt(_directory.EndpointOf(mirrored.Registry), mirrored, settings), _lies, _notices);
    }

    private ArtifactPlace PlaceAt(RegistryEndpoint registry, ImageReference reference, string? problem)
    {
        RegistryConnection connection = ConnectionTo(registry, reference, _settings);
        return new ArtifactPlace(reference.Remote, connection, new RegistryImageSource(reference, connection, _settings, _time), _settings.Limits, problem);
    }

    private RegistryImageSource SourceAt(RegistryEndpoint registry, ImageReference reference, RegistryClientSettings settings) =>
        new(reference, ConnectionTo(registry, reference, settings), settings, _time);

    private RegistryConnection ConnectionTo(RegistryEndpoint registry, ImageReference reference, RegistryClientSettings settings) =>
        new(registry, reference.Remote, _network, _tokens, _authorizations, _credentials, _logins, _errors, settings, _time);

    /// <summary>Handlers that connect through the address guard, with a resolver of choice.</summary>
    internal static Func<AddressRule, HttpMessageHandler> Guarded(RegistryClientSettings settings, HostResolver resolve)
    {
        var guard = new AddressGuard(resolve, settings.ConnectTimeout);
        return rule => guard.HandlerFor(rule, settings.Limits.HeaderKibibytes);
    }
}
