using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Weighs what is said about one package under all its keys: of which vulnerabilities it has findings, and who speaks for each.</summary>
internal sealed class PackageVerdict(IReadOnlyList<PackageMatch> matches, Func<int, AdvisoryRecord> advisory)
{
    /// <summary>The hits by the name of their vulnerability, ordered by it.</summary>
    public SortedDictionary<string, List<AdvisoryHit>> Hits()
    {
        SortedDictionary<string, List<AdvisoryHit>> named = ByName();
        if (named.Count == 0)
        {
            return named;
        }

        foreach (string denied in NamesOf(Of(voice => voice != AdvisoryVoice.MainStream).SelectMany(match => match.Denials)))
        {
            named.Remove(denied);
        }

        if (Of(AdvisoryVoice.MainStream).Any())
        {
            HearMainStreamLast(named);
        }

        if (Of(AdvisoryVoice.ForSubscribers).Any())
        {
            HearForSubscribers(named);
        }

        return named;
    }

    private SortedDictionary<string, List<AdvisoryHit>> ByName()
    {
        var named = new SortedDictionary<string, List<AdvisoryHit>>(StringComparer.Ordinal);
        foreach (AdvisoryHit hit in matches.SelectMany(match => match.Hits))
        {
            foreach (string name in hit.Posting.Names ?? hit.Advisory.Names)
            {
                if (!named.TryGetValue(name, out List<AdvisoryHit>? hits))
                {
                    named[name] = hits = [];
                }

                hits.Add(hit);
            }
        }

        return named;
    }

    private void HearMainStreamLast(SortedDictionary<string, List<AdvisoryHit>> named)
    {
        HashSet<string> said = NamesOf(Of(voice => voice != AdvisoryVoice.MainStream).SelectMany(match => match.Denials.Concat(match.Mended)));
        HashSet<string> denied = NamesOf(Of(AdvisoryVoice.MainStream).SelectMany(match => match.Denials));
        foreach ((string name, List<AdvisoryHit> hits) in named.ToArray())
        {
            bool isSaid = said.Contains(name) || hits.Any(hit => hit.Voice != AdvisoryVoice.MainStream);
            if (isSaid || denied.Contains(name))
            {
                hits.RemoveAll(hit => hit.Voice == AdvisoryVoice.MainStream);
            }

            RemoveIfSilent(named, name);
        }
    }

    // A fix for subscribers counts only where everybody has none; but who has it is no more affected than others would be.
    private void HearForSubscribers(SortedDictionary<string, List<AdvisoryHit>> named)
    {
        HashSet<string> mendedForAll = NamesOf(Of(AdvisoryVoice.Own).SelectMany(match => match.Mended));
        HashSet<string> mendedForSome = NamesOf(Of(AdvisoryVoice.ForSubscribers).SelectMany(match => match.Mended));
        foreach ((string name, List<AdvisoryHit> hits) in named.ToArray())
        {
            // First, since a fix for subscribers is often older than the one that everybody got later.
            if (mendedForSome.Contains(name) && !hits.Any(hit => hit.Voice == AdvisoryVoice.ForSubscribers))
            {
                hits.Clear();
            }
            else if (mendedForAll.Contains(name) || hits.Any(hit => hit.Voice != AdvisoryVoice.ForSubscribers && hit.Fixes.Count > 0))
            {
                hits.RemoveAll(hit => hit.Voice == AdvisoryVoice.ForSubscribers);
            }

            RemoveIfSilent(named, name);
        }
    }

    private static void RemoveIfSilent(SortedDictionary<string, List<AdvisoryHit>> named, string name)
    {
        if (named[name].Count == 0)
        {
            named.Remove(name);
        }
    }

    private IEnumerable<PackageMatch> Of(AdvisoryVoice voice) => Of(other => other == voice);

    private IEnumerable<PackageMatch> Of(Predicate<AdvisoryVoice> isMeant) => matches.Where(match => isMeant(match.Key.Voice));

    private HashSet<string> NamesOf(IEnumerable<Posting> postings) =>
        postings.SelectMany(posting => posting.Names ?? advisory(posting.Advisory).Names).ToHashSet(StringComparer.Ordinal);
}
