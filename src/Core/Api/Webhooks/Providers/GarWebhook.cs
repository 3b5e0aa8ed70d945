using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// Google Artifact Registry: what it publishes under the topic <c>gcr</c> (https://cloud.google.com/artifact-registry/docs/configure-notifications), pushed by
/// Pub/Sub with a token of Google's (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions), in its envelope or out of it
/// (https://cloud.google.com/pubsub/docs/payload-unwrapping).
/// </summary>
internal sealed class GarWebhook : IWebhookProvider
{
    public string Name => "gar";

    public WebhookProof Proof => WebhookProof.Jwt | WebhookProof.Path;

    public WebhookReading Read(WebhookMessage message)
    {
        if (!PubSubMessage.IsWrapped(message.Body) && message.Body.Member("action").Text() is null)
        {
            throw new FormatException("Pub/Sub sends an object with \"message\", or what was published: an object with \"action\"");
        }

        // Whatever else is published there would be sent again for days if it were refused.
        return EventReading.Of(GarEvents.Of(PubSubMessage.DataOf(message.Body)));
    }
}
