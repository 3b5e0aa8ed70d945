using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>Reads entries of an OSV record's <c>affected</c>.</summary>
/// <param name="fields">Of the record.</param>
/// <param name="id">The record's id.</param>
/// <param name="title">The record's summary.</param>
internal sealed class OsvAffected(OsvFields fields, string id, string title)
{
    // The longest real list has some hundreds; it is sorted for every package that is matched.
    private const int MaxEvents = 10_000;

    // No real advisory names more than two.
    private const int MaxModules = 8;

    private static readonly (string Name, RangeEventKind Kind)[] EventKinds =
    [
        ("introduced", RangeEventKind.Introduced),
        ("fixed", RangeEventKind.Fixed),
        ("last_affected", RangeEventKind.LastAffected),
        ("limit", RangeEventKind.Limit),
    ];

    private static readonly VersionRange Everything = new(RangeOrder.Ecosystem, [new RangeEvent(RangeEventKind.Introduced, "0")]);

    private IReadOnlyList<string>? _modules;

    /// <summary>Whether a distribution is built from Red Hat's sources, in modules too, and titles its advisories alike.</summary>
    public static bool IsLikeRedHat(OsvEcosystem ecosystem) => ecosystem.Name is "AlmaLinux" or "Red Hat" or "Rocky Linux";

    /// <summary>What an entry says about a package, once for every module that it may be built in; nothing if it names none that can be read.</summary>
    public IEnumerable<AffectedPackage> Read(JsonElement affected) => Package(affected) is { } package ? InModules(package, affected) : [];

    private AffectedPackage? Package(JsonElement affected)
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
            || JsonText.Short(package, "ecosystem") is not { Length: > 0 } name
            || JsonText.Short(package, "name") is not { Length: > 0 } packageName)
        {
            fields.Note("has a package without ecosystem or name");
            return null;
        }

        var ecosystem = OsvSpecifics.EcosystemOf(affected, id, OsvEcosystem.Parse(name));
        if (OsvSpecifics.ReasonAgainst(affected, ecosystem) is { } reason)
        {
            fields.LeaveOut(reason);
            return null;
        }

        var vectors = fields.Severities(affected, out string? priority);
        var read = new AffectedPackage
        {
            // What follows a language's ecosystem is a registry (Packagist:https://packages.drupal.org/8), and no installed package tells its own.
            Ecosystem = ecosystem.IsDistribution ? ecosystem : ecosystem with { Release = "" },
            Name = packageName,
            Versions = fields.Texts(affected, "versions"),
            Ranges = [.. fields.Elements(affected, "ranges").Select(Range).OfType<VersionRange>()],
            Status = OsvSpecifics.StatusOf(affected, ecosystem),
            Architectures = OsvSpecifics.ArchitecturesOf(affected, ecosystem),
            SeverityWord = OsvFields.Word(affected, "ecosystem_specific", "urgency") ?? OsvFields.Word(affected, "ecosystem_specific", "ubuntu_priority")
                ?? OsvFields.Word(affected, "ecosystem_specific", "severity") ?? priority,
            Vectors = vectors,
        };
        return ecosystem.IsDistribution && IsDenial(read) ? Denial(read, affected) : read;
    }

    // Fixed at "0" is before every version: the distribution says that it never had the vulnerability.
    private static bool IsDenial(AffectedPackage package) => package.Versions.Count == 0 && package.Ranges.Count > 0
        && package.Ranges.All(range => range.Events is [{ Kind: RangeEventKind.Introduced, Version: "0" }, { Kind: RangeEventKind.Fixed, Version: "0" }]);

    private AffectedPackage? Denial(AffectedPackage package, JsonElement affected)
    {
        if (OsvSpecifics.IsAboutAComponent(affected))
        {
            fields.LeaveOut("denies that one component of a package has it");
            return null;
        }

        return package with { Status = AdvisoryStatus.NotAffected, Ranges = [Everything] };
    }

    private IReadOnlyList<AffectedPackage> InModules(AffectedPackage package, JsonElement affected)
    {
        if (!IsLikeRedHat(package.Ecosystem) || !package.Ranges.Any(IsModular))
        {
            return [package];
        }

        if (OsvSpecifics.ModuleOf(affected) is { } own)
        {
            return [package with { Module = own }];
        }

        _modules ??= OsvTitle.Modules(title);
        if (_modules.Count is 0 or > MaxModules)
        {
            fields.LeaveOut("about a module whose stream it does not name");
            return [];
        }

        return [.. _modules.Select(module => package with { Module = module })];
    }

    // Packages of modules say so in their release: ".module+el8.5.0+747+83fae388", AlmaLinux's ".module_el8.6.0+2811+fe6c84b0"
    // (https://docs.fedoraproject.org/en-US/modularity/).
    private static bool IsModular(VersionRange range) => range.Events.Any(point =>
        point.Version.Contains(".module+", StringComparison.Ordinal) || point.Version.Contains(".module_", StringComparison.Ordinal));

    private VersionRange? Range(JsonElement range)
    {
        string? type = range.ValueKind == JsonValueKind.Object ? JsonText.Short(range, "type") : null;
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

        // "There must be at least one introduced object" (https://ossf.github.io/osv-schema/#affectedrangesevents-fields): without one it holds nothing,
        // and would say of every version that it is mended.
        if (!events.Exists(point => point.Kind == RangeEventKind.Introduced))
        {
            NoteRangeWithoutBegin(range);
            return null;
        }

        return new VersionRange(type == "SEMVER" ? RangeOrder.SemVer : RangeOrder.Ecosystem, events);
    }

    // Events that are no list at all have been noted as that.
    private void NoteRangeWithoutBegin(JsonElement range)
    {
        if (!range.TryGetProperty("events", out var events) || events.ValueKind is JsonValueKind.Array or JsonValueKind.Null)
        {
            fields.Note("has a range without 'introduced'");
        }
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

            if (only is not null || JsonText.Short(point, name) is not { Length: > 0 } version)
            {
                return null;
            }

            only = new RangeEvent(kind, version);
        }

        return only;
    }
}
