using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>One inventory being matched: what was found is remembered, since many packages are built from one source.</summary>
internal sealed class InventoryMatch
{
    private static readonly PackageMatch Nothing = new(default, [], [], [], [], false);

    private readonly AdvisoryLookup _lookup;
    private readonly DistributionAdvisories? _distribution;
    private readonly RedHatScope? _redHat;
    private readonly PackageVendors _vendors;
    private readonly FindingComposer _composer;
    private readonly MatchWarnings _warnings;
    private readonly Dictionary<AdvisoryKey, PackageMatch> _matches = [];
    private readonly Dictionary<PackageMatch[], IReadOnlyList<Finding>> _composed = new(new SameMatches());
    private readonly Dictionary<int, AdvisoryRecord> _advisories = [];
    private readonly Dictionary<string, CveMetadata?> _cves = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, int> _ofOtherManagers = new(StringComparer.Ordinal);

    private int _findings;
    private long _comparisons;
    private int _unmatched;
    private int _ofUntoldModules;

    /// <summary>Begins a match.</summary>
    /// <param name="lookup">The snapshot.</param>
    /// <param name="distribution">The image's; null if nothing is known of it.</param>
    /// <param name="redHat">Of which of its products packages are, where it is Red Hat's; else null.</param>
    /// <param name="vendors">Who built the image's packages.</param>
    public InventoryMatch(
        AdvisoryLookup lookup,
        DistributionAdvisories? distribution,
        RedHatScope? redHat,
        DistributionVendors vendors)
    {
        _lookup = lookup;
        _distribution = distribution;
        _redHat = redHat;
        _vendors = new PackageVendors(vendors);
        _composer = new FindingComposer(CveOf);
        _warnings = new MatchWarnings(number => AdvisoryHit.ShownId(AdvisoryOf(number).Id));
    }

    /// <summary>After so many findings no package has any more.</summary>
    internal int MaxFindings { get; init; } = FindingsByMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>
    /// Look-ups, and versions that advisories name, each compared with an installed one: some seconds. Of versions there are 18,000 for tensorflow alone.
    /// </summary>
    internal long MaxComparisons { get; init; } = 10_000_000;

    /// <summary>The package's findings, ordered by CVE; none, which <see cref="Warnings"/> then says, once the image has had more than is sane.</summary>
    public IReadOnlyList<Finding> FindingsOf(InstalledPackage installed)
    {
        if (_findings >= MaxFindings || _comparisons >= MaxComparisons)
        {
            _unmatched++;
            return [];
        }

        IReadOnlyList<Finding> findings = AllFindingsOf(installed);
        _findings += findings.Count;
        return findings;
    }

    public IReadOnlyList<InventoryWarning> Warnings()
    {
        var all = new List<InventoryWarning>(_warnings.All());
        if (_vendors.Warning() is { } others)
        {
            all.Add(others);
        }

        all.AddRange(_ofOtherManagers.Select(count => new InventoryWarning(
            "",
            $"{count.Value} packages of {count.Key} were not matched: the distribution's own are of {_distribution?.PackageType}.")));
        if (_ofUntoldModules > 0)
        {
            all.Add(new InventoryWarning(
                "",
                $"{_ofUntoldModules} packages were built in modules and do not say of which (rpmmod= in package URLs): advisories on modules were not held "
                + "against them."));
        }

        if (_unmatched > 0)
        {
            all.Add(new InventoryWarning(
                "",
                $"{_unmatched} packages were not matched: the image has more findings than there is memory for, or more to compare than any real one."));
        }

        return all;
    }

    /// <summary>
    /// How many findings of one image a process with so much memory may hold in half of it: an answer as JSON took 24 KB for each of 60,000. A real
    /// image with thirty packages of a kernel has 100,000; a made one with 100,000 versions of it would have 400 million, so there is an end for all.
    /// </summary>
    internal static int FindingsByMemory(long availableBytes) => (int)Math.Clamp(availableBytes / 2 / (24 << 10), 1_000, 500_000);

