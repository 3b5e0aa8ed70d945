using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// GitLab's report of container scanning, 15.0.7
/// (https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/blob/v15.0.7/dist/container-scanning-report-format.json).
/// </summary>
public sealed class GitLabReport : IReportFormat
{
    private const string Version = "15.0.7";
    private const string Schemas = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/";
    private const string Unnamed = "unknown";

    // What the schema allows.
    private const int MaxNameCharacters = 255;
    private const int MaxSolutionCharacters = 7_000;
    private const int MaxVectorCharacters = 128;

    public string Name => "gitlab";

    // Nobody has registered a type for it; as "application/json" it could not be told from the image itself
    // (https://www.rfc-editor.org/rfc/rfc6838#section-3.4).
    public string MediaType => "application/x.gitlab-container-scanning+json";

    public string FileExtension => "json";

    public void Write(ImageReport report, Stream output)
    {
        IReadOnlyList<LayerOrigin> layers = LayerOrigin.AllOf(report.Scan);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        ReportWriter.Write(output, json =>
        {
            json.WriteString("version", Version);
            json.WriteString("schema", $"{Schemas}v{Version}/dist/container-scanning-report-format.json");
            json.WriteObject("scan", _ => WriteScan(json, report));
            json.WriteObjects("vulnerabilities", report.Findings, (_, reported) =>
            {
                json.WriteString("id", IdOf(reported, ids));
                WriteVulnerability(json, reported, layers.ElementAtOrDefault(reported.Installed.Layer));
                json.WriteObject("location", _ => WriteLocation(json, report, reported));
            });
            json.WriteObjects("remediations", Array.Empty<string>(), (_, _) => { });
        });
    }

    private static void WriteScan(Utf8JsonWriter json, ImageReport report)
    {
        // Without a zone: it is UTC.
        string time = report.Scan.ScannedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        json.WriteString("type", "container_scanning");
        json.WriteString("status", "success");
        json.WriteString("start_time", time);
        json.WriteString("end_time", time);
        WriteTool(json, "analyzer");
        WriteTool(json, "scanner");
        json.WriteObjects("messages", ReportNotices.Of(report), (_, notice) =>
        {
            json.WriteString("level", notice.Level == NoticeLevel.Warning ? "warn" : "info");
            json.WriteString("value", OrUnnamed(notice.Text));
        });
    }

    private static void WriteTool(Utf8JsonWriter json, string role) => json.WriteObject(role, _ =>
    {
        json.WriteString("id", BillOfMaterials.Tool);
        json.WriteString("name", BillOfMaterials.Tool);
        json.WriteString("version", OrUnnamed(BillOfMaterials.ToolVersion));
        json.WriteObject("vendor", _ => json.WriteString("name", "ImageScanFunctions"));
    });

    // The same in every scan of the image; two packages of one name in one place count up.
    private static string IdOf(ReportedFinding reported, HashSet<string> ids)
    {
        string mark = BillOfMaterials.Mark(string.Join(
            '\0', reported.Finding.Cve, reported.Package.Type.Name, reported.Package.Name, reported.Package.Version, reported.Package.Location));
        string id = mark;
        for (int number = 2; !ids.Add(id); number++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{mark}-{number}");
        }

        return id;
    }

    private static void WriteVulnerability(Utf8JsonWriter json, ReportedFinding reported, LayerOrigin? layer)
    {
        Finding finding = reported.Finding;
        string package = ReportText.Line(reported.Package.Name, 150);
        json.WriteString("name", ReportText.Line($"{ReportText.Line(finding.Cve, 80)} in {package}", MaxNameCharacters - 1));
        json.WriteString("description", ReportText.Line(finding.Summary, 4_000));
        json.WriteString("severity", SeverityOf(finding.Severity));
        if (!string.IsNullOrEmpty(finding.FixedBy))
        {
            string from = ReportText.Line(reported.Package.Version, 300);
            string to = ReportText.Line(finding.FixedBy, 300);
            json.WriteString("solution", ReportText.Line($"Upgrade {package} from {from} to {to}.", MaxSolutionCharacters - 1));
        }

        WriteIdentifiers(json, finding);
        WriteVectors(json, finding);
        json.WriteObjects("links", LinksOf(finding), (_, link) => json.WriteString("url", link));
        json.WriteObject("details", _ => WriteDetails(json, reported, layer));
        if (reported.Decision is { } decision && decision.Kind is (DecisionKind.FalsePositive or DecisionKind.NotAffected))
        {
            json.WriteObjects("flags", [decision], (_, told) =>
            {
                json.WriteString("type", "flagged-as-likely-false-positive");
                json.WriteString("origin", BillOfMaterials.Tool);
                json.WriteString("description", told.Sentence);
            });
        }
    }

