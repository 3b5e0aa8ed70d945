using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// Gets an access token from the token server that a registry names
/// (https://github.com/distribution/distribution/blob/main/docs/content/spec/auth/token.md and oauth.md).
/// </summary>
internal sealed class TokenExchange(RegistryNetwork network, RegistryErrors errors, ImageLimits limits)
{
    // "If expires_in is omitted, this defaults to 60 seconds", and clients may count on no less.
    private static readonly TimeSpan DefaultLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    /// <summary>
    /// A token that may do what a scope of one repository says, or only proves who we are if that is "", and how long it is good for. Throws
    /// <see cref="RegistryException"/>.
    /// </summary>
    public async Task<(string Token, TimeSpan Life)> ExchangeAsync(
        RegistryChallenge challenge, RegistryEndpoint registry, string own, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        Uri realm = Checked(challenge.Realm!, registry);

        // Some servers know their own scope only ("aws"), some read only the first: what was demanded goes first.
        string[] scopes = own.Length == 0 ? (challenge.Scope.Length > 0 ? [challenge.Scope] : [])
            : challenge.Scope.Length == 0 || challenge.Scope == own ? [own]
            : [challenge.Scope, own];
        using HttpResponseMessage response = credential is { IdentityToken.Length: > 0 }
            ? await AskAsync(realm, uri => IdentityRequest(uri, realm, challenge.Service, scopes, credential))
            : await AskAsync(QueryOf(realm, challenge.Service, scopes), uri => TokenRequest(uri, realm, credential));
        if (!response.IsSuccessStatusCode)
        {
            throw await errors.DescribeAsync("failed to get a token", response, registry, cancellationToken);
        }

        byte[] body = await errors.ReadBoundedAsync(response, limits.TokenBytes + 1, cancellationToken);
        return body.Length <= limits.TokenBytes
            ? Read(body, realm)
            : throw new RegistryException(
                $"The token server {RegistryNetwork.WithoutQuery(realm)} answered with more than {limits.TokenBytes} bytes (TokenBytes).");

        Task<HttpResponseMessage> AskAsync(Uri start, Func<Uri, HttpRequestMessage> make) =>
            network.SendAsync(start, make, registry, HostUse.Document, cancellationToken);
    }

    /// <summary>The scope of actions on a repository; "" if there is none.</summary>
    public static string ScopeOf(string repository, string actions = "pull") => repository.Length == 0 ? "" : $"repository:{repository}:{actions}";

    /// <summary>
    /// A registry chooses the realm, and a hostile one would have us knock where it cannot reach: https only, unless the registry itself is
    /// plain http; no address literal that is not public, unless it is the registry's own host. Names are judged when they are connected to.
    /// </summary>
    private static Uri Checked(Uri realm, RegistryEndpoint registry)
    {
        string where = $"The registry {HostileText.Plain(registry.Name)} sends us for a token to {RegistryNetwork.WithoutQuery(realm)}";
        if (registry.Account?.OnlyAtHome is { } home && !RegistryEndpoint.SameOrigin(realm, home))
        {
            throw new RegistryException($"{where}: the login that came with this scan goes nowhere but to {RegistryNetwork.WithoutQuery(home)}.");
        }

        bool scheme = realm.Scheme == Uri.UriSchemeHttps || (realm.Scheme == Uri.UriSchemeHttp && registry.Address.Scheme == Uri.UriSchemeHttp);
        if (!scheme || realm.UserInfo.Length > 0)
        {
            throw new RegistryException(
                $"{where}: only https is allowed there, without a user name"
                + $" (http if the registry is plain http itself: {registry.SettingsName}__Insecure).");
        }

        bool ownHost = string.Equals(realm.IdnHost, registry.Address.IdnHost, StringComparison.OrdinalIgnoreCase);
        if (!ownHost && IPAddress.TryParse(realm.IdnHost, out IPAddress? literal) && AddressRanges.ReasonToRefuse(literal) is string reason)
        {
            throw new RegistryException($"{where}: that address is {reason}.") { Failure = RegistryFailure.AddressRefused };
        }

        return realm;
    }

    private static Uri QueryOf(Uri realm, string service, string[] scopes)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        IEnumerable<(string, string)> parameters = scopes.Select(scope => ("scope", scope));
        foreach ((string name, string value) in service.Length > 0 ? parameters.Prepend(("service", service)) : parameters)
        {
            query.Append(query.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return new UriBuilder(realm) { Query = query.ToString() }.Uri;
    }

    private static HttpRequestMessage TokenRequest(Uri uri, Uri realm, RegistryCredential? credential)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (credential is not null && RegistryEndpoint.SameOrigin(uri, realm))
        {
            request.Headers.Authorization = BasicOf(credential);
        }

        return request;
    }

    private static HttpRequestMessage IdentityRequest(Uri uri, Uri realm, string service, string[] scopes, RegistryCredential credential)
    {
        // A redirect elsewhere gets a request without the token in it, and will refuse it.
        if (!RegistryEndpoint.SameOrigin(uri, realm))
        {
            return new HttpRequestMessage(HttpMethod.Get, uri);
        }

        return new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "refresh_token"),
                new("service", service),
                new("client_id", "imagescan"),
                new("scope", string.Join(' ', scopes)),
                new("refresh_token", credential.IdentityToken),
            ]),
        };
    }

    public static AuthenticationHeaderValue BasicOf(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")));

    private (string Token, TimeSpan Life) Read(byte[] body, Uri realm)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = limits.JsonDepth });
            string? token = document.RootElement.Member("token").Text() is { Length: > 0 } named
                ? named
                : document.RootElement.Member("access_token").Text();
            if (!string.IsNullOrEmpty(token) && token.All(c => c is > ' ' and < '\x7f'))
            {
                TimeSpan life = TimeSpan.FromSeconds(Math.Min(document.RootElement.Member("expires_in").Whole() ?? 0, (long)LongestLife.TotalSeconds));
                return (token, life > DefaultLife ? life : DefaultLife);
            }
        }
        catch (JsonException e)
        {
            throw new RegistryException($"The token server {RegistryNetwork.WithoutQuery(realm)} answered with no JSON.", e);
        }

        throw new RegistryException($"The token server {RegistryNetwork.WithoutQuery(realm)} answered without a token.");
    }
}
