namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>What is known of a feed between two runs; kept beside its pack.</summary>
public sealed record FeedState
{
    /// <summary>The form of packs and states; those of another form are read anew.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; }

    /// <summary>Which build of this program has read the documents: another one may read more out of the very same.</summary>
    public string Reader { get; init; } = "";

    /// <summary>Where the documents came from; their validators mean nothing elsewhere.</summary>
    public string Location { get; init; } = "";

    /// <summary>The file with the records; null before the first run that got any.</summary>
    public string? Pack { get; init; }

    /// <summary>Records in the pack.</summary>
    public int Records { get; init; }

    /// <summary>When a run last got an answer about all of its documents.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When the pack was last written.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>What went wrong in the last run; null if nothing did.</summary>
    public FeedFailure? LastFailure { get; init; }

    /// <summary>What the last run refused, since it had lost too many records.</summary>
    public IReadOnlyList<RefusedShrink> Refused { get; init; } = [];

    /// <summary>The documents whose records are in the pack, by path.</summary>
    public IReadOnlyDictionary<string, DocumentState> Documents { get; init; } = new Dictionary<string, DocumentState>();

    /// <summary>The latest date among the records; null if they have none.</summary>
    public DateTimeOffset? NewestRecord => Documents.Values.Max(document => document.NewestRecord);
}

/// <summary>What is known of one document of a feed.</summary>
public sealed record DocumentState
{
    /// <summary>Its ETag or date.</summary>
    public string? Validator { get; init; }

    /// <summary>When it was read, or last found unchanged.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>The latest date among its records, parts included, that is not in the future; up to it nothing is missing.</summary>
    public DateTimeOffset? NewestRecord { get; init; }

    /// <summary>Its records in the pack, parts included.</summary>
    public int Records { get; init; }

    /// <summary>Records of it that had something malformed when it was read.</summary>
    public int Malformed { get; init; }

    /// <summary>What was left out of it when it was read, by reason.</summary>
    public IReadOnlyDictionary<string, int> Skipped { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether it was read by another build of this program or from elsewhere: it serves until it has been read again.</summary>
    public bool IsOutdated { get; init; }
}

/// <summary>Why a run failed, in part or as a whole.</summary>
public sealed record FeedFailure(DateTimeOffset At, string Reason);

/// <summary>A document, or a whole feed, that was not taken since it had lost too many records.</summary>
/// <param name="Document">Its path; null for the feed.</param>
/// <param name="Was">Records it had.</param>
/// <param name="Is">Records it has now.</param>
/// <param name="At">When.</param>
public sealed record RefusedShrink(string? Document, int Was, int Is, DateTimeOffset At);
