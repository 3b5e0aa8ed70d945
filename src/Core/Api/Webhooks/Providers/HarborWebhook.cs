using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// Harbor, in its default format and as CloudEvents; what its page calls "Auth Header" comes as Authorization, to the letter
/// (https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/).
/// </summary>
internal sealed class HarborWebhook : IWebhookProvider
{
    public string Name => "harbor";

    public WebhookProof Proof => WebhookProof.Header | WebhookProof.Path;

    public WebhookReading Read(WebhookMessage message)
    {
        if (CloudEvent.Of(message.Body) is { } cloudEvent)
        {
            return EventReading.Of(HarborEvents.Of(cloudEvent.Type, cloudEvent.Data));
        }

        return message.Body.Member("type").Text() is { Length: > 0 } type
            ? EventReading.Of(HarborEvents.Of(type, message.Body.Member("event_data")))
            : throw new FormatException("Harbor sends an object with \"type\" and \"event_data\", or a CloudEvent");
    }
}
