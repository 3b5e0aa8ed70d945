using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Reports;

/// <summary>
/// The findings of a report as vulnerabilities of CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/#vulnerabilities), and what was decided about
/// them as their analysis. An entry has the packages of which the very same is said.
/// </summary>
internal static class CycloneDxVulnerabilities
{
    // The schema allows no longer version.
    private const int MaxVersionCharacters = 1024;

    public static void Write(Utf8JsonWriter json, ImageReport report, BillOfMaterials bill)
    {
        IReadOnlyDictionary<(Package Package, int Layer), string> references = bill.References();
        var groups = report.Findings
            .Where(found => references.ContainsKey((found.Installed.Package, found.Installed.Layer)))
            .GroupBy(KeyOf);
        json.WriteObjects("vulnerabilities", groups, (_, group) =>
        {
            ReportedFinding first = group.First();
            WriteFinding(json, first.Finding);
            if (first.Decision is { Kind: not DecisionKind.Ignored } decision)
            {
                json.WriteObject("analysis", _ => WriteAnalysis(json, decision, first.Finding));
            }

            IEnumerable<ReportedFinding> affected = group.DistinctBy(found => references[(found.Installed.Package, found.Installed.Layer)]);
            json.WriteObjects("affects", affected, (_, found) =>
            {
                json.WriteString("ref", references[(found.Installed.Package, found.Installed.Layer)]);
                WriteVersion(json, found);
            });
            json.WriteObjects("properties", PropertiesOf(first), (_, property) =>
            {
                json.WriteString("name", property.Name);
                json.WriteString("value", property.Value);
            });
        });
    }

    // What an entry says besides the packages.
    private static object KeyOf(ReportedFinding found) => (
        found.Finding.Cve, found.Finding.AdvisoryId, found.Finding.Severity, found.Finding.FixedBy, found.Finding.Status,
        (found.Finding.CvssV3?.Vector, found.Finding.CvssV2?.Vector, found.Finding.Ecosystem, found.Finding.Summary),
        found.Decision);

    private static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteString("id", finding.Cve);
        json.WriteObject("source", _ => WriteSource(json, finding.Cve, LinkOf(finding.Link)));
        json.WriteObjects("references", finding.Aliases.Where(alias => alias != finding.Cve), (_, alias) =>
        {
            json.WriteString("id", alias);
            json.WriteObject("source", _ => WriteSource(json, alias, null));
        });
        WriteRatings(json, finding);
        json.WriteUnlessEmpty("description", finding.Summary);
        json.WriteUnlessEmpty("recommendation", RecommendationOf(finding));
        if (LinkOf(finding.AdvisoryLink) is { } link)
        {
            json.WriteObjects("advisories", [link], (_, url) =>
            {
                json.WriteUnlessEmpty("title", finding.AdvisoryId);
                json.WriteString("url", url);
            });
        }

