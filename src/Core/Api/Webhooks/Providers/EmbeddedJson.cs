using System.Text.Json;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>JSON that lies in a JSON string, as envelopes carry it.</summary>
internal static class EmbeddedJson
{
    /// <summary>
    /// What lies in base64; <c>default</c> (ValueKind Undefined) if that is no JSON, or deeper than bodies may be. Throws
    /// <see cref="FormatException"/> if it is no base64.
    /// </summary>
    public static JsonElement InBase64(string text)
    {
        byte[] json = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(text, json, out int length))
        {
            throw new FormatException("the data of a message is no base64");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 64 });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
