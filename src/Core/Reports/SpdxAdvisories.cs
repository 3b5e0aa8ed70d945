using System.Globalization;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>The advisories of a report by the package that they are about, as SPDX refers to them: by an address, with a comment.</summary>
internal sealed class SpdxAdvisories
{
    private readonly ILookup<string, (string Link, string Comment)> _byReference;

    public SpdxAdvisories(ImageReport report, BillOfMaterials bill)
    {
        IReadOnlyDictionary<(Package Package, int Layer), string> references = bill.References();
        _byReference = report.Findings
            .Where(found => references.ContainsKey((found.Installed.Package, found.Installed.Layer)))
            .Select(found => (Reference: references[(found.Installed.Package, found.Installed.Layer)], Link: LinkOf(found.Finding), Found: found))
            .Where(each => each.Link is not null)
            .ToLookup(each => each.Reference, each => (each.Link!, CommentOf(each.Found)), StringComparer.Ordinal);

        // A reference must have an address, and an id that is no CVE has none of itself.
        int without = report.Findings.Count(found => LinkOf(found.Finding) is null);
        (string, string)[] left = without > 0 ? [("imagescan:findings:without-address", without.ToString(CultureInfo.InvariantCulture))] : [];
        Remarks = [.. bill.NoticesOf(report), .. left];
    }

    private SpdxAdvisories() => (_byReference, Remarks) = (Array.Empty<string>().ToLookup(_ => "", _ => ("", "")), []);

    public static SpdxAdvisories None { get; } = new();

    /// <summary>What is to be said of the document, as name and value.</summary>
    public IReadOnlyList<(string Name, string Value)> Remarks { get; }

    /// <summary>Those about a package, worst first.</summary>
    public IEnumerable<(string Link, string Comment)> Of(string reference) => _byReference[reference];

    private static string? LinkOf(Finding finding) => CycloneDxVulnerabilities.LinkOf(finding.AdvisoryLink)
        ?? CycloneDxVulnerabilities.LinkOf(finding.Link)
        ?? (CveId.IsOne(finding.Cve) ? $"https://www.cve.org/CVERecord?id={finding.Cve}" : null);

    private static string CommentOf(ReportedFinding found)
    {
        Finding finding = found.Finding;
        string?[] parts =
        [
            finding.Cve,
            finding.AdvisoryId == finding.Cve ? null : finding.AdvisoryId,
            $"severity={finding.Severity}",
            finding.CvssV3?.Vector ?? finding.CvssV2?.Vector,
            string.IsNullOrEmpty(finding.FixedBy) ? MatchJson.WordOf(finding) : $"fixed-by={finding.FixedBy}",
            finding.Exploit is null ? null : "known-exploited",
            found.Decision is { } decision ? $"decision={decision.Kind}" : null,
            found.Decision?.Justification,
        ];
        return string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
