namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// The reference registry's notifications, with headers of one's choice (https://distribution.github.io/distribution/about/notifications/). An answer that
/// is neither 2xx nor 3xx holds up all events behind, so nothing but a body of another kind is refused.
/// </summary>
internal sealed class DistributionWebhook : IWebhookProvider
{
    public string Name => "distribution";

    public WebhookProof Proof => WebhookProof.Header | WebhookProof.Path;

    public WebhookReading Read(WebhookMessage message) => DistributionEvents.IsEnvelope(message.Body)
        ? EventReading.Of(DistributionEvents.Of(message.Body))
        : throw new FormatException("The registry sends an object with \"events\"");
}
