using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// Azure Container Registry by way of Event Grid, in its own schema (https://learn.microsoft.com/azure/event-grid/event-schema) or as CloudEvents,
/// several in a request or one.
/// </summary>
internal sealed class EventGridWebhook : IWebhookProvider
{
    // https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
    private const string Validation = "Microsoft.EventGrid.SubscriptionValidationEvent";
    private const string Deletion = "Microsoft.EventGrid.SubscriptionDeletedEvent";

    // Codes have 36 characters.
    private const int MaxCodeCharacters = 256;

    public string Name => "eventgrid";

    public WebhookProof Proof => WebhookProof.Header | WebhookProof.Path | WebhookProof.Jwt;

    public WebhookReading Read(WebhookMessage message)
    {
        JsonElement[] events = message.Body.ValueKind == JsonValueKind.Array ? [.. message.Body.EnumerateArray()] : [message.Body];
        string?[] types = [.. events.Select(TypeOf)];
        if (Array.TrueForAll(types, type => type is null))
        {
            throw new FormatException("Event Grid sends an array of events with \"eventType\" and \"data\", or CloudEvents");
        }

        // The header aeg-event-type says the same, but is not there where events come out of a queue. The event's validationUrl would do as well as
        // its code; no address found in data is asked for.
        if (Array.IndexOf(types, Validation) is >= 0 and var validation)
        {
            return CodeOf(events[validation]) is { Length: > 0 and <= MaxCodeCharacters } code
                ? new WebhookReading { ValidationCode = code }
                : throw new FormatException("Event Grid's validation has a \"validationCode\" in its data");
        }

        return Array.TrueForAll(types, type => type == Deletion)
            ? WebhookReading.Ping
            : EventReading.Of(events.Select(one => AzureRegistryEvents.Of(CloudEvent.Attribute(one, "data"))));
    }

    private static string? TypeOf(JsonElement one) => CloudEvent.Attribute(one, "eventType").Text() ?? CloudEvent.Of(one)?.Type;

    private static string? CodeOf(JsonElement validation) => CloudEvent.Attribute(CloudEvent.Attribute(validation, "data"), "validationCode").Text();
}
