using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Storage;

/// <summary>
/// A message of <see cref="QueueNames.ImageScans"/>: a job to be brought forward. All else stands in the job; never carries a credential.
/// </summary>
/// <param name="JobId">The <see cref="Results.ScanJob"/>.</param>
public sealed record ScanMessage(string JobId)
{
    /// <summary>Which span has sent it, as <see cref="MessageTrace"/> has it; null in messages of earlier versions, as all that follows.</summary>
    public string? Traceparent { get; init; }

    /// <summary>What belongs to that.</summary>
    public string? Tracestate { get; init; }

    /// <summary>When it was sent, by the sender's clock; also of one that was put back since.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Who has sent it.</summary>
    [JsonIgnore]
    public MessageTrace Trace => new(Traceparent, Tracestate);

    /// <summary>The text of the message, before base64.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, MessageJson.Default.ScanMessage);

    /// <summary>Reads a message's text; false if it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ScanMessage? message) =>
        MessageJson.TryRead(text, MessageJson.Default.ScanMessage, out message);
}

/// <summary>A message of <see cref="QueueNames.LayerScans"/>: a layer to be read for a job.</summary>
/// <param name="JobId">The <see cref="Results.ScanJob"/>.</param>
/// <param name="Layer">Digest of the layer's blob.</param>
public sealed record LayerMessage(string JobId, string Layer)
{
    /// <summary>As <see cref="ScanMessage.Traceparent"/>.</summary>
    public string? Traceparent { get; init; }

    /// <summary>As <see cref="ScanMessage.Tracestate"/>.</summary>
    public string? Tracestate { get; init; }

    /// <summary>As <see cref="ScanMessage.SentAt"/>.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Who has sent it.</summary>
    [JsonIgnore]
    public MessageTrace Trace => new(Traceparent, Tracestate);

    /// <summary>The text of the message, before base64.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, MessageJson.Default.LayerMessage);

    /// <summary>Reads a message's text; false if it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LayerMessage? message) =>
        MessageJson.TryRead(text, MessageJson.Default.LayerMessage, out message);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ScanMessage))]
[JsonSerializable(typeof(LayerMessage))]
internal sealed partial class MessageJson : JsonSerializerContext
{
    public static bool TryRead<T>(string text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, [NotNullWhen(true)] out T? message)
        where T : class
    {
        try
        {
            message = JsonSerializer.Deserialize(text, type);
            return message is not null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            message = null;
            return false;
        }
    }
}
