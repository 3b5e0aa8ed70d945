namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Takes down what feeds read, and what they could not.</summary>
public sealed class FeedReport
{
    private const int KeptReasons = 10;

    private readonly List<string> _reasons = [];
    private readonly List<FailedSource> _failed = [];

    /// <summary>Records with something malformed in them, those that could be used in part included.</summary>
    public int Malformed { get; private set; }

    /// <summary>What was malformed in the first few of them.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>Archives that could not be read at all, or not to their end.</summary>
    public IReadOnlyList<FailedSource> Failed => _failed;

    public void AddMalformed(string record, string reason)
    {
        Malformed++;
        if (_reasons.Count < KeptReasons)
        {
            _reasons.Add($"{record}: {reason}");
        }
    }

    public void AddFailed(string source, string reason) => _failed.Add(new FailedSource(source, reason));
}

/// <summary>A source that failed, and why.</summary>
public sealed record FailedSource(string Name, string Reason);
