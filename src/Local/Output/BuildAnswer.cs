using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.Local.Output;

/// <summary>How the build of a snapshot went, out of folders or online.</summary>
internal sealed record BuildAnswer
{
    public required string Path { get; init; }

    public required SnapshotDescription Description { get; init; }

    public required SkippedAdvisories Skipped { get; init; }

    public required IReadOnlyList<BuildFeed> Feeds { get; init; }

    /// <summary>Files that no feed knows.</summary>
    public IReadOnlyList<string> Unrecognised { get; init; } = [];

    public required TimeSpan Elapsed { get; init; }

    public required long FileBytes { get; init; }

    /// <summary>Whether everything could be read.</summary>
    public bool IsGood => Feeds.All(feed => feed.Failed.Count + feed.Refused.Count == 0);

    public static BuildAnswer Of(SnapshotBuild build) => new()
    {
        Path = build.Path,
        Description = build.Description,
        Skipped = build.Skipped,
        Unrecognised = build.Unrecognised,
        Elapsed = build.Elapsed,
        FileBytes = build.FileBytes,
        Feeds =
        [
            .. build.Runs.Select(run => new BuildFeed
            {
                Feed = run.Feed,
                Location = run.Location,
                Asked = run.Documents,
                Read = run.Documents - run.Report.Failed.Count,
                Records = run.Records,
                Malformed = run.Report.Malformed,
                Reasons = run.Report.Reasons,
                Skipped = run.Report.Skipped,
                Failed = run.Report.Failed,
            }),
        ],
    };

    public static BuildAnswer Of(RefreshOutcome outcome) => new()
    {
        Path = outcome.Path,
        Description = outcome.Description,
        Skipped = outcome.Skipped,
        Elapsed = outcome.Elapsed,
        FileBytes = outcome.FileBytes,
        Feeds =
        [
            .. outcome.Feeds.Select(feed => new BuildFeed
            {
                Feed = feed.Feed,
                Location = feed.Location,
                Asked = feed.Asked,
                Unchanged = feed.Unchanged,
                Read = feed.Read,
                Records = feed.State.Records,
                Malformed = feed.Malformed,
                Reasons = feed.Reasons,
                Skipped = feed.Skipped,
                Failed = feed.Failed,
                Refused = feed.Refused,
                CheckedAt = feed.State.CheckedAt,
                ChangedAt = feed.State.ChangedAt,
            }),
        ],
    };
}

/// <summary>How one feed was read.</summary>
internal sealed record BuildFeed
{
    public required FeedDescription Feed { get; init; }

    public required string Location { get; init; }

    public int Asked { get; init; }

    public int Unchanged { get; init; }

    public int Read { get; init; }

    /// <summary>Records in use, those of earlier runs included.</summary>
    public int Records { get; init; }

    public int Malformed { get; init; }

    public IReadOnlyList<string> Reasons { get; init; } = [];

    public IReadOnlyDictionary<string, int> Skipped { get; init; } = new Dictionary<string, int>();

    public IReadOnlyList<FailedSource> Failed { get; init; } = [];

    public IReadOnlyList<RefusedShrink> Refused { get; init; } = [];

    /// <summary>When the feed last gave all that it has; null where nothing is kept.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    public DateTimeOffset? ChangedAt { get; init; }
}