        json.WriteUnlessEmpty("published", TimeOf(finding.PublishedOn));
        json.WriteUnlessEmpty("updated", TimeOf(finding.LastModified));
    }

    private static void WriteSource(Utf8JsonWriter json, string id, string? url)
    {
        json.WriteUnlessEmpty("name", CveId.IsOne(id) ? "CVE" : id.Split('-')[0]);
        json.WriteUnlessEmpty("url", url);
    }

    // First what counts here, which may be a vendor's word without any score; then each score with whose it is.
    private static void WriteRatings(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartArray("ratings");
        json.WriteStartObject();
        json.WriteObject("source", _ => json.WriteString("name", BillOfMaterials.Tool));
        json.WriteString("severity", WordOf(finding.Severity));
        json.WriteString("method", "other");
        json.WriteEndObject();
        WriteV3(json, finding.CvssV3, NameOf(finding));
        WriteV2(json, finding.CvssV2, NameOf(finding));
        if (finding.ScoreSource != ScoreSource.Nvd)
        {
            WriteV3(json, finding.NvdCvssV3, "NVD");
            WriteV2(json, finding.NvdCvssV2, "NVD");
        }

        json.WriteEndArray();
    }

    private static void WriteV3(Utf8JsonWriter json, CvssV3? cvss, string source)
    {
        if (cvss is not null)
        {
            string severity = cvss.Severity.ToString().ToLowerInvariant();
            WriteScore(json, source, cvss.Score, severity, cvss.Vector.StartsWith("CVSS:3.1/", StringComparison.Ordinal) ? "CVSSv31" : "CVSSv3", cvss.Vector);
        }
    }

    private static void WriteV2(Utf8JsonWriter json, CvssV2? cvss, string source)
    {
        if (cvss is not null)
        {
            WriteScore(json, source, cvss.Score, cvss.Severity.ToString().ToLowerInvariant(), "CVSSv2", cvss.Vector);
        }
    }

    private static void WriteScore(Utf8JsonWriter json, string source, float score, string severity, string method, string vector)
    {
        json.WriteStartObject();
        json.WriteObject("source", _ => json.WriteString("name", source));
        json.WriteNumber("score", score);
        json.WriteString("severity", severity);
        json.WriteString("method", method);
        json.WriteString("vector", vector);
        json.WriteEndObject();
    }

    private static string NameOf(Finding finding) => finding.ScoreSource switch
    {
        ScoreSource.Nvd => "NVD",
        ScoreSource.CveRecord => "CVE",
        _ => finding.Ecosystem.Length > 0 ? finding.Ecosystem : "advisory",
    };

    /// <summary>CycloneDX's words; important is what others call high, and moderate medium.</summary>
    private static string WordOf(Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.Important => "high",
        Severity.Moderate => "medium",
        Severity.Low => "low",
        _ => "unknown",
    };

    private static string? RecommendationOf(Finding finding) => finding switch
    {
        { FixedBy: null or "" } => null,
        { FixNeedsSubscription: true } => $"Update to {finding.FixedBy}, for which the vendor asks for a subscription.",
        _ => $"Update to {finding.FixedBy}.",
    };

    // https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis_state: whoever puts a finding off does not deny that it "may be directly or
    // indirectly exploitable", and does not say that anybody investigates it; one without an end will not be mended.
    private static void WriteAnalysis(Utf8JsonWriter json, ReportedDecision decision, Finding finding)
    {
        json.WriteString("state", decision.Kind switch
        {
            DecisionKind.FalsePositive => "false_positive",
            DecisionKind.NotAffected => "not_affected",
            DecisionKind.Fixed => "resolved",
            _ => "exploitable",
        });
        if (decision.Kind == DecisionKind.NotAffected)
        {
            json.WriteUnlessEmpty("justification", JustificationOf(decision.Justification));
        }

        if (decision.Kind == DecisionKind.Deferred && ResponseOf(decision, finding) is { } response)
        {
            json.WriteArray("response", [response], (_, word) => json.WriteStringValue(word));
        }

        json.WriteUnlessEmpty("detail", DetailOf(decision));
    }

    private static string? ResponseOf(ReportedDecision decision, Finding finding) =>
        decision.Until is null ? "will_not_fix"
        : string.IsNullOrEmpty(finding.FixedBy) ? null
        : "update";

    // What of OpenVEX (https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md#status-justifications) has a word of the same meaning in CycloneDX;
    // "cannot be controlled by an adversary" has none.
    private static string? JustificationOf(string? justification) => justification switch
    {
        "component_not_present" or "vulnerable_code_not_present" => "code_not_present",
        "vulnerable_code_not_in_execute_path" => "code_not_reachable",
        "inline_mitigations_already_exist" => "protected_by_mitigating_control",
        "vulnerable_code_cannot_be_controlled_by_adversary" => null,
        _ => justification,
    };

    private static string DetailOf(ReportedDecision decision)
    {
        string until = decision.Until is { } end ? $"Deferred until {TimeOf(end)}. " : "";
        string why = JustificationOf(decision.Justification) is null && decision.Justification is { } word ? $"{word}. " : "";
        return $"{until}{why}{decision.Comment}".TrimEnd();
    }

    private static void WriteVersion(Utf8JsonWriter json, ReportedFinding found)
    {
        string version = found.Installed.Package.Version;
        if (version.Length == 0)
        {
            return;
        }

        json.WriteObjects("versions", [version], (_, text) =>
        {
            json.WriteString("version", text.Length > MaxVersionCharacters ? text[..MaxVersionCharacters] : text);
            json.WriteString(
                "status",
                found.Decision?.Kind is DecisionKind.FalsePositive or DecisionKind.NotAffected or DecisionKind.Fixed ? "unaffected" : "affected");
        });
    }

    private static IEnumerable<(string Name, string Value)> PropertiesOf(ReportedFinding found)
    {
        Finding finding = found.Finding;
        (string Name, string? Value)[] properties =
        [
            ("imagescan:advisory", finding.AdvisoryId),
            ("imagescan:status", MatchJson.WordOf(finding)),
            ("imagescan:fixed-by", finding.FixedBy),
            ("imagescan:epss:probability", finding.Epss?.Probability.ToString(CultureInfo.InvariantCulture)),
            ("imagescan:epss:percentile", finding.Epss?.Percentile.ToString(CultureInfo.InvariantCulture)),
            ("imagescan:kev", finding.Exploit is null ? null : "true"),
            ("imagescan:kev:added", finding.Exploit?.DateAdded?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("imagescan:kev:due", finding.Exploit?.DueDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("imagescan:kev:ransomware", finding.Exploit?.RansomwareCampaignUse),
            ("imagescan:ignored", found.Decision is { Kind: DecisionKind.Ignored } ignored ? $"true {ignored.Comment}".TrimEnd() : null),
        ];
        return properties.Where(property => !string.IsNullOrEmpty(property.Value)).Select(property => (property.Name, property.Value!));
    }

    /// <summary>An address as the schema's iri-reference allows it, which has brackets round numbers of hosts alone; null if it is none.</summary>
    internal static string? LinkOf(string address) => ReportText.Link(address) is { Length: > 0 } link && link.AsSpan().IndexOfAny('[', ']') < 0 ? link : null;

    private static string? TimeOf(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
