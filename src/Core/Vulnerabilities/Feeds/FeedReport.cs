namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Takes down what a feed read, and what it could not or did not use.</summary>
public sealed class FeedReport
{
    private const int KeptReasons = 10;

    private readonly List<string> _reasons = [];
    private readonly List<FailedSource> _failed = [];
    private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);

    /// <summary>Records with something malformed in them, those that could be used in part included.</summary>
    public int Malformed { get; private set; }

    /// <summary>What was malformed in the first few of them.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>Documents that could not be read at all, or not to their end.</summary>
    public IReadOnlyList<FailedSource> Failed => _failed;

    /// <summary>How many records (or statements of records) were left out, by reason.</summary>
    public IReadOnlyDictionary<string, int> Skipped => _skipped;

    public void AddMalformed(string record, string reason)
    {
        Malformed++;
        if (_reasons.Count < KeptReasons)
        {
            _reasons.Add($"{record}: {reason}");
        }
    }

    public void AddFailed(string source, string reason) => _failed.Add(new FailedSource(source, reason));

    /// <summary>Takes over what another report, of one document, says; what failed in it is for the caller to say.</summary>
    public void Take(FeedReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Malformed += other.Malformed;
        _reasons.AddRange(other._reasons.Take(KeptReasons - _reasons.Count));
        foreach ((string reason, int count) in other._skipped)
        {
            AddSkipped(reason, count);
        }
    }

    /// <summary>Takes down that something well-formed was left out on purpose.</summary>
    /// <param name="reason">The same few words for all of a kind: <c>about no package</c>.</param>
    /// <param name="count">How many.</param>
    public void AddSkipped(string reason, int count = 1) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + count;
}

/// <summary>A source that failed, and why.</summary>
public sealed record FailedSource(string Name, string Reason);
