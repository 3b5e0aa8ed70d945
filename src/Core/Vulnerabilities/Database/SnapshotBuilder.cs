using System.Text.Json;
using static ImageScan.Core.Vulnerabilities.Database.SnapshotFormat;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Builds a snapshot: first all records of all feeds, in any order, then <see cref="Write"/>. Holds numbers and ids in memory, all else in
/// temporary files. For one thread.
/// </summary>
public sealed class SnapshotBuilder : IDisposable
{
    // Real ones have some dozens of CPEs.
    private const int MaxRepositoryLength = MaxRecordBytes / 8;

    private readonly SnapshotTexts _texts;
    private readonly SnapshotSpool _spool = new();
    private readonly FeedTallies _feeds = new();
    private readonly SnapshotKeys _keys = new();
    private readonly SpooledAdvisories _advisories;
    private readonly SpooledCves _cves;
    private readonly Dictionary<string, RepositoryCpes> _repositories = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), ReleaseEnd> _ends = [];

    public SnapshotBuilder(SnapshotTexts texts)
    {
        _texts = texts;
        _advisories = new SpooledAdvisories(_spool, _keys, texts);
        _cves = new SpooledCves(_spool, _feeds);
    }

    /// <summary>Which advisories were left out, and why; known after <see cref="Write"/>.</summary>
    public SkippedAdvisories Skipped { get; private set; } = new(0, 0, 0, 0);

    /// <summary>Says what people should know of a feed: the snapshot tells it with what it took from it.</summary>
    /// <param name="feed">As in <see cref="FeedRecord.Feed"/>.</param>
    /// <param name="licence">Of its data, in a few words.</param>
    /// <param name="checkedAt">When all of its documents were last read or found unchanged; null if nobody knows: copies may be of any age.</param>
    public void Describe(string feed, string licence, DateTimeOffset? checkedAt)
    {
        FeedTally described = _feeds[_feeds.NumberOf(feed)];
        described.Licence = licence;
        described.CheckedAt = checkedAt;
    }

    /// <summary>
    /// Takes whatever a feed says. Of two advisories of one feed with the same id the later modified one stays, and so of two statements about a
    /// CVE; of equally old ones, and of other records, the one that came last. An advisory that is withdrawn, or names no package and version
    /// that could be matched, only hides older ones. What is said about a CVE gets into the snapshot together with what other feeds say, if an
    /// advisory is about it and nobody has rejected it.
    /// </summary>
    public void Add(FeedRecord record)
    {
        short number = _feeds.NumberOf(record.Feed);
        FeedTally feed = _feeds[number];
        switch (record)
        {
            case Advisory advisory:
                feed.Read(advisory, advisory.Modified);
                _advisories.Add(advisory, number);
                break;
            case CveMetadata cve:
                feed.Read(cve, cve.LastModified);
                _cves.Add(cve, number);
                break;
            case RepositoryCpes repository when repository.Cpes.Sum(cpe => (long)cpe.Length) + repository.Repository.Length > MaxRepositoryLength:
                feed.Read(repository, null);
                feed.Skip(FeedTally.TooLarge);
                break;
            case RepositoryCpes repository:
                feed.Read(repository, null);
                Count(feed, _repositories.TryAdd(repository.Repository, repository));
                _repositories[repository.Repository] = repository;
                break;
            case ReleaseEnd end:
                feed.Read(end, null);
                Count(feed, _ends.TryAdd((end.DistributionId, end.Release), end));
                _ends[(end.DistributionId, end.Release)] = end;
                break;
            default:
                break;
        }
    }

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
            int[] ranks = _keys.Ranks();
            var live = new LiveAdvisories(_advisories, _feeds, ranks, _cves.Rejected());
            var sections = new SnapshotSections(file);
            SnapshotContents contents = sections.WritePostings(live, _keys, ranks, new PostingGroups(_spool));
            sections.WriteAdvisories(live, contents);
            int cves = sections.WriteCves(_cves.Merged(contents.Cves.Contains));
            sections.WriteProducts(_repositories.Values, _ends.Values);
            Tally(live, contents);
            var description = Describe(contents, cves, builtAt);
            file.Write(Section.Description, JsonSerializer.SerializeToUtf8Bytes(description));
            return (description, file.Commit());
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new AdvisoryDatabaseException($"The advisory snapshot {path} cannot be written: {broken.Message}", broken);
        }
    }

    public void Dispose() => _spool.Dispose();

    private static void Count(FeedTally feed, bool isFirst)
    {
        if (isFirst)
        {
            feed.Use();
        }
        else
        {
            feed.Skip(FeedTally.Superseded);
        }
    }

    // Each advisory counts once: as used, or for one reason as left out.
    private void Tally(LiveAdvisories live, SnapshotContents contents)
    {
        foreach (SpooledAdvisory advisory in _advisories.All)
        {
            if (ReasonOf(advisory.State) is { } reason)
            {
                _feeds[advisory.Feed].Skip(reason);
            }
        }

        for (int number = 0; number < live.Count; number++)
        {
            if (contents.Uses(number))
            {
                _feeds[live[number].Feed].Use();
            }
            else
            {
                _feeds[live[number].Feed].Skip(FeedTally.Replaced);
            }
        }

        foreach (var (feed, count) in _advisories.Superseded)
        {
            _feeds[feed].Skip(FeedTally.Superseded, count);
        }

        Skipped = new SkippedAdvisories(
            CountOf(FeedTally.Withdrawn), _advisories.Superseded.Values.Sum(), CountOf(FeedTally.WithoutRelease), CountOf(FeedTally.NothingToMatch))
        {
            Replaced = CountOf(FeedTally.Replaced),
        };
    }

    private int CountOf(string reason) => _feeds.ByName.Sum(feed => feed.SkippedFor(reason));

    private static string? ReasonOf(SpooledState state) => state switch
    {
        SpooledState.Withdrawn => FeedTally.Withdrawn,
        SpooledState.WithoutRelease => FeedTally.WithoutRelease,
        SpooledState.NothingToMatch => FeedTally.NothingToMatch,
        SpooledState.TooLarge => FeedTally.TooLarge,
        _ => null,
    };

    private SnapshotDescription Describe(SnapshotContents contents, int cves, DateTimeOffset builtAt)
    {
        SnapshotSource[] sources = [.. _feeds.ByName.SelectMany(feed => feed.Sources)];
        return new SnapshotDescription
        {
            BuiltAt = builtAt,
            NewestRecord = sources.Max(source => source.NewestRecord),
            FactsOnly = _texts == SnapshotTexts.FactsOnly,
            Advisories = contents.Advisories,
            Packages = contents.Packages,
            Cves = cves,
            Feeds = [.. _feeds.ByName.Select(feed => feed.Feed)],
            Sources = [.. sources.OrderBy(source => source.Name, StringComparer.Ordinal)],
            Ecosystems = contents.Ecosystems,
        };
    }
}
