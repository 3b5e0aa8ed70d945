using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html) as GitHub's code scanning reads it
/// (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning): a rule for each CVE, a
/// result for each package that has it.
/// </summary>
public sealed class SarifReport : IReportFormat
{
    // GitHub refuses a file with more results, and shows 5,000 of them
    // (https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit).
    private const int MaxResults = 25_000;

    public string Name => "sarif";

    public string MediaType => "application/sarif+json";

    public string FileExtension => "sarif";

    public void Write(ImageReport report, Stream output)
    {
        ReportedFinding[] findings = [.. report.WorstFirst().Findings.Take(MaxResults)];
        IReadOnlyList<SarifRule> rules = SarifRule.AllOf(findings);
        ReportWriter.Write(output, json =>
        {
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteObjects("runs", [report], (_, _) => WriteRun(json, report, findings, rules));
        });
    }

    private static void WriteRun(Utf8JsonWriter json, ImageReport report, ReportedFinding[] findings, IReadOnlyList<SarifRule> rules)
    {
        json.WriteObject("tool", _ => json.WriteObject("driver", _ =>
        {
            json.WriteString("name", BillOfMaterials.Tool);
            json.WriteString("fullName", "ImageScanFunctions");
            json.WriteString("version", BillOfMaterials.ToolVersion);
            json.WriteObjects("rules", rules, (_, rule) => rule.Write(json));
        }));
        // Two images that are scanned from one repository of GitHub's are two categories, so that the second upload does not close the alerts of the first.
        json.WriteObject("automationDetails", _ => json.WriteString("id", $"{BillOfMaterials.Tool}/{SarifPlaces.CategoryOf(report)}/"));
        json.WriteObjects("invocations", [report], (_, _) => WriteInvocation(json, report));
        WriteResults(json, report, findings, rules);
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteObject("properties", _ => WriteImage(json, report));
    }

