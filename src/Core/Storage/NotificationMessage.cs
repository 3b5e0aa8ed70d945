using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Storage;

/// <summary>A message of <see cref="QueueNames.Notifications"/>: something to be sent out. What, stands in its row.</summary>
/// <param name="Id">The row.</param>
/// <param name="Attempts">How often it had been tried when the message was sent: one that speaks of an earlier state is out of date.</param>
/// <param name="IsSaved">Whether its scan is known to be saved; if not, that is looked at first.</param>
public sealed record NotificationMessage(string Id, int Attempts, bool IsSaved)
{
    /// <summary>As <see cref="ScanMessage.Traceparent"/>.</summary>
    public string? Traceparent { get; init; }

    /// <summary>As <see cref="ScanMessage.Tracestate"/>.</summary>
    public string? Tracestate { get; init; }

    /// <summary>Who has sent it.</summary>
    [JsonIgnore]
    public MessageTrace Trace
    {
        get => new(Traceparent, Tracestate);
        init => (Traceparent, Tracestate) = (value.Parent, value.State);
    }

    /// <summary>The text of the message, before base64.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, NotificationMessageJson.Default.NotificationMessage);

    /// <summary>Reads a message's text; false if it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NotificationMessage? message) =>
        MessageJson.TryRead(text, NotificationMessageJson.Default.NotificationMessage, out message);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NotificationMessage))]
internal sealed partial class NotificationMessageJson : JsonSerializerContext;
