using ImageScan.Core.Api.Wire;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Api;

/// <summary>
/// The scores of a finding, each with its source and page: at most the advisory's and NVD's, in that order
/// (https://github.com/stackrox/stackrox/blob/4.6.0/pkg/scanners/scannerv4/convert.go, setScoresAndScoreVersions).
/// </summary>
internal static class CvssMetrics
{
    public static IReadOnlyList<WireCvssScore> Of(Finding finding)
    {
        WireCvssScore? shown = ShownOf(finding);
        WireCvssScore? nvd = finding.ScoreSource == ScoreSource.Nvd
            ? null
            : ScoreOf(CvssScoreSource.SourceNvd, NvdPage(finding), finding.NvdCvssV3, finding.NvdCvssV2);
        return [.. new[] { shown, nvd }.OfType<WireCvssScore>()];
    }

    /// <summary>The score that the finding shows; null if it has none.</summary>
    public static WireCvssScore? ShownOf(Finding finding)
    {
        (CvssScoreSource source, string url) = finding.ScoreSource switch
        {
            ScoreSource.Nvd => (CvssScoreSource.SourceNvd, NvdPage(finding)),
            ScoreSource.CveRecord => (CvssScoreSource.SourceUnknown, $"https://www.cve.org/CVERecord?id={Uri.EscapeDataString(finding.Cve)}"),
            ScoreSource.Advisory => OfAdvisory(finding),
            _ => (CvssScoreSource.SourceUnknown, finding.Link),
        };
        return ScoreOf(source, url, finding.CvssV3, finding.CvssV2);
    }

    // StackRox knows scores of Red Hat and of OSV; those of other distributions have their own page and no name of their own.
    private static (CvssScoreSource Source, string Url) OfAdvisory(Finding finding)
    {
        OsvEcosystem ecosystem = OsvEcosystem.Parse(finding.Ecosystem);
        return ecosystem switch
        {
            { Name: "Red Hat" } when CveId.IsOne(finding.Cve) => (CvssScoreSource.SourceRedHat, $"https://access.redhat.com/security/cve/{finding.Cve}"),
            { Name: "Red Hat" } => (CvssScoreSource.SourceRedHat, ErrataPage(finding)),
            { Name: "" } or { IsDistribution: true } => (CvssScoreSource.SourceUnknown, finding.Link),
            _ => (CvssScoreSource.SourceOsv, $"https://osv.dev/vulnerability/{Uri.EscapeDataString(finding.AdvisoryId)}"),
        };
    }

    // A colon may stand in a path, and Red Hat's ids are written with theirs: RHSA-2023:7435.
    private static string ErrataPage(Finding finding) =>
        $"https://access.redhat.com/errata/{Uri.EscapeDataString(finding.AdvisoryId).Replace("%3A", ":", StringComparison.Ordinal)}";

    private static string NvdPage(Finding finding) => $"https://nvd.nist.gov/vuln/detail/{Uri.EscapeDataString(finding.Cve)}";

    // Version 3 takes the place of version 2.
    private static WireCvssScore? ScoreOf(CvssScoreSource source, string url, CvssV3? v3, CvssV2? v2) => (v3, v2) switch
    {
        ({ }, _) => new WireCvssScore { Source = source, Url = url, CvssV3 = VulnerabilityAnswer.V3Of(v3) },
        (null, { }) => new WireCvssScore { Source = source, Url = url, CvssV2 = VulnerabilityAnswer.V2Of(v2) },
        _ => null,
    };
}