    private static string SeverityOf(Severity severity) => severity switch
    {
        Severity.Critical => "Critical",
        Severity.Important => "High",
        Severity.Moderate => "Medium",
        Severity.Low => "Low",
        _ => "Unknown",
    };

    // The first is that by which GitLab knows a vulnerability again.
    private static void WriteIdentifiers(Utf8JsonWriter json, Finding finding)
    {
        IEnumerable<string> ids = finding.Aliases.Prepend(finding.AdvisoryId).Prepend(finding.Cve)
            .Select(id => ReportText.Line(id, MaxNameCharacters - 1))
            .Where(id => id.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .DefaultIfEmpty(Unnamed);
        json.WriteObjects("identifiers", ids, (_, id) =>
        {
            json.WriteString("type", KindOf(id));
            json.WriteString("name", id);
            json.WriteString("value", id);
            if (id == finding.Cve)
            {
                json.WriteUnlessEmpty("url", ReportText.Link(finding.Link));
            }
            else if (id == finding.AdvisoryId)
            {
                json.WriteUnlessEmpty("url", ReportText.Link(finding.AdvisoryLink));
            }
        });
    }

    // cve of CVE-2024-1, ghsa of GHSA-…, rhsa of RHSA-2024:1.
    private static string KindOf(string id) => id.Split('-')[0] is { Length: > 1 } kind && kind.Length < id.Length && kind.All(char.IsAsciiLetter)
        ? kind.ToLowerInvariant()
        : "advisory";

    private static void WriteVectors(Utf8JsonWriter json, Finding finding)
    {
        // They have been read by the same grammar that the schema has as a pattern.
        string[] vectors = [.. new[] { finding.CvssV3?.Vector, finding.CvssV2?.Vector }.OfType<string>().Where(vector => vector.Length <= MaxVectorCharacters)];
        if (vectors.Length > 0)
        {
            json.WriteObjects("cvss_vectors", vectors, (_, vector) =>
            {
                json.WriteString("vendor", finding.ScoreSource == ScoreSource.Nvd ? "NVD" : Unnamed);
                json.WriteString("vector", vector);
            });
        }
    }

    private static IEnumerable<string> LinksOf(Finding finding) =>
        new[] { finding.Link, finding.AdvisoryLink }.Select(ReportText.Link).Where(link => link.Length > 0).Distinct();

    private static void WriteDetails(Utf8JsonWriter json, ReportedFinding reported, LayerOrigin? layer)
    {
        (string Key, string Name, string Value)[] details =
        [
            ("type", "Type of package", reported.Package.Type.Name),
            ("path", "Path", ReportText.Line(reported.Package.Location)),
            ("layer", "Layer", layer?.Digest ?? ""),
            ("instruction", "Instruction", ReportText.Line(layer?.Instruction)),
            ("epss", "EPSS", reported.Finding.Epss?.Probability.ToString("0.#####", CultureInfo.InvariantCulture) ?? ""),
            ("kev", "Known to be exploited", reported.Finding.Exploit is null ? "" : "yes"),
            ("decision", "Decision", reported.Decision?.Sentence ?? ""),
        ];
        foreach ((string key, string name, string value) in details.Where(detail => detail.Value.Length > 0))
        {
            json.WriteObject(key, _ =>
            {
                json.WriteString("type", "text");
                json.WriteString("name", name);
                json.WriteString("value", value);
            });
        }
    }

    private static void WriteLocation(Utf8JsonWriter json, ImageReport report, ReportedFinding reported)
    {
        json.WriteObject("dependency", _ =>
        {
            json.WriteObject("package", _ => json.WriteString("name", ReportText.Line(reported.Package.Name)));
            json.WriteString("version", ReportText.Line(reported.Package.Version));
        });
        json.WriteString("operating_system", OrUnnamed(ReportText.Line(OperatingSystems.NameOf(report.Scan.Inventory.Distribution))));
        json.WriteString("image", OrUnnamed(ReportText.Line(report.ImageName)));
    }

    private static string OrUnnamed(string text) => text.Length > 0 ? text : Unnamed;
}
