using System.Text.Json;
using ImageScan.Core.Images;
using static ImageScan.Core.Vex.VexReader;

namespace ImageScan.Core.Vex;

/// <summary>
/// Reads OpenVEX 0.2.0 (https://github.com/openvex/spec/blob/main/openvex_json_schema.json). Older forms, in which products are texts and
/// subcomponents stand elsewhere, are refused.
/// </summary>
internal sealed class OpenVexReader
{
    // The version follows the name of the context: https://github.com/openvex/go-vex/blob/main/pkg/vex/vex.go (ContextLocator).
    private const string Context = "https://openvex.dev/ns";
    private static readonly string[] Contexts = [Context, $"{Context}/v0.2.0"];

    // https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md#status-justifications
    private static readonly string[] Justifications =
    [
        "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
    ];

    private readonly IdentifierCount _count = new();

    public VexDocument Read(JsonElement root)
    {
        string context = TextOf(root, "@context") ?? "";
        if (!Contexts.Contains(context, StringComparer.Ordinal))
        {
            throw new FormatException($"OpenVEX is read in version 0.2.0, and this document has the context {HostileText.Quote(context)}.");
        }

        DateTimeOffset? issued = TimeOf(root, "timestamp");
        VexStatement[] statements = [.. ObjectsOf(root, "statements").Select((statement, i) => StatementOf(statement, i + 1, issued))];
        return new VexDocument
        {
            Format = VexFormat.OpenVex,
            Id = Shortened(TextOf(root, "@id")),
            Author = Shortened(TextOf(root, "author")),
            Timestamp = issued,
            Statements = statements.Length > 0 ? statements : throw new FormatException("The OpenVEX document has no statements."),
        };
    }

    private VexStatement StatementOf(JsonElement statement, int number, DateTimeOffset? issued)
    {
        _count.Add();
        string where = $"Statement {number} of the OpenVEX document";
        if (statement.TryGetProperty("subcomponents", out _))
        {
            throw new FormatException($"{where} has subcomponents beside its products, as versions before 0.2.0 had.");
        }

        VexStatus status = StatusOf(TextOf(statement, "status"), where);
        string? justification = TextOf(statement, "justification");
        string? impact = TextOf(statement, "impact_statement");
        EnsureJustified(status, justification, impact, where);
        VexProduct[] products = [.. ObjectsOf(statement, "products").Select(ProductOf)];
        return new VexStatement
        {
            Vulnerabilities = VulnerabilitiesOf(statement, where),
            Status = status,
            Justification = status == VexStatus.NotAffected ? justification : null,
            Detail = Shortened(impact ?? TextOf(statement, "status_notes") ?? TextOf(statement, "action_statement")),

            // A statement that has none has its document's: "Inheritance Flow" of the specification.
            Timestamp = TimeOf(statement, "timestamp") ?? issued ?? throw new FormatException($"{where} has no timestamp, nor has the document."),

            // They may be left out for a document around this one to say (as above), and there is none.
            Products = products.Length > 0 ? products : throw new FormatException($"{where} names no products."),
        };
    }

    private string[] VulnerabilitiesOf(JsonElement statement, string where)
    {
        JsonElement vulnerability = ObjectOf(statement, "vulnerability") ?? throw new FormatException($"{where} names no vulnerability.");
        string name = TextOf(vulnerability, "name") is { Length: > 0 } text
            ? text
            : throw new FormatException($"{where} has a vulnerability without a name.");
        var names = new List<string> { name };
        if (vulnerability.TryGetProperty("aliases", out JsonElement aliases))
        {
            if (aliases.ValueKind != JsonValueKind.Array || aliases.EnumerateArray().Any(alias => alias.ValueKind != JsonValueKind.String))
            {
                throw new FormatException($"{where} has aliases that are no list of texts.");
            }

            names.AddRange(aliases.EnumerateArray().Select(alias => alias.GetString()!).Where(alias => alias.Length > 0));
        }

        names.ForEach(_ => _count.Add());
        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private VexProduct ProductOf(JsonElement product) =>
        new(ComponentOf(product), [.. ObjectsOf(product, "subcomponents").Select(ComponentOf)]);

    // "@id" may be a package URL, since these are IRIs ("Product Data Structure" of the specification).
    private VexComponent ComponentOf(JsonElement component)
    {
        _count.Add();
        string?[] names = [TextOf(component, "@id"), ObjectOf(component, "identifiers") is { } identifiers ? TextOf(identifiers, "purl") : null];
        var purls = new List<PackageUrlPattern>();
        foreach (string name in names.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (PackageUrlPattern.TryParse(name, out PackageUrlPattern? purl))
            {
                purls.Add(purl);
            }
        }

        string? sha256 = ObjectOf(component, "hashes") is { } hashes ? TextOf(hashes, "sha-256") : null;
        return new VexComponent(purls, sha256?.ToLowerInvariant());
    }

    private static VexStatus StatusOf(string? status, string where) => status switch
    {
        "not_affected" => VexStatus.NotAffected,
        "affected" => VexStatus.Affected,
        "fixed" => VexStatus.Fixed,
        "under_investigation" => VexStatus.UnderInvestigation,
        _ => throw new FormatException(
            $"{where} has the status {HostileText.Quote(status ?? "")}; there are not_affected, affected, fixed and under_investigation."),
    };

    private static void EnsureJustified(VexStatus status, string? justification, string? impact, string where)
    {
        if (status == VexStatus.NotAffected && string.IsNullOrEmpty(justification) && string.IsNullOrEmpty(impact))
        {
            throw new FormatException($"{where} says not_affected without a justification or an impact_statement.");
        }

        if (!string.IsNullOrEmpty(justification) && !Justifications.Contains(justification, StringComparer.Ordinal))
        {
            throw new FormatException($"{where} has the justification {HostileText.Quote(justification)}, which OpenVEX does not know.");
        }
    }
}
