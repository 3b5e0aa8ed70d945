using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// Azure Container Registry's own webhooks: one event a request, no signature, headers of one's choice
/// (https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference).
/// </summary>
internal sealed class AcrWebhook : IWebhookProvider
{
    public string Name => "acr";

    public WebhookProof Proof => WebhookProof.Header | WebhookProof.Path;

    public WebhookReading Read(WebhookMessage message)
    {
        // `az acr webhook ping` (https://learn.microsoft.com/azure/container-registry/container-registry-webhook#test-webhook); of its body the documentation
        // says nothing, receivers see {"action":"ping"} (https://github.com/akuity/kargo/blob/main/pkg/webhook/external/azure.go).
        string? action = message.Body.Member("action").Text();
        if (action == "ping")
        {
            return WebhookReading.Ping;
        }

        return action is not null && message.Body.Member("target").ValueKind == JsonValueKind.Object
            ? EventReading.Of(AzureRegistryEvents.Of(message.Body))
            : throw new FormatException("Azure Container Registry sends an object with \"action\" and \"target\"");
    }
}
