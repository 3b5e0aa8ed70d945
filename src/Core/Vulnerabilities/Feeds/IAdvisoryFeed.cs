namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Fetches and parses one public source of advisories.</summary>
public interface IAdvisoryFeed
{
    /// <summary>Where it reads from, for people.</summary>
    string Location { get; }

    /// <summary>
    /// Reads the source as a stream, one record in memory at a time. What cannot be read is told to <paramref name="report"/>; nothing of
    /// it ends the whole.
    /// </summary>
    IAsyncEnumerable<Advisory> ReadAsync(FeedReport report, CancellationToken cancellationToken);
}
