using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageScan.Core.Storage;

/// <summary>A message of <see cref="QueueNames.ImageScans"/>: which job to do. Never carries a credential.</summary>
/// <param name="JobId">The <see cref="Results.ScanJob"/>.</param>
/// <param name="Image">The full name of the image.</param>
/// <param name="Platform"><c>os/architecture[/variant]</c>.</param>
/// <param name="Force">Whether to read everything again.</param>
public sealed record ScanMessage(string JobId, string Image, string Platform, bool Force)
{
    /// <summary>The text of the message, before base64.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, MessageJson.Default.ScanMessage);

    /// <summary>Reads a message's text; false if it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ScanMessage? message)
    {
        try
        {
            message = JsonSerializer.Deserialize(text, MessageJson.Default.ScanMessage);
            return message is not null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            message = null;
            return false;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ScanMessage))]
internal sealed partial class MessageJson : JsonSerializerContext;
