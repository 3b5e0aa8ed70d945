using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Images;
using static ImageScan.Core.Vex.VexReader;

namespace ImageScan.Core.Vex;

/// <summary>
/// Reads the analyses of vulnerabilities in CycloneDX (https://cyclonedx.org/docs/1.6/json/#vulnerabilities), and the bill around them, if there is
/// one. What a bill's subject is made of is meant in that subject alone: the same library elsewhere is another matter.
/// </summary>
internal sealed class CycloneDxVexReader
{
    private const string LinkPrefix = "urn:cdx:";
    private const string SerialPrefix = "urn:uuid:";
    private static readonly string[] Versions = ["1.4", "1.5", "1.6"];

    // https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis_justification
    private static readonly string[] Justifications =
    [
        "code_not_present", "code_not_reachable", "requires_configuration", "requires_dependency", "requires_environment", "protected_by_compiler",
        "protected_at_runtime", "protected_at_perimeter", "protected_by_mitigating_control",
    ];

    private readonly IdentifierCount _count = new();
    private readonly Dictionary<string, VexComponent> _components = new(StringComparer.Ordinal);
    private VexComponent? _subject;
    private string? _subjectReference;

    public VexDocument Read(JsonElement root)
    {
        string version = TextOf(root, "specVersion") ?? "";
        if (TextOf(root, "bomFormat") != "CycloneDX" || !Versions.Contains(version, StringComparer.Ordinal))
        {
            throw new FormatException($"CycloneDX is read in versions 1.4 to 1.6, and this document has {HostileText.Quote(version)}.");
        }

        JsonElement? metadata = ObjectOf(root, "metadata");
        if (metadata is { } described && ObjectOf(described, "component") is { } subject)
        {
            _subject = ComponentOf(subject);
            _subjectReference = TextOf(subject, "bom-ref");
            ReadComponents(subject);
        }

        ReadComponents(root);
        DateTimeOffset? issued = metadata is { } dated ? TimeOf(dated, "timestamp") : null;
        string serial = TextOf(root, "serialNumber") ?? "";
        return new VexDocument
        {
            Format = VexFormat.CycloneDx,
            Id = Shortened(serial),
            Author = metadata is { } written ? Shortened(AuthorOf(written)) : "",
            Timestamp = issued,
            Statements = [.. ObjectsOf(root, "vulnerabilities").Select((item, i) => StatementOf(item, i + 1, issued)).OfType<VexStatement>()],
            Bill = new VexBill(NameOf(serial, root), _subject, _components) { SubjectReference = _subjectReference },
        };
    }

    private static string? AuthorOf(JsonElement metadata) => ObjectsOf(metadata, "authors").Select(author => TextOf(author, "name")).FirstOrDefault()
        ?? (ObjectOf(metadata, "supplier") is { } supplier ? TextOf(supplier, "name") : null);

