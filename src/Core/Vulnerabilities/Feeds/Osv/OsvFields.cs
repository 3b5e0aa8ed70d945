using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>Takes the fields of an OSV record out of its JSON, whatever stands there, and notes what is malformed.</summary>
internal sealed class OsvFields
{
    // No id, name or version of a real record comes near it.
    private const int MaxTextLength = 1024;

    // More are of no use to anybody, and a hostile record could have millions.
    private const int MaxProblems = 100;

    private readonly List<string> _problems = [];
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Why statements that are well-formed are not taken, in the words of <see cref="FeedReport.AddSkipped"/>.</summary>
    public IReadOnlyCollection<string> LeftOut => _leftOut;

    public void Note(string problem)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(problem);
        }
    }

    public void LeaveOut(string reason) => _leftOut.Add(reason);

    /// <summary>The entries of a list; none if there is no list.</summary>
    public IEnumerable<JsonElement> Elements(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            yield break;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            Note($"has '{name}' that is no list");
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
                Note($"has an entry of '{name}' that is no text, empty or too long");
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
                Note("has a severity without type or score");
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

        if (value.ValueKind != JsonValueKind.String || !TryDate(value, out var read))
        {
            return false;
        }

        date = read;
        return true;
    }

    /// <summary>The same of a text that stands in no record.</summary>
    public static bool TryDate(string text, out DateTimeOffset date)
    {
        using var value = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(text));
        return TryDate(value.RootElement, out date);
    }

    private static bool TryDate(JsonElement value, out DateTimeOffset date)
    {
        bool isDate = value.TryGetDateTimeOffset(out date) && HasZone(value.GetString()!);
        date = date.ToUniversalTime();
        return isDate;
    }

    private static bool HasZone(string date) => date.EndsWith('Z') || (date.Length > 16 && date[^6] is '+' or '-' && date[^3] == ':');
}