    private static void WriteInvocation(Utf8JsonWriter json, ImageReport report)
    {
        json.WriteBoolean("executionSuccessful", true);
        json.WriteString("endTimeUtc", report.Scan.ScannedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        IEnumerable<ReportNotice> notices = ReportNotices.Of(report);
        if (report.Findings.Count > MaxResults)
        {
            int left = report.Findings.Count - MaxResults;
            notices = notices.Prepend(new ReportNotice(NoticeLevel.Warning, string.Create(
                CultureInfo.InvariantCulture, $"{left} of {report.Findings.Count} findings are left out: more than {MaxResults} are refused.")));
        }

        json.WriteObjects("toolExecutionNotifications", notices, (_, notice) =>
        {
            json.WriteString("level", notice.Level == NoticeLevel.Warning ? "warning" : "note");
            WriteMessage(json, "message", notice.Text);
        });
    }

    private static void WriteResults(Utf8JsonWriter json, ImageReport report, ReportedFinding[] findings, IReadOnlyList<SarifRule> rules)
    {
        Dictionary<string, int> places = rules.Index().ToDictionary(rule => rule.Item.Id, rule => rule.Index, StringComparer.Ordinal);
        IReadOnlyList<LayerOrigin> layers = LayerOrigin.AllOf(report.Scan);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        // Either all results say whether they are suppressed, or none (section 3.27.23).
        bool saysDecisions = findings.Any(reported => reported.Decision is not null);
        json.WriteObjects("results", findings, (_, reported) =>
        {
            string id = SarifRule.IdOf(reported.Finding);
            json.WriteString("ruleId", id);
            json.WriteNumber("ruleIndex", places[id]);
            json.WriteString("level", SarifRule.LevelOf(reported.Finding.Severity));
            WriteMessage(json, "message", SentenceOf(reported));
            LayerOrigin? layer = layers.ElementAtOrDefault(reported.Installed.Layer);
            json.WriteObjects("locations", [reported], (_, _) => SarifPlaces.Write(json, report, reported, layer));
            json.WriteObject("partialFingerprints", _ => json.WriteString("primaryLocationLineHash", FingerprintOf(report, reported, seen)));
            if (saysDecisions)
            {
                WriteSuppressions(json, reported.Decision);
            }

            json.WriteObject("properties", _ => WriteFacts(json, reported));
        });
    }

    private static string SentenceOf(ReportedFinding reported)
    {
        Finding finding = reported.Finding;
        string score = reported.Score > 0 ? $", CVSS {ReportText.Score(reported.Score)}" : "";
        string fix = string.IsNullOrEmpty(finding.FixedBy) ? "No fix is known." : $"Fixed in {ReportText.Line(finding.FixedBy, 100)}.";
        string package = $"{ReportText.Line(reported.Package.Name, 200)} {ReportText.Line(reported.Package.Version, 100)}";
        return $"{package} has {ReportText.Line(finding.Cve, 100)} ({ReportText.Word(finding.Severity)}{score}). {fix}";
    }

    // By this GitHub knows an alert again: the version is no part of it, since an upgrade that does not mend it leaves the same alert. Whatever has
    // the same name in the same place is counted, in the form in which GitHub's own hashes are.
    private static string FingerprintOf(ImageReport report, ReportedFinding reported, Dictionary<string, int> seen)
    {
        string mark = BillOfMaterials.Mark(string.Join(
            '\0', SarifRule.IdOf(reported.Finding), SarifPlaces.ImageOf(report), reported.Package.Type.Name, reported.Package.Name, reported.Package.Location));
        int number = seen[mark] = seen.GetValueOrDefault(mark) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{mark}:{number}");
    }

    private static void WriteSuppressions(Utf8JsonWriter json, ReportedDecision? decision)
    {
        IEnumerable<ReportedDecision> decisions = decision is null ? [] : [decision];
        json.WriteObjects("suppressions", decisions, (_, told) =>
        {
            json.WriteString("kind", "external");
            json.WriteString("status", "accepted");
            json.WriteString("justification", told.Sentence);
        });
    }

    private static void WriteFacts(Utf8JsonWriter json, ReportedFinding reported)
    {
        Finding finding = reported.Finding;
        json.WriteString("package", ReportText.Line(reported.Package.Name));
        json.WriteString("installedVersion", ReportText.Line(reported.Package.Version));
        json.WriteUnlessEmpty("fixedVersion", ReportText.Line(finding.FixedBy));
        json.WriteUnlessEmpty("advisory", ReportText.Line(finding.AdvisoryId));
        json.WriteString("status", finding.Status.ToString());
        json.WriteString("severity", ReportText.Word(finding.Severity));
        json.WriteUnlessEmpty("cvssVector", ReportText.Line(finding.CvssV3?.Vector ?? finding.CvssV2?.Vector));
        if (finding.Epss is { } epss)
        {
            json.WriteNumber("epssProbability", epss.Probability);
            json.WriteNumber("epssPercentile", epss.Percentile);
        }

        json.WriteBoolean("knownExploited", finding.Exploit is not null);
    }

    private static void WriteImage(Utf8JsonWriter json, ImageReport report)
    {
        json.WriteString("imageName", ReportText.Line(report.ImageName));
        json.WriteString("imageDigest", report.Digest);
        json.WriteString("platform", ReportText.Line(report.Scan.Platform.ToString()));
        json.WriteString("operatingSystem", ReportText.Line(OperatingSystems.NameOf(report.Scan.Inventory.Distribution)));
        if (report.Scan.Match.Advisories is { } advisories)
        {
            json.WriteString("advisories", ReportText.Day(advisories.AsOf));
        }
    }

    /// <summary>
    /// A message of plain text. In it, square brackets would make a link (section 3.11.6) and braces a placeholder (3.11.5), so both are round here.
    /// </summary>
    internal static void WriteMessage(Utf8JsonWriter json, string name, string text) => json.WriteObject(name, _ => json.WriteString("text", TextOf(text)));

    internal static string TextOf(string text) => text.Replace('[', '(').Replace(']', ')').Replace('{', '(').Replace('}', ')').Replace('\\', '/');
}
