using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Takes the fields of an OSV record out of its JSON, whatever stands there, and notes what is malformed.</summary>
internal sealed class OsvFields
{
    // No id, name or version of a real record comes near it.
    private const int MaxTextLength = 1024;

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Note(string problem) => _problems.Add(problem);

    /// <summary>The entries of a list; none if there is no list.</summary>
    public IEnumerable<JsonElement> Elements(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            yield break;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            _problems.Add($"has '{name}' that is no list");
            yield break;
        }

        foreach (var element in list.EnumerateArray())
        {
            yield return element;
        }
    }

    /// <summary>The texts of a list.</summary>
    public List<string> Texts(JsonElement owner, string name)
    {
        var texts = new List<string>();
        foreach (var element in Elements(owner, name))
        {
            if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 and <= MaxTextLength } text)
            {
                texts.Add(text);
            }
            else
            {
                _problems.Add($"has an entry of '{name}' that is no text, empty or too long");
            }
        }

        return texts;
    }

    /// <summary>All vectors of <c>severity</c>, and Ubuntu's priority if it is among them.</summary>
    public CvssVectors Severities(JsonElement owner, out string? priority)
    {
        priority = null;
        var vectors = CvssVectors.None;
        foreach (var severity in Elements(owner, "severity"))
        {
            if (severity.ValueKind != JsonValueKind.Object || Text(severity, "type") is not { } type || Text(severity, "score") is not { } score)
            {
                _problems.Add("has a severity without type or score");
                continue;
            }

            switch (type)
            {
                case "CVSS_V2":
                    vectors = vectors with { V2 = vectors.V2 ?? score };
                    break;
                case "CVSS_V3":
                    vectors = vectors with { V3 = vectors.V3 ?? score };
                    break;
                case "CVSS_V4":
                    vectors = vectors with { V4 = vectors.V4 ?? score };
                    break;
                case "Ubuntu":
                    priority ??= score;
                    break;
                default:
                    break;
            }
        }

        return vectors;
    }

    /// <summary>A short text one level down; null if there is none.</summary>
    public static string? Word(JsonElement owner, string part, string name) =>
        owner.TryGetProperty(part, out var inner) && inner.ValueKind == JsonValueKind.Object && Text(inner, name) is { Length: > 0 and <= 64 } word
            ? word
            : null;

    /// <summary>A text of the length of an id or a version; null if there is none, or a longer one.</summary>
    public static string? Text(JsonElement owner, string name) => LongText(owner, name) is { Length: <= MaxTextLength } text ? text : null;

    public static string? LongText(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>
    /// A date in UTC, null if there is none; false if what stands there is no RFC 3339 date with its zone, as the schema asks. One without
    /// would be read as this machine's time.
    /// </summary>
    public static bool TryDate(JsonElement root, string name, out DateTimeOffset? date)
    {
        date = null;
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String || !value.TryGetDateTimeOffset(out var read) || !HasZone(value.GetString()!))
        {
            return false;
        }

        date = read.ToUniversalTime();
        return true;
    }

    private static bool HasZone(string date) => date.EndsWith('Z') || (date.Length > 16 && date[^6] is '+' or '-' && date[^3] == ':');
}
