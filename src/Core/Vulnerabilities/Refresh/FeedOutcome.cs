using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>How a run went with one feed.</summary>
public sealed record FeedOutcome
{
    public required FeedDescription Feed { get; init; }

    /// <summary>Where it was read from.</summary>
    public required string Location { get; init; }

    /// <summary>Documents that were asked for.</summary>
    public int Asked { get; init; }

    /// <summary>Those that are what they were.</summary>
    public int Unchanged { get; init; }

    /// <summary>Those that were read to their end.</summary>
    public int Read { get; init; }

    /// <summary>Documents that could not be read, or not to their end, and "" for the feed itself. Their records of earlier runs stay.</summary>
    public IReadOnlyList<FailedSource> Failed { get; init; } = [];

    /// <summary>What was not taken since it had lost too many records.</summary>
    public IReadOnlyList<RefusedShrink> Refused { get; init; } = [];

    /// <summary>Records that this run has read.</summary>
    public int NewRecords { get; init; }

    /// <summary>Whether records came, went or were replaced.</summary>
    public bool IsChanged { get; init; }

    /// <summary>Whether there was no time to read all of it, and what was read is all there is: nobody has ever seen it whole.</summary>
    public bool IsBegun { get; init; }

    /// <summary>What was malformed in the first few documents of this run.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What is known of it after this run, its records of earlier runs included.</summary>
    public required FeedState State { get; init; }

    /// <summary>Whether its data are what the source has now.</summary>
    public bool IsGood => Failed.Count == 0 && Refused.Count == 0;

    /// <summary>Records with something malformed among all that are in use.</summary>
    public int Malformed => State.Documents.Values.Sum(document => document.Malformed);

    /// <summary>What was left out of all documents in use, by reason.</summary>
    public IReadOnlyDictionary<string, int> Skipped => new SortedDictionary<string, int>(
        State.Documents.Values.SelectMany(document => document.Skipped).GroupBy(skipped => skipped.Key, skipped => skipped.Value)
            .ToDictionary(skipped => skipped.Key, skipped => skipped.Sum()),
        StringComparer.Ordinal);
}
