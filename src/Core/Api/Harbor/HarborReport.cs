using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Api.Harbor;

/// <summary>
/// The answer to a scan as a report of Harbor's. What is decided not to be shown is left out and counted: Harbor's own allowlist comes on top. Harbor keeps
/// each vulnerability as a row of PostgreSQL with a unique index over id, package and version
/// (https://github.com/goharbor/harbor/blob/main/make/migrations/postgresql/0050_2.2.0_schema.up.sql), which takes no NUL and no key above 2,704 bytes
/// (https://www.postgresql.org/docs/current/btree.html): one such name in an image would lose it the whole report.
/// </summary>
/// <param name="scan">What was found.</param>
/// <param name="answer">The answer that everybody gets, with what is decided not to be shown.</param>
internal sealed class HarborReport(Scan scan, WireImage answer)
{
    private const int MaxKeyCharacters = 500;
    private const int MaxWarnings = 100;
    private const int MaxWarning = 500;

    private readonly WireImage _shown = SnoozeFilter.Apply(answer);

    /// <summary>This scanner, as everywhere Harbor is told of it. None of the three may be missing (Validate in Harbor's rest/v1/models.go).</summary>
    public static WireHarborScanner Scanner { get; } = new() { Name = "ImageScan", Vendor = "ImageScanFunctions", Version = ScannerVersion.Product };

    /// <summary>What keeps it from being whole.</summary>
    public WireHarborCaveats Limits => new()
    {
        Notes = [.. answer.Scan!.Notes.Select(NameOf)],
        Warnings = [.. scan.Inventory.Warnings.Concat(scan.Match.Warnings).Take(MaxWarnings).Select(WarningOf)],
        Suppressed = CountOf(answer) - CountOf(_shown),
        OperatingSystem = answer.Scan.OperatingSystem,
        Advisories = ScannerVersion.AdvisoriesOf(scan.Match.Advisories, scan.ScannedAt),
    };

    /// <summary>
    /// The worst severity; <c>None</c>, which the specification lacks, is what Harbor says of an artifact without any
    /// (https://github.com/goharbor/harbor/blob/main/src/pkg/scan/vuln/severity.go).
    /// </summary>
    public string Severity
    {
        get
        {
            VulnerabilitySeverity[] all = [.. _shown.Scan!.Components.SelectMany(component => component.Vulns).Select(vulnerability => vulnerability.Severity)];
            return all.Length == 0 ? "None" : WordOf(all.Max());
        }
    }

    /// <summary>The vulnerabilities, one after the other, in the order of the answer.</summary>
    public IEnumerable<WireHarborVulnerability> Vulnerabilities()
    {
        // The answer has the components of the match in their order.
        IReadOnlyList<Component> components = Component.AllOf(scan.Match);
        foreach ((int i, WireComponent component) in _shown.Scan!.Components.Index())
        {
            Dictionary<string, AdvisoryStatus> states = components[i].Findings.ToDictionary(finding => finding.Cve, finding => finding.Status);
            foreach (WireVulnerability vulnerability in component.Vulns)
            {
                yield return ItemOf(component, vulnerability, states[vulnerability.Cve]);
            }
        }
    }

    private static WireHarborVulnerability ItemOf(WireComponent component, WireVulnerability vulnerability, AdvisoryStatus status) => new()
    {
        Id = KeyOf(vulnerability.Cve),
        Package = KeyOf(component.Name),
        Version = KeyOf(component.Version),
        FixVersion = KeyOf(vulnerability.FixedBy ?? ""),
        Severity = WordOf(vulnerability.Severity),
        Status = StatusOf(vulnerability, status),
        Description = TextOf(vulnerability.Summary),
        Links = LinksOf(vulnerability.Link),
        PreferredCvss = CvssOf(vulnerability),
        VendorAttributes = AttributesOf(component, vulnerability),
    };

    // Negligible is not told from Low here, as in StackRox; Harbor itself takes it for None.
    private static string WordOf(VulnerabilitySeverity severity) => severity switch
    {
        VulnerabilitySeverity.LowVulnerabilitySeverity => "Low",
        VulnerabilitySeverity.ModerateVulnerabilitySeverity => "Medium",
        VulnerabilitySeverity.ImportantVulnerabilitySeverity => "High",
        VulnerabilitySeverity.CriticalVulnerabilitySeverity => "Critical",
        _ => "Unknown",
    };

    // Harbor shows it as it comes, and its own scanner's words are these (https://github.com/aquasecurity/trivy-db/blob/main/pkg/types/status.go).
    private static string StatusOf(WireVulnerability vulnerability, AdvisoryStatus status) => status switch
    {
        _ when !string.IsNullOrEmpty(vulnerability.FixedBy) => "fixed",
        AdvisoryStatus.WillNotFix => "will_not_fix",
        AdvisoryStatus.FixDeferred => "fix_deferred",
        AdvisoryStatus.EndOfLife => "end_of_life",
        _ => "affected",
    };

    // Harbor joins them by bars.
    private static string[] LinksOf(string link) => link.Length == 0 ? [] : [TextOf(link).Replace("|", "%7C", StringComparison.Ordinal)];

    private static WireHarborCvss? CvssOf(WireVulnerability vulnerability) => vulnerability is { CvssV2: null, CvssV3: null } ? null : new WireHarborCvss
    {
        ScoreV3 = vulnerability.CvssV3?.Score,
        ScoreV2 = vulnerability.CvssV2?.Score,
        VectorV3 = vulnerability.CvssV3?.Vector ?? "",
        VectorV2 = vulnerability.CvssV2?.Vector ?? "",
    };

    // Where there are any, Harbor takes a score of version 3 that is not there for 0
    // (https://github.com/goharbor/harbor/blob/main/src/pkg/scan/postprocessors/report_converters.go, toVulnerabilityRecord).
    private static WireHarborAttributes? AttributesOf(WireComponent component, WireVulnerability vulnerability) => vulnerability.CvssV3 is null ? null : new()
    {
        Cvss = vulnerability.CvssMetrics.GroupBy(SourceOf).ToDictionary(source => source.Key, source => ScoreOf(source.First())),
        Epss = vulnerability.Epss is { } epss ? new WireHarborEpss { Probability = epss.EpssProbability, Percentile = epss.EpssPercentile } : null,
        KnownExploited = vulnerability.CisaKev,
        Path = TextOf(component.Location),
    };

    private static string SourceOf(WireCvssScore score) => score.Source switch
    {
        CvssScoreSource.SourceNvd => "nvd",
        CvssScoreSource.SourceRedHat => "redhat",
        CvssScoreSource.SourceOsv => "osv",
        _ => "other",
    };

    private static WireHarborScore ScoreOf(WireCvssScore score) => new()
    {
        V2Vector = score.CvssV2?.Vector,
        V3Vector = score.CvssV3?.Vector,
        V2Score = score.CvssV2?.Score,
        V3Score = score.CvssV3?.Score,
    };

    private static string KeyOf(string text) => TextOf(text.Length > MaxKeyCharacters ? $"{text[..MaxKeyCharacters]}…" : text);

    private static string TextOf(string text) => text.Replace('\0', '\uFFFD');

    private static string NameOf(ScanNote note) => System.Text.Json.JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{note}");

    private static string WarningOf(Inventory.InventoryWarning warning) =>
        HostileText.Plain(warning.Path.Length > 0 ? $"{warning.Path}: {warning.Reason}" : warning.Reason, MaxWarning);

    private static int CountOf(WireImage image) => image.Scan!.Components.Sum(component => component.Vulns.Count);
}
