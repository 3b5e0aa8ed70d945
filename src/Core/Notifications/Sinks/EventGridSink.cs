using System.Text.Json;
using ImageScan.Core.Results;

namespace ImageScan.Core.Notifications.Sinks;

/// <summary>
/// A token for Event Grid of the identity with that client id, of the environment's or the system's for "". Throws
/// <see cref="Azure.Identity.AuthenticationFailedException"/>.
/// </summary>
public delegate ValueTask<string> EventGridToken(string clientId, CancellationToken cancellationToken);

/// <summary>
/// CloudEvents 1.0 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md) to a topic of Event Grid whose input schema they are, with an access
/// key or a token of Entra ID (https://learn.microsoft.com/azure/event-grid/post-to-custom-topic,
/// https://learn.microsoft.com/azure/event-grid/authenticate-with-microsoft-entra-id).
/// </summary>
public sealed class EventGridSink(NotificationPost post, EventGridToken token) : INotificationSink
{
    // A batch of one: what the clients of Event Grid send, too
    // (https://github.com/Azure/azure-sdk-for-net/tree/main/sdk/eventgrid/Azure.Messaging.EventGrid).
    private const string ContentType = "application/cloudevents-batch+json; charset=utf-8";

    public NotificationType Type => NotificationType.EventGrid;

    public async Task<DeliveryOutcome> DeliverAsync(Notification notification, NotificationRule rule, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>();
        if (rule.Secret.Length > 0)
        {
            headers["aeg-sas-key"] = rule.Secret;
        }
        else
        {
            try
            {
                headers["Authorization"] = $"Bearer {await token(rule.ClientId, cancellationToken)}";
            }
            catch (Azure.Identity.AuthenticationFailedException)
            {
                // Its message may name tenants and machines.
                return new DeliveryOutcome(
                    DeliveryVerdict.Later, "the app's identity got no token for Event Grid; it needs the role EventGrid Data Sender on the topic");
            }
        }

        return await post.SendAsync(rule, BodyOf(notification), ContentType, headers, cancellationToken);
    }

    /// <summary>The type of the event for an occasion.</summary>
    internal static string TypeOf(NotificationOccasion occasion) => occasion switch
    {
        NotificationOccasion.NewFindings => "dev.imagescan.findings.new",
        NotificationOccasion.Changes => "dev.imagescan.findings.changed",
        _ => "dev.imagescan.image.scanned",
    };

    // At most a hundred findings and a hundred changes of a thousand characters: far below the megabyte of an event
    // (https://learn.microsoft.com/azure/event-grid/quotas-limits).
    internal static byte[] BodyOf(Notification notification)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", notification.Id);
            json.WriteString("source", $"/imagescan/notifications/{Uri.EscapeDataString(notification.Rule)}");
            json.WriteString("type", TypeOf(notification.Occasion));
            json.WriteString("subject", notification.Image);
            json.WriteString("time", notification.ScannedAt);
            json.WriteString("datacontenttype", "application/json");
            json.WritePropertyName("data");
            NotificationJson.Write(json, notification);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return bytes.ToArray();
    }
}
