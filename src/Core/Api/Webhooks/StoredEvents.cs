using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>Events that were taken and wait in the queue <see cref="QueueNames.RegistryEvents"/>, in a message beside those of Event Grid.</summary>
/// <param name="Sender">The webhook that told of them.</param>
/// <param name="RegistryEvents">The events.</param>
internal sealed record StoredEvents(string Sender, IReadOnlyList<RegistryEvent> RegistryEvents)
{
    /// <summary>The events as messages, each as long as a queue takes at most.</summary>
    public static IEnumerable<string> MessagesOf(string sender, IReadOnlyList<RegistryEvent> events)
    {
        string all = JsonSerializer.Serialize(new StoredEvents(sender, events), StoredEventsJson.Default.StoredEvents);
        if (all.Length <= StorageLimits.MessageBytes || events.Count == 1)
        {
            return [all];
        }

        int half = events.Count / 2;
        return MessagesOf(sender, [.. events.Take(half)]).Concat(MessagesOf(sender, [.. events.Skip(half)]));
    }

    /// <summary>Reads a message; false if it is none of ours.</summary>
    public static bool TryParse(JsonElement message, [NotNullWhen(true)] out StoredEvents? events)
    {
        try
        {
            events = message.ValueKind == JsonValueKind.Object ? message.Deserialize(StoredEventsJson.Default.StoredEvents) : null;

            // A member that is missing is null, whatever its initializer says.
            events = events is null ? null : events with
            {
                RegistryEvents =
                [
                    .. events.RegistryEvents.Where(said => said is not null).Select(said => said with { Tag = said.Tag ?? "", Digest = said.Digest ?? "" }),
                ],
            };
            return events is not null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            events = null;
            return false;
        }
    }
}

// What is not ASCII is escaped, so characters are bytes.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredEvents))]
internal sealed partial class StoredEventsJson : JsonSerializerContext;