    private IReadOnlyList<Finding> AllFindingsOf(InstalledPackage installed)
    {
        PackageMatch[] matches = [.. KeysOf(installed).Select(Matched)];
        foreach (PackageMatch match in matches)
        {
            _warnings.Add(installed.Package, match);
        }

        if (matches.All(match => match.Hits.Count == 0))
        {
            return [];
        }

        PackageMatch[] speaking = Array.FindAll(matches, match => !match.SaysNothing);
        if (!_composed.TryGetValue(speaking, out IReadOnlyList<Finding>? findings))
        {
            findings = [.. new PackageVerdict(speaking, AdvisoryOf).Hits().Select(named => _composer.Compose(named.Key, named.Value))];
            _composed[speaking] = findings;
        }

        return findings;
    }

    private IEnumerable<AdvisoryKey> KeysOf(InstalledPackage installed)
    {
        Package package = installed.Package;
        if (package.Type.IsLanguage)
        {
            return AdvisoryKey.OfLanguage(package) is { } language ? [language] : [];
        }

        if (_distribution is not null && _distribution.PackageType != package.Type)
        {
            _ofOtherManagers[$"{package.Type}"] = _ofOtherManagers.GetValueOrDefault($"{package.Type}") + 1;
            return [];
        }

        if (_distribution is null || _vendors.IsOfOthers(package))
        {
            return [];
        }

        if (package.Type == PackageType.Rpm && package.Module is null && VersionStreams.IsModularBuild(package.Version))
        {
            _ofUntoldModules++;
        }

        PackageNames usual = _distribution.Names;
        return
        [
            .. Keys(_redHat?.EcosystemsOf(installed) ?? _distribution.Ecosystems, AdvisoryVoice.Own),
            .. Keys(_redHat?.MainStreamOf(installed) ?? [], AdvisoryVoice.MainStream),
            .. Keys(_distribution.Subscription, AdvisoryVoice.ForSubscribers),
        ];

        IEnumerable<AdvisoryKey> Keys(IReadOnlyList<OsvEcosystem> ecosystems, AdvisoryVoice voice) =>
            ecosystems.SelectMany(ecosystem => AdvisoryKey.OfSystem(package, ecosystem, usual, voice));
    }

    private PackageMatch Matched(AdvisoryKey key)
    {
        if (!_matches.TryGetValue(key, out PackageMatch? match))
        {
            IReadOnlyList<Posting> postings = _lookup.Find(key.Ecosystem, key.Name);
            _comparisons += 1 + postings.Sum(posting => 1 + posting.Versions.Count + posting.Ranges.Sum(range => range.Events.Count));
            if (postings.Count == 0)
            {
                // Not kept: most look-ups find nothing, and an image can ask for thousands of names in each of hundreds of products.
                return Nothing;
            }

            _matches[key] = match = PackageMatch.Of(key, postings, AdvisoryOf);
        }

        return match;
    }

    private AdvisoryRecord AdvisoryOf(int number)
    {
        if (!_advisories.TryGetValue(number, out AdvisoryRecord? record))
        {
            _advisories[number] = record = _lookup.Advisory(number);
        }

        return record;
    }

    private CveMetadata? CveOf(string name)
    {
        if (!_cves.TryGetValue(name, out CveMetadata? cve))
        {
            _cves[name] = cve = _lookup.Cve(name);
        }

        return cve;
    }

    /// <summary>The very same matches: each key has one.</summary>
    private sealed class SameMatches : IEqualityComparer<PackageMatch[]>
    {
        public bool Equals(PackageMatch[]? x, PackageMatch[]? y) =>
            x is not null && y is not null && x.AsSpan().SequenceEqual(y, ReferenceEqualityComparer.Instance);

        public int GetHashCode(PackageMatch[] obj)
        {
            var hash = default(HashCode);
            foreach (PackageMatch match in obj)
            {
                hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(match));
            }

            return hash.ToHashCode();
        }
    }
}
