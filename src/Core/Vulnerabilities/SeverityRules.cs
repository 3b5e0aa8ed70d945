using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>
/// From a vendor's word or a CVSS score to one of StackRox's severities (stackrox 4.5 pkg/scanners/scannerv4/convert.go
/// <c>normalizedSeverity</c>; the words per vendor are those of claircore's updaters).
/// </summary>
public static class SeverityRules
{
    /// <summary>
    /// The severity of a finding. A distribution's own word decides; only where it has none do scores speak. In records of
    /// language ecosystems their own CVSS band comes first and the word second, as claircore reads OSV. Next come NVD's scores, then those
    /// of the CVE's record, and <see cref="Severity.Unknown"/> is left where nobody says anything.
    /// </summary>
    /// <param name="ecosystem">Of the affected package, with or without its release.</param>
    /// <param name="word">Debian's urgency, Ubuntu's priority, <c>database_specific.severity</c> and the like; null if there is none.</param>
    /// <param name="own">What the advisory itself scores.</param>
    /// <param name="cve">What is known of the CVE; null if nothing.</param>
    public static Severity Of(OsvEcosystem ecosystem, string? word, CvssScores own, CveMetadata? cve)
    {
        Severity worded = OfWord(ecosystem, word);
        Severity banded = OfCvss(own with { V4Score = null });
        Severity[] opinions =
        [
            ecosystem.IsDistribution ? worded : banded,
            worded,
            OfCvss(own),
            OfCvss(cve?.NvdScores ?? default),
            OfCvss(cve?.Scores ?? default),
        ];
        return opinions.FirstOrDefault(opinion => opinion != Severity.Unknown);
    }

    /// <summary>
    /// The scores that a finding shows: the advisory's own, else NVD's, else those of the CVE's record, as Scanner V4 takes the updater's
    /// before NVD's (stackrox 4.5 pkg/scannerv4/mappers/mappers.go). One source speaks for all versions of CVSS: v2 of one beside v3
    /// of another would be nobody's view. Who has a 4.0 vector alone is passed over, since an answer has no field for it.
    /// </summary>
    /// <param name="own">What the advisory itself scores.</param>
    /// <param name="cve">What is known of the CVE; null if nothing.</param>
    public static ScoreView Shown(CvssScores own, CveMetadata? cve)
    {
        ScoreView[] views =
        [
            new(own, ScoreSource.Advisory),
            new(cve?.NvdScores ?? default, ScoreSource.Nvd),
            new(cve?.Scores ?? default, ScoreSource.CveRecord),
        ];
        return views.FirstOrDefault(view => view.Scores.V3 is not null || view.Scores.V2 is not null);
    }

    /// <summary>
    /// Whether a package is known to be malicious, by an id of its advisory: it is <see cref="Severity.Critical"/> then. Records of
    /// https://github.com/ossf/malicious-packages rate nothing; GitHub rates its own on malware as critical
    /// (https://github.com/advisories?query=type%3Amalware).
    /// </summary>
    public static bool IsOfMalware(string id) => id.StartsWith("MAL-", StringComparison.Ordinal);

    /// <summary>What a vendor's word means, in any case; <see cref="Severity.Unknown"/> for words that say nothing of severity.</summary>
    public static Severity OfWord(OsvEcosystem ecosystem, string? word)
    {
        string plain = word?.Trim().ToLowerInvariant() ?? "";
        return (ecosystem.Name, plain) switch
        {
            // Alpine's secdb knows no severity; whatever stands there is not Alpine's.
            ("Alpine", _) => Severity.Unknown,

            // Debian's urgency is how soon Debian will act and stands one step below what others call the same. Its other words
            // (not yet assigned, end-of-life, undetermined) say nothing.
            ("Debian", "unimportant") => Severity.Low,
            ("Debian", "low") => Severity.Moderate,
            ("Debian", "medium") => Severity.Important,
            ("Debian", "high") => Severity.Critical,
            ("Debian", _) => Severity.Unknown,

            // Distributions write "None" where nobody has rated it
            // (https://quay.github.io/claircore/concepts/severity_mapping.html); of a library it is the lowest CVSS band.
            (_, "none") when ecosystem.IsDistribution => Severity.Unknown,

            (_, "negligible" or "none" or "low") => Severity.Low,
            (_, "moderate" or "medium") => Severity.Moderate,
            (_, "important" or "high") => Severity.Important,
            (_, "critical") => Severity.Critical,
            _ => Severity.Unknown,
        };
    }

    /// <summary>The band of the best score there is: v3, else v2, else v4; <see cref="Severity.Unknown"/> without any.</summary>
    public static Severity OfCvss(CvssScores scores) => scores switch
    {
        { V3: { } v3 } => OfBand(v3.Severity),
        { V2: { } v2 } => v2.Severity switch
        {
            CvssV2Severity.Low => Severity.Low,
            CvssV2Severity.Medium => Severity.Moderate,
            _ => Severity.Important,
        },
        { V4Score: { } v4 } => OfBand(CvssV3.SeverityOf(v4)),
        _ => Severity.Unknown,
    };

    private static Severity OfBand(CvssV3Severity band) => band switch
    {
        CvssV3Severity.None or CvssV3Severity.Low => Severity.Low,
        CvssV3Severity.Medium => Severity.Moderate,
        CvssV3Severity.High => Severity.Important,
        CvssV3Severity.Critical => Severity.Critical,
        _ => Severity.Unknown,
    };
}
