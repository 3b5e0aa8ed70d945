using System.Text.Json;

namespace ImageScan.Core.Images;

/// <summary>Reads JSON that may be anything: what is missing, of another type or no valid text reads as nothing, never as an exception.</summary>
internal static class JsonRead
{
    /// <summary>The member; <c>default</c> (ValueKind Undefined) if the element is no object or has no such member.</summary>
    public static JsonElement Member(this JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) ? member : default;
        }
        catch (InvalidOperationException)
        {
            // Another member's name has half a surrogate pair in it.
            return element.EnumerateObject().LastOrDefault(member => member.NameText() == name).Value;
        }
    }

    /// <summary>The items of an array; none if it is something else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>The members of an object; none if it is something else.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];

    /// <summary>The text; null if it is no string or holds bytes or escapes that are no Unicode.</summary>
    public static string? Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json checks UTF-8 and surrogate escapes only when a string is taken out.
            return null;
        }
    }

    /// <summary>The member's name; null if it is no Unicode.</summary>
    public static string? NameText(this JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static long? Whole(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) ? value : null;

    public static DateTimeOffset? Time(this JsonElement element)
    {
        try
        {
            // Go writes the year 1 for a time that was never set.
            return element.ValueKind == JsonValueKind.String && element.TryGetDateTimeOffset(out DateTimeOffset time) && time.Year > 1 ? time : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
