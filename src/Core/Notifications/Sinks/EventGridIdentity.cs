using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;

namespace ImageScan.Core.Notifications.Sinks;

/// <summary>Tokens of the app's identities for Event Grid; the credential keeps each until shortly before its end.</summary>
public sealed class EventGridIdentity
{
    // The resource of Event Grid (https://learn.microsoft.com/azure/event-grid/authenticate-with-microsoft-entra-id); the clients of its SDK ask for the same
    // (https://github.com/Azure/azure-sdk-for-net/tree/main/sdk/eventgrid/Azure.Messaging.EventGrid).
    private static readonly TokenRequestContext Scope = new(["https://eventgrid.azure.net/.default"]);

    private readonly ConcurrentDictionary<string, TokenCredential> _credentials = new(StringComparer.Ordinal);

    /// <summary>As <see cref="EventGridToken"/> says.</summary>
    public async ValueTask<string> TokenAsync(string clientId, CancellationToken cancellationToken)
    {
        TokenCredential credential = _credentials.GetOrAdd(clientId, id => new DefaultAzureCredential(OptionsOf(id)));
        return (await credential.GetTokenAsync(Scope, cancellationToken)).Token;
    }

    // Without an id the library's own default stays, which is AZURE_CLIENT_ID
    // (https://learn.microsoft.com/dotnet/api/azure.identity.defaultazurecredentialoptions.managedidentityclientid).
    internal static DefaultAzureCredentialOptions OptionsOf(string clientId)
    {
        var options = new DefaultAzureCredentialOptions();
        if (clientId.Length > 0)
        {
            options.ManagedIdentityClientId = clientId;
        }

        return options;
    }
}
