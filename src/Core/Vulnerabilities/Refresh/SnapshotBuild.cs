using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>How the build of a snapshot went.</summary>
public sealed record SnapshotBuild
{
    public required string Path { get; init; }

    public required SnapshotDescription Description { get; init; }

    /// <summary>How each feed was read, in order; a feed has one for each location that has documents of it.</summary>
    public required IReadOnlyList<FeedRun> Runs { get; init; }

    /// <summary>Records read from all feeds.</summary>
    public int Records => Runs.Sum(run => run.Records);

    /// <summary>Records with something malformed; also those that were used in part.</summary>
    public int Malformed => Runs.Sum(run => run.Report.Malformed);

    /// <summary>Documents that could not be read, or not to their end.</summary>
    public IEnumerable<FailedSource> Failed => Runs.SelectMany(run => run.Report.Failed);

    /// <summary>Files that no feed recognises.</summary>
    public required IReadOnlyList<string> Unrecognised { get; init; }

    public required SkippedAdvisories Skipped { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The most memory this process has had so far.</summary>
    public required long PeakMemoryBytes { get; init; }

    public required long FileBytes { get; init; }
}

/// <summary>How one feed was read.</summary>
/// <param name="Feed">Which it is.</param>
/// <param name="Location">Where it was read from.</param>
/// <param name="Documents">Documents asked for.</param>
/// <param name="Records">Records read.</param>
/// <param name="NotChosen">Records that the choice of the build does not take: a starter set takes some sources only.</param>
/// <param name="Report">What was malformed, skipped and failed.</param>
public sealed record FeedRun(FeedDescription Feed, string Location, int Documents, int Records, int NotChosen, FeedReport Report);
