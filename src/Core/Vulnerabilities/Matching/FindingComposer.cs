using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Makes one finding of all that the advisories on one package say about one vulnerability.</summary>
/// <param name="cves">What is known of a CVE; null if nothing is, or it is none.</param>
internal sealed class FindingComposer(Func<string, CveMetadata?> cves)
{
    // Of what is done about a vulnerability, the plainest word first: "affected" is what stands where nobody has decided.
    private static readonly AdvisoryStatus[] PlainestFirst =
        [AdvisoryStatus.WillNotFix, AdvisoryStatus.FixDeferred, AdvisoryStatus.EndOfLife, AdvisoryStatus.Affected];

    /// <summary>Composes the finding.</summary>
    /// <param name="name">A CVE, or the id that stands for it.</param>
    /// <param name="hits">At least one.</param>
    public Finding Compose(string name, IReadOnlyList<AdvisoryHit> hits)
    {
        AdvisoryHit[] ordered = [.. hits.OrderBy(hit => hit.Advisory.Id, StringComparer.Ordinal)];
        CveMetadata? cve = cves(name);
        (AdvisoryHit? mending, string? fixedBy) = FixedBy(ordered);
        AdvisoryHit speaker = mending ?? ordered[0];
        // What an update of many CVEs scores and sums up is the worst of them, or all together: what is known of the CVE itself comes first.
        AdvisoryHit[] alone = Array.FindAll(ordered, hit => !IsOfMany(hit));
        CvssScores own = OwnScores(cve is null || IsUnscored(cve) ? ordered : alone);
        ScoreView shown = SeverityRules.Shown(own, cve);
        return new Finding
        {
            Cve = name,
            AdvisoryId = speaker.AdvisoryId,
            AdvisoryLink = AdvisoryLink(speaker),
            Aliases = Aliases(name, ordered),
            Summary = SummaryOf(alone) ?? (cve is { Summary.Length: > 0 } ? cve.Summary : SummaryOf(ordered) ?? ""),
            Link = Link(name, ordered),
            Status = fixedBy is not null ? AdvisoryStatus.Affected : PlainestFirst.First(status => ordered.Any(hit => hit.Posting.Status == status)),
            FixedBy = fixedBy,
            FixNeedsSubscription = mending is { NeedsSubscription: true },
            FixedOn = mending?.Posting.FixedOn,
            Severity = IsOfMalware(name, ordered) ? Severity.Critical : SeverityRules.Of(speaker.Ecosystem, Word(ordered), own, cve),
            CvssV2 = shown.Scores.V2,
            CvssV3 = shown.Scores.V3,
            ScoreSource = shown.Source,
            NvdCvssV2 = cve?.NvdScores.V2,
            NvdCvssV3 = cve?.NvdScores.V3,
            PublishedOn = cve?.PublishedOn ?? ordered.Min(hit => hit.Advisory.Published),
            LastModified = cve?.LastModified ?? ordered.Max(hit => hit.Advisory.Modified),
            Epss = cve?.Epss,
            Exploit = cve?.Exploit,
            Ecosystem = speaker.Ecosystem.ToString(),
        };
    }

    // Aliases of a library's vulnerability can be CVEs too.
    private static bool IsOfMany(AdvisoryHit hit) => hit.Ecosystem.IsDistribution && hit.Advisory.Names.Count > 1;

    private static bool IsUnscored(CveMetadata cve) => cve.NvdScores == default && cve.Scores == default;

    private static string? SummaryOf(AdvisoryHit[] hits) => hits.Select(hit => hit.Advisory.Summary).FirstOrDefault(summary => summary.Length > 0);

    // A 3.x score before a 2.0 one before a 4.0 one, since only the first two can be shown.
    private static CvssScores OwnScores(AdvisoryHit[] hits)
    {
        var scored = hits.FirstOrDefault(hit => hit.Scores.V3 is not null)
            ?? hits.FirstOrDefault(hit => hit.Scores.V2 is not null)
            ?? hits.FirstOrDefault(hit => hit.Scores.V4Score is not null);
        return scored?.Scores ?? default;
    }

    private static bool IsOfMalware(string name, AdvisoryHit[] hits) =>
        hits.SelectMany(hit => hit.Advisory.Aliases.Prepend(hit.Advisory.Id)).Prepend(name).Any(SeverityRules.IsOfMalware);

    private static string? Word(AdvisoryHit[] hits) => hits
        .FirstOrDefault(hit => SeverityRules.OfWord(hit.Ecosystem, hit.SeverityWord) != Severity.Unknown)?.SeverityWord;

    private static IReadOnlyList<string> Aliases(string name, AdvisoryHit[] hits) => hits.All(hit => hit.Advisory.Aliases.Count == 0)
        ? []
        : [.. hits.SelectMany(hit => hit.Advisory.Aliases).Where(alias => alias != name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Link(string name, AdvisoryHit[] hits)
    {
        if (hits.Select(hit => hit.Advisory.Link).FirstOrDefault(link => link.Length > 0) is { } own)
        {
            return own;
        }

        return AdvisoryLinks.OfCve(name, hits[0].Ecosystem) ?? "https://osv.dev/vulnerability/" + Uri.EscapeDataString(hits[0].Advisory.Id);
    }

    // The source's own page of the advisory, unless the fix came with another id.
    private static string AdvisoryLink(AdvisoryHit hit)
    {
        bool isOwn = hit.Posting.Erratum is null || hit.Posting.Erratum == hit.Advisory.Id;
        return isOwn && hit.Advisory.Link.Length > 0 ? hit.Advisory.Link
            : AdvisoryLinks.Of(hit.AdvisoryId, hit.Ecosystem)
            ?? (hit.Advisory.Link.Length > 0 ? hit.Advisory.Link : "https://osv.dev/vulnerability/" + Uri.EscapeDataString(hit.Advisory.Id));
    }

    // A distribution mends a CVE step by step, so only the last step mends it whole; aliases of a library's vulnerability are several views
    // of one fix, so the nearest will do.
    private static (AdvisoryHit? Mending, string? Version) FixedBy(AdvisoryHit[] hits)
    {
        AdvisoryHit? mending = null;
        string? best = null;
        foreach (AdvisoryHit hit in hits)
        {
            VersionScheme? scheme = hit.Posting.Ranges.Select(range => range.SchemeIn(hit.Ecosystem)).FirstOrDefault(known => known is not null);
            foreach (string candidate in hit.Fixes)
            {
                if (best is null || (scheme is not null && scheme.TryCompare(candidate, best, out int order)
                    && (hit.Ecosystem.IsDistribution ? order > 0 : order < 0)))
                {
                    best = candidate;
                    mending = hit;
                }
            }
        }

        return (mending, best);
    }
}
