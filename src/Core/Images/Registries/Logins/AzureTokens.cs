using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Identity;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// A token of an identity of this app for an audience. Throws <see cref="RegistryException"/> (AccountUnusable) if there is none to be had.
/// </summary>
internal delegate Task<string> AzureTokenSource(AzureIdentity identity, string audience, CancellationToken cancellationToken);

/// <summary>
/// Tokens of this app's own identity in Azure: a managed one, one of a workload in Kubernetes, or whoever is logged in on this machine
/// (https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains). The library keeps and renews them.
/// </summary>
public sealed class AzureTokens
{
    // Which there are is for the settings to say, so there are few.
    private readonly ConcurrentDictionary<AzureIdentity, DefaultAzureCredential> _credentials = [];

    /// <summary>The credential of an identity.</summary>
    public static DefaultAzureCredential CredentialOf(AzureIdentity identity)
    {
        var options = new DefaultAzureCredentialOptions();
        if (identity.ClientId.Length > 0)
        {
            options.ManagedIdentityClientId = identity.ClientId;
            options.WorkloadIdentityClientId = identity.ClientId;
        }

        if (identity.TenantId.Length > 0)
        {
            options.TenantId = identity.TenantId;
        }

        return new DefaultAzureCredential(options);
    }

    /// <summary>As <see cref="AzureTokenSource"/> says.</summary>
    internal async Task<string> GetAsync(AzureIdentity identity, string audience, CancellationToken cancellationToken)
    {
        try
        {
            DefaultAzureCredential credential = _credentials.GetOrAdd(identity, CredentialOf);
            AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([ScopeOf(audience)]), cancellationToken);
            return token.Token;
        }
        catch (ArgumentException e)
        {
            throw new RegistryException(
                $"this app's identity of Azure cannot be asked for: TenantId is {HostileText.Quote(identity.TenantId)}, which must be a tenant's id or domain",
                e)
            {
                Failure = RegistryFailure.AccountUnusable,
            };
        }
        catch (Exception e) when (e is AuthenticationFailedException or RequestFailedException)
        {
            // The first line says what; those below name every place that was looked at.
            string reason = HostileText.Plain(e.Message.Split('\n')[0].Trim(), 300);
            throw new RegistryException($"this app's identity of Azure gave no token for {HostileText.Plain(audience)}: {reason}", e)
            {
                Failure = RegistryFailure.AccountUnusable,
            };
        }
    }

    // Entra ID wants scopes; ".default" is all that the identity may (https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope).
    private static string ScopeOf(string audience) => audience.EndsWith("/.default", StringComparison.Ordinal) ? audience : $"{audience}/.default";
}
