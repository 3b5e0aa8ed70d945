using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>
/// Reads one OSV record. A record whose id or dates are wrong is refused; a wrong part of it is left out and named, since the rest is still
/// true: of the Photon records seen, many give <c>ranges</c> as an object for some packages and rightly as a list for others.
/// </summary>
internal sealed class OsvRecord
{
    private const int MaxLinkLength = 2048;
    // The longest real list has 2,542: an update of Photon.
    private const int MaxIds = 10_000;

    // The longest of 82,671 real records has 516; SUSE's updates of kernels have some thousands.
    private const int MaxAffected = 100_000;

    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 64 };

    private readonly OsvFields _fields = new();

    private OsvRecord()
    {
    }

    /// <summary>What it says; null if it is no record.</summary>
    public Advisory? Advisory { get; private set; }

    /// <summary>What was malformed; may have entries for a record that is usable in part.</summary>
    public IReadOnlyList<string> Problems => _fields.Problems;

    /// <summary>Why statements that are well-formed are not in it.</summary>
    public IReadOnlyCollection<string> LeftOut => _fields.LeftOut;

    /// <summary>Whether GitHub's people have looked at it; true for the records of others.</summary>
    public bool IsReviewed { get; private set; } = true;

    /// <summary>Reads a record. Throws nothing, whatever the bytes.</summary>
    /// <param name="json">One JSON document, UTF-8.</param>
    public static OsvRecord Read(ReadOnlyMemory<byte> json)
    {
        var record = new OsvRecord();
        try
        {
            using var document = JsonDocument.Parse(json, Bounded);
            record.Advisory = record.Read(document.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no UTF-8, or half a surrogate pair, is noticed only when it is taken out.
            record._fields.Note("is no valid JSON: " + broken.Message);
        }

        return record;
    }

    /// <summary>Reads a record; false if it is none. Throws nothing, whatever the bytes.</summary>
    /// <param name="json">One JSON document, UTF-8.</param>
    /// <param name="advisory">The record.</param>
    /// <param name="problems">What was malformed.</param>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out Advisory? advisory, out IReadOnlyList<string> problems)
    {
        OsvRecord record = Read(json);
        (advisory, problems) = (record.Advisory, record.Problems);
        return advisory is not null;
    }

    private Advisory? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Refuse("is no JSON object");
        }

        if (JsonText.Short(root, "id") is not { Length: > 0 } id)
        {
            return Refuse("has no id");
        }

        if (!Rfc3339.TryDate(root, "modified", out var modified) || modified is null)
        {
            return Refuse("has no valid date 'modified'");
        }

        if (!Rfc3339.TryDate(root, "withdrawn", out var withdrawn))
        {
            return Refuse("has no valid date 'withdrawn'");
        }

        if (!Rfc3339.TryDate(root, "published", out var published))
        {
            _fields.Note("has no valid date 'published'");
        }

        var severities = _fields.Severities(root, out string? priority);
        string title = JsonText.Of(root, "summary") ?? "";
        var reading = new OsvAffected(_fields, id, title);
        AffectedPackage[] affected = [.. _fields.Elements(root, "affected").SelectMany(reading.Read).Take(MaxAffected + 1)];
        if (affected.Length > MaxAffected)
        {
            return Refuse($"is about more than {MaxAffected} packages");
        }

        IsReviewed = !IsFalse(root, "database_specific", "github_reviewed");
        return new Advisory
        {
            Id = id,
            Modified = modified.Value,
            Published = published,
            Withdrawn = withdrawn,
            Aliases = Ids(root, "aliases"),
            Upstream = Ids(root, "upstream"),
            Related = Ids(root, "related"),
            Summary = Summary(root),
            Link = Link(root),
            SeverityWord = OsvFields.Word(root, "database_specific", "severity") ?? priority
                ?? (affected.Any(package => OsvAffected.IsLikeRedHat(package.Ecosystem)) ? OsvTitle.SeverityWord(title) : null),
            Vectors = severities,
            Affected = affected,
        };
    }

    private static bool IsFalse(JsonElement root, string part, string name) => root.TryGetProperty(part, out var inner)
        && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.False;

    private Advisory? Refuse(string reason)
    {
        _fields.Note(reason);
        return null;
    }

    // Records of PyPI have only the long text; its beginning is worth more than nothing.
    private static string Summary(JsonElement root)
    {
        if (JsonText.Of(root, "summary") is not { Length: > 0 } text)
        {
            text = JsonText.Of(root, "details") ?? "";
        }

        return FeedSummary.Cut(text);
    }

    private string Link(JsonElement root)
    {
        foreach (var reference in _fields.Elements(root, "references"))
        {
            if (reference.ValueKind == JsonValueKind.Object && JsonText.Of(reference, "type") == "ADVISORY"
                && JsonText.Of(reference, "url") is { Length: <= MaxLinkLength } url
                && Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            {
                return address.AbsoluteUri;
            }
        }

        return "";
    }

    private List<string> Ids(JsonElement root, string name)
    {
        var ids = _fields.Texts(root, name);
        if (ids.Count > MaxIds)
        {
            _fields.Note($"names more than {MaxIds} ids in '{name}'");
            ids.RemoveRange(MaxIds, ids.Count - MaxIds);
        }

        return ids;
    }
}
