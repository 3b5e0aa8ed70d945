using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>How a refresh went.</summary>
public sealed record RefreshOutcome
{
    /// <summary>Of each feed that is on, in the order of the catalogue.</summary>
    public required IReadOnlyList<FeedOutcome> Feeds { get; init; }

    /// <summary>The snapshot, with the last good data of feeds that failed.</summary>
    public required string Path { get; init; }

    /// <summary>What is in it.</summary>
    public required SnapshotDescription Description { get; init; }

    /// <summary>What was left out of it.</summary>
    public required SkippedAdvisories Skipped { get; init; }

    public required long FileBytes { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether all feeds gave what they have now.</summary>
    public bool IsGood => Feeds.All(feed => feed.IsGood);

    /// <summary>Whether any feed has other records than after the run before; if not, the snapshot says what the one before it said.</summary>
    public bool IsChanged => Feeds.Any(feed => feed.IsChanged);

    /// <summary>Feeds that are on and of which there is nothing, not even of earlier runs: what they would find is missing in the snapshot.</summary>
    public IEnumerable<FeedOutcome> Missing => Feeds.Where(feed => feed.State.Records == 0);

    /// <summary>
    /// Throws <see cref="AdvisoryDatabaseException"/> if OSV, which most findings come from, is on and has never been read whole: such a snapshot
    /// would take the place of better ones, the starter set among them, and stay there until the next.
    /// </summary>
    public void EnsurePublishable()
    {
        if (Feeds.FirstOrDefault(feed => feed.Feed.Name == OsvFeed.FeedName && (feed.State.Records == 0 || feed.IsBegun)) is { } osv)
        {
            string why = osv.Failed is [var first, ..] ? $" {first.Reason}" : "";
            throw new AdvisoryDatabaseException(
                $"Nothing is published while {osv.Feed.Title} has never been read whole.{why} Feeds__osv__Url may lead to a mirror, and "
                + "Feeds__osv__Enabled=false does without it.");
        }
    }
}
