using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures;

/// <summary>JSON and base64 that anybody may have written.</summary>
internal static class SignatureJson
{
    private const int MaxDepth = 32;

    /// <summary>
    /// The document; null if it is none, or one that two readers may read in two ways, since what is signed must mean one thing.
    /// The caller disposes it.
    /// </summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair in the name of a member.
            return null;
        }
    }

    /// <summary>The bytes of a base64 text; null if it is none.</summary>
    public static byte[]? Base64(this JsonElement element) => element.Text() is { } text ? TryBase64(text) : null;

    /// <summary>The bytes; null if the text is no base64.</summary>
    public static byte[]? TryBase64(string text)
    {
        byte[] bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out int written) ? bytes[..written] : null;
    }

    /// <summary>A whole number, or a text of one as protobuf's JSON writes 64 bits (https://protobuf.dev/programming-guides/json/).</summary>
    public static long? Long(this JsonElement element) =>
        element.Whole() ?? (long.TryParse(element.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null);
}
