using System.Text.Json;
using static ImageScan.Core.Vulnerabilities.Database.SnapshotFormat;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Builds a snapshot: first all records of all feeds, in any order, then <see cref="Write"/>. For one thread.</summary>
public sealed class SnapshotBuilder : IDisposable
{
    private readonly SnapshotTexts _texts;
    private readonly SnapshotSpool _spool = new();
    private readonly Dictionary<string, SpooledAdvisory> _advisories = new(StringComparer.Ordinal);
    private readonly SnapshotKeys _keys = new();
    private readonly SpooledCves _cves;
    private readonly Dictionary<string, RepositoryCpes> _repositories = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), ReleaseEnd> _ends = [];
    private readonly HashSet<ulong> _wantedCves = [];
    private readonly Dictionary<string, SnapshotSource> _sources = new(StringComparer.Ordinal);
    private readonly RecordWriter _scratch = new();

    public SnapshotBuilder(SnapshotTexts texts)
    {
        _texts = texts;
        _cves = new SpooledCves(_spool);
    }

    /// <summary>What was left out so far, and why.</summary>
    public SkippedAdvisories Skipped { get; private set; } = new(0, 0, 0, 0);

    /// <summary>Takes whatever a feed says.</summary>
    public void Add(FeedRecord record)
    {
        switch (record)
        {
            case Advisory advisory:
                Add(advisory);
                break;
            case CveMetadata cve:
                Add(cve);
                break;
            case RepositoryCpes repository:
                _repositories[repository.Repository] = repository;
                break;
            case ReleaseEnd end:
                _ends[(end.DistributionId, end.Release)] = end;
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Takes an advisory. Of two with the same id the later modified one stays. One that is withdrawn, or names no package and version that
    /// could be matched, only hides older ones of its id.
    /// </summary>
    public void Add(Advisory advisory)
    {
        Count(advisory);
        if (_advisories.TryGetValue(advisory.Id, out var known))
        {
            Skipped = Skipped with { Superseded = Skipped.Superseded + 1 };
            if (known.Modified >= advisory.Modified)
            {
                return;
            }
        }

        _advisories[advisory.Id] = Spool(advisory);
    }

    /// <summary>
    /// Takes what one source says about a CVE. It gets into the snapshot together with what the others say, if an advisory is about that CVE and
    /// nobody has rejected it.
    /// </summary>
    public void Add(CveMetadata cve) => _cves.TryAdd(cve);

    /// <summary>
    /// Writes the snapshot; what was at <paramref name="path"/> is replaced whole or not at all. Call it once. Throws
    /// <see cref="AdvisoryDatabaseException"/> if the file cannot be written.
    /// </summary>
    /// <returns>What is in it, and its length in bytes.</returns>
    public (SnapshotDescription Description, long FileBytes) Write(string path, DateTimeOffset builtAt)
    {
        try
        {
            using var file = new SnapshotFileWriter(path);
            _spool.Seal();
            var live = Ordered();
            var sections = new SnapshotSections(file, _spool, _keys);
            sections.WriteAdvisories(live);
            sections.WritePostings(live);
            int cves = sections.WriteCves(_cves.Merged(_wantedCves.Contains).Where(merged => !merged.Cve.IsRejected));
            sections.WriteProducts(_repositories.Values, _ends.Values);
            var description = Describe(live, cves, builtAt);
            file.Write(Section.Description, JsonSerializer.SerializeToUtf8Bytes(description));
            return (description, file.Commit());
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new AdvisoryDatabaseException($"The advisory snapshot {path} cannot be written: {broken.Message}", broken);
        }
    }

    public void Dispose() => _spool.Dispose();

    private void Count(Advisory advisory)
    {
        var source = _sources.GetValueOrDefault(advisory.Source) ?? new SnapshotSource(advisory.Source, 0, null);
        _sources[advisory.Source] = source with
        {
            Advisories = source.Advisories + 1,
            NewestRecord = NewestOf([source.NewestRecord ?? default, advisory.Modified]),
        };
    }

    private SpooledAdvisory Spool(Advisory advisory)
    {
        if (advisory.Withdrawn is not null)
        {
            Skipped = Skipped with { Withdrawn = Skipped.Withdrawn + 1 };
            return new SpooledAdvisory(advisory);
        }

        var matchable = advisory.Affected.Where(affected => affected.Versions.Count + affected.Ranges.Count > 0).ToList();
        var postings = matchable.Where(affected => !affected.Ecosystem.LacksRelease).Select(Spool).ToArray();
        if (postings.Length == 0)
        {
            Skipped = matchable.Count > 0
                ? Skipped with { WithoutRelease = Skipped.WithoutRelease + 1 }
                : Skipped with { NothingToMatch = Skipped.NothingToMatch + 1 };
            return new SpooledAdvisory(advisory);
        }

        _scratch.Clear();
        AdvisoryRecord.WriteBody(_scratch, advisory, _texts);
        var spooled = new SpooledAdvisory(advisory) { Body = _spool.Append(_scratch.Written), Postings = postings };
        foreach (string name in spooled.Cves)
        {
            _ = CveId.TryParse(name, out ulong key);
            _wantedCves.Add(key);
        }

        return spooled;
    }

    private SpooledPosting Spool(AffectedPackage affected)
    {
        _scratch.Clear();
        Posting.Write(_scratch, affected, OutsideRanges(affected));
        return new SpooledPosting(_keys.NumberOf(affected.Ecosystem, affected.Name), _spool.Append(_scratch.Written));
    }

    // Records of PyPI list every version that their ranges hold: half of the starter set's bytes, and no answer depends on it.
    private static List<string> OutsideRanges(AffectedPackage affected) =>
        [.. affected.Versions.Where(version => !affected.Ranges.Any(range =>
            range.SchemeIn(affected.Ecosystem) is { } scheme && scheme.Places(version) && range.Holds(version, scheme, out _) == RangeVerdict.Affected))];

    // By the first package, so that the texts of an image's packages lie together.
    private List<SpooledAdvisory> Ordered()
    {
        var live = _advisories.Values.Where(advisory => advisory.Postings.Length > 0).ToList();
        live.Sort((left, right) =>
        {
            int order = string.CompareOrdinal(_keys.TextOf(left.Postings[0].Key), _keys.TextOf(right.Postings[0].Key));
            return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
        });
        return live;
    }

    // Year 1 is how Go's own files say "not yet dated".
    private static DateTimeOffset? NewestOf(IEnumerable<DateTimeOffset> dates) => dates.Max() is { Year: > 1 } newest ? newest : null;

    private SnapshotDescription Describe(List<SpooledAdvisory> live, int cves, DateTimeOffset builtAt)
    {
        var ecosystems = live
            .SelectMany(advisory => advisory.Postings.Select(posting => _keys.EcosystemOf(posting.Key)).Distinct()
                .Select(ecosystem => (ecosystem, advisory.Modified)))
            .GroupBy(pair => pair.ecosystem, pair => pair.Modified);
        return new SnapshotDescription
        {
            BuiltAt = builtAt,
            NewestRecord = _sources.Values.Max(source => source.NewestRecord),
            FactsOnly = _texts == SnapshotTexts.FactsOnly,
            Advisories = live.Count,
            Packages = live.SelectMany(advisory => advisory.Postings).Select(posting => posting.Key).Distinct().Count(),
            Cves = cves,
            Sources = [.. _sources.Values.OrderBy(source => source.Name, StringComparer.Ordinal)],
            Ecosystems = [.. ecosystems.Select(dates => new EcosystemCount(dates.Key, dates.Count(), NewestOf(dates)))
                .OrderBy(count => count.Ecosystem, StringComparer.Ordinal)],
        };
    }
}

/// <summary>Advisories that a snapshot does without.</summary>
/// <param name="Withdrawn">Taken back by their source.</param>
/// <param name="Superseded">Records with the id of another one; the later modified one is kept.</param>
/// <param name="WithoutRelease">About a distribution, of no release.</param>
/// <param name="NothingToMatch">Without a package, or without versions of it but in a source repository.</param>
public sealed record SkippedAdvisories(int Withdrawn, int Superseded, int WithoutRelease, int NothingToMatch)
{
    public int Total => Withdrawn + Superseded + WithoutRelease + NothingToMatch;
}
