using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// Amazon ECR: a rule of EventBridge with an API destination, whose connection brings a header, a user with password, or a token
/// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html).
/// </summary>
internal sealed class EcrWebhook : IWebhookProvider
{
    public string Name => "ecr";

    public WebhookProof Proof => WebhookProof.Header | WebhookProof.Path | WebhookProof.Jwt;

    public WebhookReading Read(WebhookMessage message)
    {
        // A rule sends one event, a pipe may send several (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html).
        JsonElement[] events = message.Body.ValueKind == JsonValueKind.Array ? [.. message.Body.EnumerateArray()] : [message.Body];
        return Array.Exists(events, one => one.Member("detail-type").Text() is not null)
            ? EventReading.Of(events.Select(EcrEvents.Of))
            : throw new FormatException("EventBridge sends an object with \"detail-type\" and \"detail\"");
    }
}
