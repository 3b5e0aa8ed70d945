namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// One public source: which documents it has and how one of them is read. Fetching, asking only for what changed, keeping the last good data
/// and refusing what shrank are the same for all and done by <c>Refresh</c>.
/// </summary>
public interface IAdvisoryFeed
{
    FeedDescription Description { get; }

    /// <summary>Whether a file in a folder of copies is a document of this feed.</summary>
    /// <param name="path">Its path below the folder, with slashes; the same layout as below the feed's address, or any folders around it.</param>
    bool Recognises(string path);

    /// <summary>
    /// The documents to ask for below an address; may read the source's own indexes by <see cref="FeedSource.OpenAsync"/>. Throws
    /// <see cref="FeedException"/> if it cannot tell.
    /// </summary>
    /// <param name="source">The feed's address.</param>
    /// <param name="known">What earlier runs have read, by path; empty on the first run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken);

    /// <summary>
    /// Reads one document as a stream, one record in memory at a time. What is malformed in it is told to <paramref name="report"/> and ends
    /// nothing. Throws <see cref="FeedException"/>, or what the stream throws (<see cref="IOException"/>, <see cref="InvalidDataException"/>),
    /// if the document cannot be read, or not to its end.
    /// </summary>
    /// <returns>The records; <see cref="FeedRecord.Source"/> and <see cref="FeedRecord.Feed"/> are filled by the caller.</returns>
    IAsyncEnumerable<FeedRecord> ReadAsync(FeedDocument document, FeedReport report, CancellationToken cancellationToken);
}

/// <summary>What a feed is, for people and settings.</summary>
public sealed record FeedDescription
{
    /// <summary>Short and unique, of lower-case letters, digits and dashes: <c>debian</c>. In settings <c>Feeds__debian__Url</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For people: <c>Debian security tracker</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The licence of its data in a few words, with its page where there is one.</summary>
    public required string Licence { get; init; }

    /// <summary>Where it is fetched from unless a setting says otherwise: the folder of its documents, or the document itself.</summary>
    public required string Address { get; init; }

    /// <summary>Why it is off unless a setting turns it on; null if it is on.</summary>
    public string? OffBecause { get; init; }

    /// <summary>What a copy of the document at <see cref="Address"/> itself is called: the last part of it; "" if there is none.</summary>
    public string DocumentName => Uri.TryCreate(Address, UriKind.Absolute, out Uri? address) ? Uri.UnescapeDataString(address.Segments[^1].TrimEnd('/')) : "";
}

/// <summary>Which documents a run asks for, and what becomes of the records of earlier runs.</summary>
public sealed record FeedPlan
{
    /// <summary>In the order in which they are read.</summary>
    public required IReadOnlyList<PlannedDocument> Documents { get; init; }

    /// <summary>Documents whose records of earlier runs stay without asking. Those of all others that the plan does not name go.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>Records of earlier runs that are gone, by document and <see cref="FeedRecord.Key"/>.</summary>
    public IReadOnlyList<DeletedRecord> Deleted { get; init; } = [];
}

/// <summary>A document to ask for.</summary>
/// <param name="Path">Below the feed's address; "" for the address itself.</param>
/// <param name="PartOf">
/// Null if it is all there is of its path; else the document whose records it adds to, replacing those of the same key: that one's others stay.
/// </param>
public sealed record PlannedDocument(string Path, string? PartOf = null)
{
    /// <summary>Whether it holds what happened in the last days, so that it may have a few records today where it had many.</summary>
    public bool IsWindow { get; init; }
}

public sealed record DeletedRecord(string Document, string Key);

/// <summary>What is known of a document that an earlier run has read.</summary>
/// <param name="Validator">Its ETag or date, as the server wrote it; null if it gave none.</param>
/// <param name="ReadAt">When it was read as a whole, or last found unchanged.</param>
/// <param name="NewestRecord">
/// The latest date among its records that is not in the future, parts included unless one of those planned with them could not be read; null if
/// they have none.
/// </param>
public sealed record KnownDocument(string? Validator, DateTimeOffset ReadAt, DateTimeOffset? NewestRecord);

/// <summary>A feed that cannot be read. The message says what was asked for and what came back.</summary>
public sealed class FeedException(string message, Exception? inner = null) : Exception(message, inner);