    private static string NameOf(string serial, JsonElement root)
    {
        int version = !root.TryGetProperty("version", out JsonElement number) ? 1
            : number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int whole) ? whole
            : throw new FormatException("The version of the CycloneDX document is no number.");
        return serial.StartsWith(SerialPrefix, StringComparison.OrdinalIgnoreCase)
            ? string.Create(CultureInfo.InvariantCulture, $"{serial[SerialPrefix.Length..].ToLowerInvariant()}/{version}")
            : "";
    }

    private void ReadComponents(JsonElement owner)
    {
        foreach (JsonElement component in ObjectsOf(owner, "components"))
        {
            VexComponent read = ComponentOf(component);
            if (TextOf(component, "bom-ref") is { Length: > 0 } reference && !_components.TryAdd(reference, read))
            {
                throw new FormatException($"The CycloneDX document has two components with the bom-ref {HostileText.Quote(reference)}.");
            }

            ReadComponents(component);
        }
    }

    private VexComponent ComponentOf(JsonElement component)
    {
        _count.Add();
        string? sha256 = null;
        if (TextOf(component, "type") == "container")
        {
            sha256 = ObjectsOf(component, "hashes").Where(hash => TextOf(hash, "alg") == "SHA-256").Select(hash => TextOf(hash, "content")).FirstOrDefault()
                // Syft gives an image no package URL but its digest as its version.
                ?? (Digest.TryParse(TextOf(component, "version") ?? "", out Digest? digest) && digest.Algorithm == "sha256" ? digest.Hex : null);
        }

        return new VexComponent(
            TextOf(component, "purl") is { } text && PackageUrlPattern.TryParse(text, out PackageUrlPattern? purl) ? [purl] : [],
            sha256?.ToLowerInvariant());
    }

    // A vulnerability without an analysis is a finding and no statement.
    private VexStatement? StatementOf(JsonElement vulnerability, int number, DateTimeOffset? issued)
    {
        _count.Add();
        string where = $"Vulnerability {number} of the CycloneDX document";
        if (ObjectOf(vulnerability, "analysis") is not { } analysis || TextOf(analysis, "state") is not { } state)
        {
            return null;
        }

        string id = TextOf(vulnerability, "id") is { Length: > 0 } text ? text : throw new FormatException($"{where} has an analysis and no id.");
        VexStatus status = StatusOf(state, where);
        string? justification = TextOf(analysis, "justification");
        if (justification is not null && !Justifications.Contains(justification, StringComparer.Ordinal))
        {
            throw new FormatException($"{where} has the justification {HostileText.Quote(justification)}, which CycloneDX does not know.");
        }

        string[] aliases = [.. ObjectsOf(vulnerability, "references").Select(reference => TextOf(reference, "id")).OfType<string>()];
        Array.ForEach(aliases, _ => _count.Add());
        return new VexStatement
        {
            Vulnerabilities = [.. aliases.Where(alias => alias.Length > 0).Prepend(id).Distinct(StringComparer.OrdinalIgnoreCase)],
            Status = status,
            Justification = justification,
            Detail = Shortened(TextOf(analysis, "detail")),

            // The first two came with 1.5; before, the document's time was all there was. The vulnerability's own times are not those of the analysis.
            Timestamp = TimeOf(analysis, "lastUpdated") ?? TimeOf(analysis, "firstIssued") ?? issued ?? DateTimeOffset.MinValue,
            Products = [.. ObjectsOf(vulnerability, "affects").Select(affected => ProductOf(affected, status, where))],
        };
    }

    private VexProduct ProductOf(JsonElement affected, VexStatus status, string where)
    {
        _count.Add();
        string reference = TextOf(affected, "ref") is { Length: > 0 } text ? text : throw new FormatException($"{where} affects what has no ref.");
        IReadOnlyList<string>? versions = VersionsOf(affected, status);
        if (reference.StartsWith(LinkPrefix, StringComparison.OrdinalIgnoreCase))
        {
            string[] halves = reference[LinkPrefix.Length..].Split('#', 2);
            var link = new BillLink(halves[0].ToLowerInvariant(), halves.Length > 1 ? Uri.UnescapeDataString(halves[1]) : "");
            return new VexProduct(VexComponent.Unknown with { Versions = versions, Link = link }, []);
        }

        return reference == _subjectReference
            ? new VexProduct((_subject ?? VexComponent.Unknown) with { Versions = versions }, [])
            : InSubject(_subject, _components.GetValueOrDefault(reference, VexComponent.Unknown) with { Versions = versions });
    }

    /// <summary>A component of a bill, in the bill's subject if it has one.</summary>
    internal static VexProduct InSubject(VexComponent? subject, VexComponent component) =>
        subject is null ? new VexProduct(component, []) : new VexProduct(subject, [component]);

    // Ranges are not worked out: a statement about them alone means no version. One about versions that are affected says nothing of others.
    private static string[]? VersionsOf(JsonElement affected, VexStatus status)
    {
        if (!affected.TryGetProperty("versions", out _))
        {
            return null;
        }

        string wanted = status is VexStatus.Affected or VexStatus.UnderInvestigation ? "affected" : "unaffected";
        (string? Version, string Status)[] listed =
            [.. ObjectsOf(affected, "versions").Select(version => (TextOf(version, "version"), TextOf(version, "status") ?? "affected"))];
        return listed.Length == 0 ? null : [.. listed.Where(version => version.Status == wanted).Select(version => version.Version).OfType<string>()];
    }

    // https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis_state
    private static VexStatus StatusOf(string state, string where) => state switch
    {
        "resolved" or "resolved_with_pedigree" => VexStatus.Fixed,
        "exploitable" => VexStatus.Affected,
        "in_triage" => VexStatus.UnderInvestigation,
        "false_positive" => VexStatus.FalsePositive,
        "not_affected" => VexStatus.NotAffected,
        _ => throw new FormatException($"{where} has the state {HostileText.Quote(state)}, which CycloneDX does not know."),
    };
}
