using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Takes texts out of JSON, whatever stands there; nothing of it throws, other than of <see cref="JsonText"/>.</summary>
internal static class JsonTexts
{
    /// <summary>The longest id, name or version that is taken, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>A member; null if there is none.</summary>
    public static JsonElement? Member(JsonElement owner, string name)
    {
        try
        {
            return owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Another name beside it is half a surrogate pair.
            return null;
        }
    }

    /// <summary>A text that is not empty; null if there is none, or a longer one.</summary>
    public static string? Text(JsonElement owner, string name, int maxLength = MaxLength) =>
        Member(owner, name) is { } value ? Text(value, maxLength) : null;

    public static string? Text(JsonElement value, int maxLength = MaxLength)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && text.Length <= maxLength ? text : null;
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json's word for a string that is no valid UTF-8 or UTF-16.
            return null;
        }
    }

    /// <summary>All members of an object whose names are texts; none if it is no object.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement owner)
    {
        if (owner.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (JsonProperty member in owner.EnumerateObject())
        {
            if (NameOf(member) is { } name)
            {
                yield return (name, member.Value);
            }
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name.Length <= MaxLength ? member.Name : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
