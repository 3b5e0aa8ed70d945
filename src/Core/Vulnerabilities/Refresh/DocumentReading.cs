using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>One document while it is read.</summary>
/// <param name="planned">Which it is.</param>
/// <param name="now">When it is read.</param>
internal sealed class DocumentReading(PlannedDocument planned, DateTimeOffset now)
{
    /// <summary>More than all feeds together have today.</summary>
    public const int MaxRecords = 20_000_000;

    private readonly HashSet<UInt128> _keys = [];

    public FeedReport Report { get; } = new();

    public PlannedDocument Planned => planned;

    public bool IsPart => planned.PartOf is not null;

    /// <summary>The document that its records belong to.</summary>
    public string Target => planned.PartOf ?? planned.Path;

    public int Records { get; private set; }

    /// <summary>What a part replaces.</summary>
    public IReadOnlyCollection<UInt128> Keys => _keys;

    public DateTimeOffset? NewestRecord { get; private set; }

    public void Add(FeedRecord record, FeedSpool spool)
    {
        if (Records == MaxRecords)
        {
            throw new InvalidDataException($"It holds more than {MaxRecords} records.");
        }

        if (!spool.TryAdd(Target, record))
        {
            Report.AddMalformed(record.Key, "is too large");
            return;
        }

        Records++;
        if (IsPart)
        {
            _keys.Add(FeedPack.HashOf(Target, record.Key));
        }

        // One of tomorrow would hide what changes today.
        if (DateOf(record) is { } date && date <= now && !(date <= NewestRecord))
        {
            NewestRecord = date;
        }
    }

    public DocumentState ToState(string? validator) => new()
    {
        Validator = validator,
        ReadAt = now,
        NewestRecord = NewestRecord,
        Records = Records,
        Malformed = Report.Malformed,
        Skipped = new SortedDictionary<string, int>(Report.Skipped.ToDictionary(), StringComparer.Ordinal),
    };

    private static DateTimeOffset? DateOf(FeedRecord record) => record switch
    {
        Advisory advisory => advisory.Modified,
        CveMetadata cve => cve.LastModified,
        _ => null,
    };
}
