using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>One inventory being matched: what was found is remembered, since many packages are built from one source.</summary>
internal sealed class InventoryMatch(AdvisoryLookup lookup, DistributionAdvisories? distribution)
{
    private const int NamedAdvisories = 3;
    private const int ShownVersionLength = 80;
    private const int MaxWarnings = 500;

    // A real image with thirty packages of a kernel has 100,000 findings. A made one with 100,000 versions of the kernel would have 400 million.
    private const int MaxFindings = 500_000;

    // What advisories say about one package each, compared with one version: some seconds.
    private const int MaxComparisons = 3_000_000;

    private readonly FindingComposer _composer = new(lookup);
    private readonly Dictionary<AdvisoryKey, KeyMatch> _matches = [];
    private readonly List<InventoryWarning> _warnings = [];
    private readonly SortedDictionary<string, int> _packagesWithoutOrder = new(StringComparer.Ordinal);

    private int _findings;
    private int _comparisons;
    private int _unmatched;
    private int _warningsLeftOut;

    /// <summary>The package's findings, ordered by CVE; none, which <see cref="Warnings"/> then says, once the image has had more than is sane.</summary>
    public IReadOnlyList<Finding> FindingsOf(Package package)
    {
        if (_findings >= MaxFindings || _comparisons >= MaxComparisons)
        {
            _unmatched++;
            return [];
        }

        IReadOnlyList<Finding> findings = AllFindingsOf(package);
        _findings += findings.Count;
        return findings;
    }

    public IReadOnlyList<InventoryWarning> Warnings()
    {
        var all = new List<InventoryWarning>(_warnings);
        all.AddRange(_packagesWithoutOrder.Select(count => new InventoryWarning(
            "",
            $"Cannot tell whether {count.Value} packages of {count.Key} with advisories are affected: its order of versions is not known here.")));
        if (_warningsLeftOut > 0)
        {
            all.Add(new InventoryWarning("", $"Of {_warningsLeftOut} more packages it cannot be told whether they are affected by an advisory."));
        }

        if (_unmatched > 0)
        {
            all.Add(new InventoryWarning("", $"{_unmatched} packages were not matched: the image has more findings than any real one."));
        }

        return all;
    }

    private IReadOnlyList<Finding> AllFindingsOf(Package package)
    {
        KeyMatch[] matches = [.. AdvisoryKey.Of(package, distribution).Select(Matched)];
        foreach (var match in matches)
        {
            Warn(package, match);
        }

        return matches.Count(match => match.Findings.Count > 0) switch
        {
            0 => [],
            1 => matches.First(match => match.Findings.Count > 0).Findings,
            // Found under the source's name and its own, or under both spellings of a release.
            _ => Compose([.. matches.SelectMany(match => match.Hits)]),
        };
    }

    private KeyMatch Matched(AdvisoryKey key)
    {
        if (_matches.TryGetValue(key, out var known))
        {
            return known;
        }

        var hits = new List<AdvisoryHit>();
        var untold = new List<int>();
        bool noOrder = false;
        IReadOnlyList<Posting> postings = lookup.Find(key.Ecosystem, key.Name);
        _comparisons += postings.Count;
        foreach (var posting in postings)
        {
            var affected = AffectedVersions.Of(posting, key.Ecosystem, key.Version);
            switch (affected.Verdict)
            {
                case AffectedVerdict.Affected:
                    hits.Add(new AdvisoryHit(lookup.Advisory(posting.Advisory), posting, key.Ecosystem, affected.Fixes));
                    break;
                case AffectedVerdict.NoVersion:
                    untold.Add(posting.Advisory);
                    break;
                case AffectedVerdict.NoOrder:
                    noOrder = true;
                    break;
                default:
                    break;
            }
        }

        return _matches[key] = new KeyMatch(key, hits, Compose(hits), untold, noOrder);
    }

    private List<Finding> Compose(List<AdvisoryHit> hits) =>
    [
        .. hits.SelectMany(hit => (hit.Posting.Names ?? hit.Advisory.Names).Select(name => (Name: name, Hit: hit)))
            .GroupBy(named => named.Name, named => named.Hit, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => _composer.Compose(group.Key, [.. group])),
    ];

    private void Warn(Package package, KeyMatch match)
    {
        string ecosystem = match.Key.Ecosystem.ToString();
        if (match.NoOrder)
        {
            _packagesWithoutOrder[ecosystem] = _packagesWithoutOrder.GetValueOrDefault(ecosystem) + 1;
        }

        if (match.Untold.Count > 0)
        {
            string ids = string.Join(", ", match.Untold.Take(NamedAdvisories).Select(number => lookup.Advisory(number).Id));
            string more = match.Untold.Count > NamedAdvisories ? $" and {match.Untold.Count - NamedAdvisories} more" : "";
            string version = match.Key.Version.Length > ShownVersionLength ? match.Key.Version[..ShownVersionLength] + "…" : match.Key.Version;
            if (_warnings.Count >= MaxWarnings)
            {
                _warningsLeftOut++;
                return;
            }

            _warnings.Add(new InventoryWarning(
                package.Path,
                $"Cannot tell whether {package.Name} {version} is affected by {ids}{more}: its version or theirs is no version of {ecosystem}."));
        }
    }

    // Untold: numbers of the advisories about which nobody can tell. NoOrder: there are advisories, but no order of versions.
    private sealed record KeyMatch(
        AdvisoryKey Key, IReadOnlyList<AdvisoryHit> Hits, IReadOnlyList<Finding> Findings, IReadOnlyList<int> Untold, bool NoOrder);
}
