using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>Takes fields out of a document's JSON, whatever stands there.</summary>
internal static class VexFields
{
    /// <summary>The objects of a list; none if there is no list.</summary>
    public static IEnumerable<JsonElement> Objects(JsonElement owner, string name) =>
        List(owner, name) is { } list ? list.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.Object) : [];

    /// <summary>The texts of a list that have the length of an id; none if there is no list.</summary>
    public static IEnumerable<string> Ids(JsonElement owner, string name)
    {
        if (List(owner, name) is not { } list)
        {
            yield break;
        }

        foreach (var element in list.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 and <= JsonTexts.MaxLength } id)
            {
                yield return id;
            }
        }
    }

    /// <summary>A text of the length of an id; null if there is none.</summary>
    public static string? Text(JsonElement owner, string name) => JsonText.Short(owner, name) is { Length: > 0 } text ? text : null;

    /// <summary>An object one level down; an undefined element if there is none.</summary>
    public static JsonElement Part(JsonElement owner, string name) =>
        JsonText.Member(owner, name) is { ValueKind: JsonValueKind.Object } part ? part : default;

    /// <summary>A date in UTC; null if there is none that can be read.</summary>
    public static DateTimeOffset? Date(JsonElement owner, string name) => Rfc3339.TryDate(owner, name, out var date) ? date : null;

    private static JsonElement? List(JsonElement owner, string name) =>
        JsonText.Member(owner, name) is { ValueKind: JsonValueKind.Array } list ? list : null;
}
