namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Counts what becomes of the records of one feed while a snapshot is built.</summary>
internal sealed class FeedTally(string name)
{
    public const string Withdrawn = "withdrawn";
    public const string Superseded = "older revision";
    public const string WithoutRelease = "of a distribution without release";
    public const string NothingToMatch = "nothing to match";
    public const string TooLarge = "too large";
    public const string Replaced = "replaced by the vendor's own";
    public const string Rejected = "about a rejected CVE";
    public const string OfNoAdvisory = "about a CVE of no advisory";
    public const string NoCve = "its id is no CVE";

    // Red Hat has a document for each CVE.
    private const int MaxSources = 100;

    private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SnapshotSource> _sources = new(StringComparer.Ordinal);
    private DateTimeOffset _newest;
    private int _records;
    private int _used;

    public string Licence { get; set; } = "";

    public DateTimeOffset? CheckedAt { get; set; }

    public void Read(FeedRecord record, DateTimeOffset? date)
    {
        _records++;
        _newest = Later(_newest, date);
        if (record is Advisory)
        {
            string source = _sources.ContainsKey(record.Source) || _sources.Count < MaxSources ? record.Source : $"{name}: other documents";
            SnapshotSource known = _sources.GetValueOrDefault(source) ?? new SnapshotSource(source, 0, null);
            _sources[source] = known with { Advisories = known.Advisories + 1, NewestRecord = DateOf(Later(known.NewestRecord ?? default, date)) };
        }
    }

    public void Use(int count = 1) => _used += count;

    public void Skip(string reason, int count = 1)
    {
        if (count > 0)
        {
            _skipped[reason] = _skipped.GetValueOrDefault(reason) + count;
        }
    }

    public int SkippedFor(string reason) => _skipped.GetValueOrDefault(reason);

    public IEnumerable<SnapshotSource> Sources => _sources.Values;

    public SnapshotFeed Feed => new(
        name, Licence, _records, _used, DateOf(_newest), [.. _skipped.Select(skipped => new SkippedRecords(skipped.Key, skipped.Value))], CheckedAt);

    // Year 1 is how Go's own files say "not yet dated".
    public static DateTimeOffset? DateOf(DateTimeOffset newest) => newest.Year > 1 ? newest : null;

    private static DateTimeOffset Later(DateTimeOffset known, DateTimeOffset? date) => date > known ? date.Value : known;
}
