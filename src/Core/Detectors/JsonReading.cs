using System.Text.Json;

namespace ImageScan.Core.Detectors;

/// <summary>
/// Steps through JSON without holding it as objects, so that a hostile file takes no more memory than its bytes. What has another type than a
/// format gives it is passed over.
/// </summary>
internal static class JsonReading
{
    /// <summary>The first bytes of UTF-8 text that some editors write.</summary>
    public static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> utf8) => utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;

    /// <summary>Moves to the first token; throws <see cref="JsonException"/> unless an object begins there.</summary>
    public static void EnterDocument(this ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("It is no JSON object.", null, 0, null);
        }
    }

    /// <summary>Moves to the name of the next property of the object that was entered; false at its end.</summary>
    public static bool NextProperty(this ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>
    /// Whether the property where the reader stands has this name; one with half a surrogate pair in it, on which the reader throws, has not.
    /// </summary>
    public static bool NameIs(this ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Moves from a property's name to its value; true if an object or array begins there, as wanted, else the value is passed over.</summary>
    public static bool TryEnter(this ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        if (reader.TokenType == start)
        {
            return true;
        }

        reader.Skip();
        return false;
    }

    /// <summary>Moves from a property's name over its value; true if that is <c>true</c>.</summary>
    public static bool NextIsTrue(this ref Utf8JsonReader reader)
    {
        reader.Read();
        bool isTrue = reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return isTrue;
    }

    /// <summary>Moves from a property's name over its value; its text, or null if it is none.</summary>
    public static string? NextText(this ref Utf8JsonReader reader)
    {
        reader.Read();
        string? text = reader.Text();
        reader.Skip();
        return text;
    }

    /// <summary>The text or the property's name where the reader stands, trimmed; null if there is none.</summary>
    public static string? Text(this ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            return null;
        }

        try
        {
            return reader.GetString()?.Trim();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: not a name that any registry accepts.
            return null;
        }
    }
}
