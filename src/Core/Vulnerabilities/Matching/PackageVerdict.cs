using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Weighs what is said about one package under all its keys: of which vulnerabilities it has findings, and who speaks for each.</summary>
internal sealed class PackageVerdict(IReadOnlyList<PackageMatch> matches, Func<int, AdvisoryRecord> advisory)
{
    /// <summary>The hits by the name of their vulnerability, ordered by it.</summary>
    public SortedDictionary<string, List<AdvisoryHit>> Hits()
    {
        var named = new SortedDictionary<string, List<AdvisoryHit>>(StringComparer.Ordinal);
        foreach (AdvisoryHit hit in matches.SelectMany(match => match.Hits))
        {
            foreach (string name in hit.Advisory.Names)
            {
                if (!named.TryGetValue(name, out List<AdvisoryHit>? hits))
                {
                    named[name] = hits = [];
                }

                hits.Add(hit);
            }
        }

        if (named.Count == 0)
        {
            return named;
        }

        foreach (string denied in NamesOf(matches.SelectMany(match => match.Denials)))
        {
            named.Remove(denied);
        }

        if (matches.Any(match => match.Key.NeedsSubscription))
        {
            LetSubscriptionsSpeak(named);
        }

        return named;
    }

    // A fix for subscribers counts only where everybody has none; but who has it is no more affected than others would be.
    private void LetSubscriptionsSpeak(SortedDictionary<string, List<AdvisoryHit>> named)
    {
        HashSet<string> mendedForAll = NamesOf(matches.Where(match => !match.Key.NeedsSubscription).SelectMany(match => match.Mended));
        HashSet<string> mendedForSome = NamesOf(matches.Where(match => match.Key.NeedsSubscription).SelectMany(match => match.Mended));
        foreach ((string name, List<AdvisoryHit> hits) in named.ToArray())
        {
            bool isMendedForAll = mendedForAll.Contains(name) || hits.Any(hit => !IsForSome(hit) && hit.Fixes.Count > 0);
            if (isMendedForAll)
            {
                hits.RemoveAll(IsForSome);
            }
            else if (mendedForSome.Contains(name) && !hits.Any(IsForSome))
            {
                hits.Clear();
            }

            if (hits.Count == 0)
            {
                named.Remove(name);
            }
        }
    }

    private bool IsForSome(AdvisoryHit hit) => matches.Any(match => match.Key.NeedsSubscription && match.Key.Ecosystem == hit.Ecosystem);

    private HashSet<string> NamesOf(IEnumerable<Posting> postings) =>
        postings.SelectMany(posting => advisory(posting.Advisory).Names).ToHashSet(StringComparer.Ordinal);
}
