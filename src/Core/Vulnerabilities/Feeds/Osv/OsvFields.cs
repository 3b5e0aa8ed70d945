using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>Takes the fields of an OSV record out of its JSON, whatever stands there, and notes what is malformed.</summary>
internal sealed class OsvFields
{
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
            if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 and <= JsonTexts.MaxLength } text)
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
            if (severity.ValueKind != JsonValueKind.Object
                || JsonText.Short(severity, "type") is not { } type
                || JsonText.Short(severity, "score") is not { } score)
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
        owner.TryGetProperty(part, out var inner) && inner.ValueKind == JsonValueKind.Object && JsonText.Short(inner, name) is { Length: > 0 and <= 64 } word
            ? word
            : null;
}
