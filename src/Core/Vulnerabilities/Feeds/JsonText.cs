using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Takes members out of a record that is refused as a whole where a text of it is no Unicode: all of it then throws
/// <see cref="InvalidOperationException"/>, as System.Text.Json does. Where other parts of a record still count, it is <see cref="JsonTexts"/>.
/// </summary>
internal static class JsonText
{
    /// <summary>A text of the length of an id, a word or a vector; null if there is none, or a longer one.</summary>
    public static string? Short(JsonElement owner, string name) => Of(owner, name) is { Length: <= JsonTexts.MaxLength } text ? text : null;

    /// <summary>A text of any length; null if there is none.</summary>
    public static string? Of(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The member; null if the owner is no object or has none of that name.</summary>
    public static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) ? value : null;

    /// <summary>The entries of a list, at most so many; none if there is no list.</summary>
    public static IEnumerable<JsonElement> List(JsonElement owner, string name, int most = 1000) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Take(most) : [];
}
