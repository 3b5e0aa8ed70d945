using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Reads an entry of an OSV record's <c>affected</c>.</summary>
internal sealed class OsvAffected(OsvFields fields)
{
    // The longest real list has some hundreds; it is sorted for every package that is matched.
    private const int MaxEvents = 10_000;

    private static readonly (string Name, RangeEventKind Kind)[] EventKinds =
    [
        ("introduced", RangeEventKind.Introduced),
        ("fixed", RangeEventKind.Fixed),
        ("last_affected", RangeEventKind.LastAffected),
        ("limit", RangeEventKind.Limit),
    ];

    /// <summary>What it says about a package; null if it names none, or none that can be read.</summary>
    public AffectedPackage? Read(JsonElement affected)
    {
        if (affected.ValueKind != JsonValueKind.Object)
        {
            fields.Note("has an entry of 'affected' that is no object");
            return null;
        }

        // A record about a repository alone has no package: it says nothing about what is installed.
        if (!affected.TryGetProperty("package", out var package))
        {
            return null;
        }

        if (package.ValueKind != JsonValueKind.Object
            || OsvFields.Text(package, "ecosystem") is not { Length: > 0 } ecosystem
            || OsvFields.Text(package, "name") is not { Length: > 0 } name)
        {
            fields.Note("has a package without ecosystem or name");
            return null;
        }

        var vectors = fields.Severities(affected, out string? priority);
        return new AffectedPackage
        {
            Ecosystem = OsvEcosystem.Parse(ecosystem),
            Name = name,
            Versions = fields.Texts(affected, "versions"),
            Ranges = [.. fields.Elements(affected, "ranges").Select(Range).OfType<VersionRange>()],
            SeverityWord = OsvFields.Word(affected, "ecosystem_specific", "urgency") ?? OsvFields.Word(affected, "ecosystem_specific", "ubuntu_priority")
                ?? OsvFields.Word(affected, "ecosystem_specific", "severity") ?? priority,
            Vectors = vectors,
        };
    }

    private VersionRange? Range(JsonElement range)
    {
        string? type = range.ValueKind == JsonValueKind.Object ? OsvFields.Text(range, "type") : null;
        if (type == "GIT")
        {
            return null;
        }

        if (type is not ("SEMVER" or "ECOSYSTEM"))
        {
            fields.Note("has a range of no known type");
            return null;
        }

        var events = new List<RangeEvent>();
        foreach (var point in fields.Elements(range, "events"))
        {
            if (events.Count >= MaxEvents)
            {
                // Without its later events it would say something else.
                fields.Note($"has a range of more than {MaxEvents} events");
                return null;
            }

            if (Event(point) is not { } read)
            {
                fields.Note("has a range with an event of no known form");
                return null;
            }

            events.Add(read);
        }

        return new VersionRange(type == "SEMVER" ? RangeOrder.SemVer : RangeOrder.Ecosystem, events);
    }

    // One key an event, as the schema asks.
    private static RangeEvent? Event(JsonElement point)
    {
        if (point.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        RangeEvent? only = null;
        foreach (var (name, kind) in EventKinds)
        {
            if (!point.TryGetProperty(name, out _))
            {
                continue;
            }

            if (only is not null || OsvFields.Text(point, name) is not { Length: > 0 } version)
            {
                return null;
            }

            only = new RangeEvent(kind, version);
        }

        return only;
    }
}
