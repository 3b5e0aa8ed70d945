using ImageScan.Core.Inventory.Versions;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Makes one finding of all that the advisories on one package say about one vulnerability.</summary>
internal sealed class FindingComposer(AdvisoryLookup lookup)
{
    /// <summary>Composes the finding.</summary>
    /// <param name="name">A CVE, or the id that stands for it.</param>
    /// <param name="hits">At least one.</param>
    public Finding Compose(string name, IReadOnlyList<AdvisoryHit> hits)
    {
        AdvisoryHit[] ordered = [.. hits.OrderBy(hit => hit.Advisory.Id, StringComparer.Ordinal)];
        var first = ordered[0];
        var cve = lookup.Cve(name);
        var own = OwnScores(ordered);
        // Of a distribution's advisory as of a library's: one with a CVSS v4 vector alone has a view of its own, which gives the severity by its
        // band and cannot be shown, so its score stays empty (0 in answers) although the CVE may have one of version 3.
        // The CVE's scores speak only where the advisories have none: https://ossf.github.io/osv-schema/#severity-field is the source's own view.
        var shown = own == default ? cve?.Scores ?? default : own;
        return new Finding
        {
            Cve = name,
            AdvisoryId = first.Advisory.Id,
            Summary = ordered.Select(hit => hit.Advisory.Summary).FirstOrDefault(summary => summary.Length > 0) ?? "",
            Link = Link(name, ordered),
            FixedBy = FixedBy(ordered),
            Severity = SeverityRules.Of(first.Ecosystem, Word(ordered), own, cve),
            CvssV2 = shown.V2,
            CvssV3 = shown.V3,
            PublishedOn = cve?.PublishedOn ?? ordered.Min(hit => hit.Advisory.Published),
            LastModified = cve?.LastModified ?? ordered.Max(hit => hit.Advisory.Modified),
        };
    }

    // A 3.x score before a 2.0 one before a 4.0 one, since only the first two can be shown.
    private static CvssScores OwnScores(AdvisoryHit[] hits)
    {
        var scored = hits.FirstOrDefault(hit => hit.Scores.V3 is not null)
            ?? hits.FirstOrDefault(hit => hit.Scores.V2 is not null)
            ?? hits.FirstOrDefault(hit => hit.Scores.V4Score is not null);
        return scored?.Scores ?? default;
    }

    private static string? Word(AdvisoryHit[] hits) => hits
        .FirstOrDefault(hit => SeverityRules.OfWord(hit.Ecosystem, hit.SeverityWord) != Severity.Unknown)?.SeverityWord;

    private static string Link(string name, AdvisoryHit[] hits)
    {
        if (hits.Select(hit => hit.Advisory.Link).FirstOrDefault(link => link.Length > 0) is { } own)
        {
            return own;
        }

        return hits[0].Ecosystem.Name == "Debian" && CveId.IsOne(name)
            ? "https://security-tracker.debian.org/tracker/" + name
            : "https://osv.dev/vulnerability/" + Uri.EscapeDataString(hits[0].Advisory.Id);
    }

    // A distribution mends a CVE step by step, so only the last step mends it whole; aliases of a library's vulnerability are several views
    // of one fix, so the nearest will do.
    private static string? FixedBy(AdvisoryHit[] hits)
    {
        string? best = null;
        foreach (var hit in hits)
        {
            VersionScheme? scheme = hit.Posting.Ranges.Select(range => range.SchemeIn(hit.Ecosystem)).FirstOrDefault(known => known is not null);
            foreach (string candidate in hit.Fixes)
            {
                if (best is null || (scheme is not null && scheme.TryCompare(candidate, best, out int order)
                    && (hit.Ecosystem.IsDistribution ? order > 0 : order < 0)))
                {
                    best = candidate;
                }
            }
        }

        return best;
    }
}
