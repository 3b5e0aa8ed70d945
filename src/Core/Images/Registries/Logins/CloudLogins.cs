using System.Collections.Concurrent;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// Logs in at registries of clouds. What it gets is kept as long as it is good; what it sends goes to the registry that the login is for, or to the
/// APIs of its cloud, and nowhere else.
/// </summary>
internal sealed class CloudLogins
{
    private const int MaxKept = 1_000;

    private readonly Func<CloudLogin, RegistryEndpoint, CancellationToken, Task<TimedCredential>> _ask;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(CloudLogin Login, string Registry, bool IsOfSettings), KeptLogin> _kept = [];

    public CloudLogins(Func<CloudLogin, RegistryEndpoint, CancellationToken, Task<TimedCredential>> ask, TimeProvider time) => (_ask, _time) = (ask, time);

    /// <summary>Logins at the clouds as they are.</summary>
    public static Func<CloudLogin, RegistryEndpoint, CancellationToken, Task<TimedCredential>> At(
        RegistryNetwork network,
        RegistryErrors errors,
        CloudApi api,
        CloudSurroundings surroundings,
        RegistryNotices notices,
        RegistryClientSettings settings,
        TimeProvider time)
    {
        var azure = new AcrExchange(network, errors, surroundings, settings, time);
        var aws = new AwsApi(api, notices, time);
        var ecr = new EcrTokens(aws, new AwsCredentials(aws, api, surroundings, settings), settings);
        var google = new GoogleTokens(api, surroundings, settings, time);
        return (login, registry, cancellationToken) => login switch
        {
            AzureLogin there => azure.AskAsync(there, registry, cancellationToken),
            AwsLogin there => ecr.AskAsync(there, registry, cancellationToken),
            _ => google.AskAsync((GoogleLogin)login, cancellationToken),
        };
    }

    /// <summary>The same clouds, with nothing kept.</summary>
    public CloudLogins Anew() => new(_ask, _time);

    /// <summary>The credential for a registry whose login it is. Throws <see cref="RegistryException"/>.</summary>
    public async Task<RegistryCredential> CredentialAsync(CloudLogin login, RegistryEndpoint registry, CancellationToken cancellationToken)
    {
        string what = $"logging in at {HostileText.Plain(registry.Name)}";
        if (ReasonNotTo(login, registry) is { } reason)
        {
            throw new RegistryException($"{what}: {reason}") { Failure = RegistryFailure.AccountUnusable };
        }

        try
        {
            return await KeptFor(login, registry).GetAsync(cancellationToken);
        }
        catch (RegistryException failure)
        {
            throw new RegistryException($"{what}: {failure.Message}", failure)
            {
                Failure = failure.Failure,
                StatusCode = failure.StatusCode,
                RetryAfter = failure.RetryAfter,
            };
        }
    }

    /// <summary>Logs in anew the next time: the registry has refused what it was given.</summary>
    public void Forget(CloudLogin login, RegistryEndpoint registry) => KeptFor(login, registry).Forget();

    // What the settings list is the operator's word for that very host. What others name must be a host of the cloud, reached as everybody reaches it.
    private static string? ReasonNotTo(CloudLogin login, RegistryEndpoint registry)
    {
        if (!CloudHosts.IsThisMachine(registry.Address))
        {
            if (registry.Address.Scheme != Uri.UriSchemeHttps)
            {
                return "an identity is not sent over plain http";
            }

            if (registry.TrustAt(registry.Address).SkipsVerification)
            {
                return "an identity is not sent where no certificate is verified";
            }
        }

        // A slip in Host must not carry to a stranger what opens more than registries.
        if (login is AzureLogin { Audience: not ("" or AcrExchange.Audience) } && !IsAzure(registry))
        {
            return "a token of another Audience than Container Registry's goes to hosts of Azure's registries only";
        }

        return registry.Account is not { Login: not null } account ? null
            : !CloudHosts.Has(login, registry.Name) ? "an integration's identity goes to hosts of its cloud only"
            : account.Trust != RegistryTrust.System ? "an integration's identity goes to hosts with certificates of the system's authorities only"
            : null;
    }

    private static bool IsAzure(RegistryEndpoint registry) => CloudHosts.IsAzure(registry.Name) || CloudHosts.IsThisMachine(registry.Address);

    private KeptLogin KeptFor(CloudLogin login, RegistryEndpoint registry)
    {
        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }

        bool isOfSettings = registry.Account?.Login is null;
        return _kept.GetOrAdd((login, registry.Address.Authority, isOfSettings), _ => new KeptLogin(token => _ask(login, registry, token), _time));
    }
}
