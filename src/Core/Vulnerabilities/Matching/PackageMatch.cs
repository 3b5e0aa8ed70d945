using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>All that is said about one package under one key.</summary>
/// <param name="Key">Under what it was looked up.</param>
/// <param name="Hits">Statements that it is affected.</param>
/// <param name="Denials">Statements that it is not, whatever others say.</param>
/// <param name="Mended">Statements that name a fix which it has.</param>
/// <param name="Untold">Numbers of the advisories about which nobody can tell.</param>
/// <param name="NoOrder">Whether there are advisories, but no order of versions.</param>
internal sealed record PackageMatch(
    AdvisoryKey Key,
    IReadOnlyList<AdvisoryHit> Hits,
    IReadOnlyList<Posting> Denials,
    IReadOnlyList<Posting> Mended,
    IReadOnlyList<int> Untold,
    bool NoOrder)
{
    public bool SaysNothing => Hits.Count == 0 && Denials.Count == 0 && Mended.Count == 0;

    public static PackageMatch Of(in AdvisoryKey key, IReadOnlyList<Posting> postings, Func<int, AdvisoryRecord> advisory)
    {
        var hits = new List<AdvisoryHit>();
        var denials = new List<Posting>();
        var mended = new List<Posting>();
        var untold = new List<int>();
        bool noOrder = false;
        foreach (Posting said in postings)
        {
            // Who is still looking into it does not say that anybody is affected.
            if (said.Status == AdvisoryStatus.UnderInvestigation || PostingScope.Of(said, key, postings) is not { } posting)
            {
                continue;
            }

            var affected = AffectedVersions.Of(posting, key);
            switch (affected.Verdict)
            {
                case AffectedVerdict.Affected when posting.Status == AdvisoryStatus.NotAffected:
                    denials.Add(posting);
                    break;
                case AffectedVerdict.Affected:
                    hits.Add(new AdvisoryHit(advisory(posting.Advisory), posting, key.Ecosystem, Mending(affected.Fixes, posting, key, postings), key.Voice)
                    {
                        NeedsSubscription = key.Voice == AdvisoryVoice.ForSubscribers && !IsOfSubscribers(key.Version),
                    });
                    break;
                case AffectedVerdict.NoVersion:
                    untold.Add(posting.Advisory);
                    break;
                case AffectedVerdict.NoOrder:
                    noOrder = true;
                    break;
                default:
                    if (VersionStreams.FixesOf(posting).Any())
                    {
                        mended.Add(posting);
                    }

                    break;
            }
        }

        return new PackageMatch(key, hits, denials, mended, untold, noOrder);
    }

    // Of what a distribution says the last fix is taken anyway, and what it leaves open of one vulnerability takes no fix away.
    private static IReadOnlyList<string> Mending(IReadOnlyList<string> fixes, Posting posting, AdvisoryKey key, IReadOnlyList<Posting> postings)
    {
        if (fixes.Count == 0 || key.Ecosystem.IsDistribution)
        {
            return fixes;
        }

        Posting[] record = [.. postings.Where(said => said.Advisory == posting.Advisory && said.Status == posting.Status)];
        return [.. fixes.Select(fix => AffectedVersions.Mending(fix, key, record)).OfType<string>()];
    }

    // Builds that only Ubuntu Pro has are called ~esm1 or +esm1 (https://ubuntu.com/security/esm): an image that has one is attached.
    // Those of Freexian are called as Debian's are: +deb9u6.
    private static bool IsOfSubscribers(string version) =>
        version.Contains("+esm", StringComparison.Ordinal) || version.Contains("~esm", StringComparison.Ordinal);
}
