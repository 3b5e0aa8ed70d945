using System.Text.Json;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// Exchanges a token of Entra ID for a refresh token of Azure Container Registry, at the registry itself
/// (https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md#calling-post-oauth2exchange-to-get-an-acr-refresh-token).
/// </summary>
internal sealed class AcrExchange(
    RegistryNetwork network, RegistryErrors errors, CloudSurroundings surroundings, RegistryClientSettings settings, TimeProvider time)
{
    /// <summary>
    /// What the token is for: Container Registry and nothing else. Every registry takes it; those of Azure Resource Manager, by which StackRox logs in,
    /// are refused by some and open far more to whoever has one
    /// (https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm).
    /// </summary>
    public const string Audience = "https://containerregistry.azure.net";

    // The user that goes with refresh tokens (AAD-OAuth.md, "Authenticating docker with an ACR refresh token").
    private const string User = "00000000-0000-0000-0000-000000000000";

    // Three hours, says StackRox (pkg/registries/azure/transport.go); what a token itself says comes before that.
    private static readonly TimeSpan UsualLife = TimeSpan.FromHours(3);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    /// <summary>The refresh token, as an identity token. Throws <see cref="RegistryException"/>.</summary>
    public async Task<TimedCredential> AskAsync(AzureLogin login, RegistryEndpoint registry, CancellationToken cancellationToken)
    {
        string token = await surroundings.AzureTokenAsync(login.Identity, login.Audience.Length > 0 ? login.Audience : Audience, cancellationToken);
        string tenant = TenantOf(token, login, registry);
        var exchange = new Uri(registry.Address, "oauth2/exchange");
        using HttpResponseMessage response = await network.SendAsync(
            exchange, uri => RequestFor(uri, exchange, registry.Name, tenant, token), registry, HostUse.Document, cancellationToken);
        byte[] body = await errors.ReadBoundedAsync(response, settings.Limits.TokenBytes + 1, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw RefusalOf(response, body, login, registry);
        }

        return Read(body) is { } refreshToken
            ? new TimedCredential(new RegistryCredential(User, "", refreshToken), EndOf(refreshToken))
            : throw Unusable($"the exchange at {RegistryNetwork.WithoutQuery(exchange)} answered without a refresh token");
    }

    // A token of another tenant would be refused by the registry, with less to say of it. Tokens name their tenant by its id; a domain cannot be compared.
    private static string TenantOf(string token, AzureLogin login, RegistryEndpoint registry)
    {
        string own = TokenClaims.Of(token).Tenant;
        string wanted = login.Identity.TenantId;
        return own.Length == 0 ? wanted
            : wanted.Length == 0 || wanted.Contains('.', StringComparison.Ordinal) || string.Equals(own, wanted, StringComparison.OrdinalIgnoreCase) ? own
            : throw Unusable(
                $"the identity is of the tenant {HostileText.Plain(own)}, and {registry.SettingsName}__TenantId is {HostileText.Plain(wanted)}");
    }

    // Nobody but the registry gets the token: where it redirects to is not asked.
    private static HttpRequestMessage RequestFor(Uri uri, Uri exchange, string service, string tenant, string token)
    {
        if (uri != exchange)
        {
            throw Unusable($"{RegistryNetwork.WithoutQuery(exchange)} redirects, which is not followed with an identity's token");
        }

        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "access_token"),
            new("service", service),
            new("access_token", token),
        ];
        if (tenant.Length > 0)
        {
            form.Add(new("tenant", tenant));
        }

        return new HttpRequestMessage(HttpMethod.Post, uri) { Content = new FormUrlEncodedContent(form) };
    }

    // What is said of the body is its code alone, such as UNAUTHORIZED, since the body may repeat what was sent.
    private static RegistryException RefusalOf(HttpResponseMessage response, byte[] body, AzureLogin login, RegistryEndpoint registry)
    {
        int status = (int)response.StatusCode;
        bool isTransient = RegistryErrors.IsTransient(response.StatusCode);
        string setting = registry.Account?.Login is null ? $"{registry.SettingsName}__ClientId says which identity, " : "";
        string hint = isTransient ? "" : $" ({setting}{login.Right})";
        return new RegistryException($"the registry exchanged no token of the identity: {status}{ReasonIn(body)}{hint}")
        {
            Failure = isTransient ? RegistryFailure.Unavailable : RegistryFailure.AccountUnusable,
            StatusCode = status,
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    private static string ReasonIn(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            string code = document.RootElement.Member("errors").Items().FirstOrDefault().Member("code").Text() ?? "";
            return code.Length is > 0 and <= 60 && code.All(c => c is (>= 'A' and <= 'Z') or '_') ? $" {code}" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private string? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = settings.Limits.JsonDepth });
            return document.RootElement.Member("refresh_token").Text() is { Length: > 0 } token && body.Length <= settings.Limits.TokenBytes ? token : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private DateTimeOffset EndOf(string refreshToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = TokenClaims.Of(refreshToken).Expires ?? now + UsualLife;
        return end <= now ? throw Unusable($"the registry's refresh token ended at {end:u}, before it came: is the clock of this machine right?")
            : end < now + LongestLife ? end
            : now + LongestLife;
    }

    private static RegistryException Unusable(string reason) => new(reason) { Failure = RegistryFailure.AccountUnusable };
}
