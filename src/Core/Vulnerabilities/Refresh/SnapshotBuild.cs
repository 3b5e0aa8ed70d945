using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>How the build of a snapshot went.</summary>
public sealed record SnapshotBuild
{
    public required string Path { get; init; }

    public required SnapshotDescription Description { get; init; }

    /// <summary>Records read from all sources.</summary>
    public required int Records { get; init; }

    public required SkippedAdvisories Skipped { get; init; }

    /// <summary>Records that the choice of the build does not take: a starter set takes some sources only.</summary>
    public required int NotChosen { get; init; }

    /// <summary>Records with something malformed; also those that were used in part.</summary>
    public required int Malformed { get; init; }

    /// <summary>What was malformed in the first few.</summary>
    public required IReadOnlyList<string> MalformedReasons { get; init; }

    /// <summary>Sources that could not be read, or not to their end.</summary>
    public required IReadOnlyList<FailedSource> Failed { get; init; }

    /// <summary>Lines of CVE metadata that could not be read.</summary>
    public required int MalformedCves { get; init; }

    /// <summary>CVSS vectors of CVE metadata that could not be read; the rest of their lines counts.</summary>
    public required int MalformedVectors { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The most memory this process has had so far.</summary>
    public required long PeakMemoryBytes { get; init; }

    public required long FileBytes { get; init; }
}
