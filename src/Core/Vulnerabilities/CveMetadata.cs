namespace ImageScan.Core.Vulnerabilities;

/// <summary>What the CVE list and its authors say about one CVE, whatever package it is in.</summary>
public sealed record CveMetadata
{
    /// <summary><c>CVE-2021-44228</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the CVE list has taken it back; then nothing else that it says counts.</summary>
    public bool IsRejected { get; init; }

    public DateTimeOffset? PublishedOn { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    public CvssScores Scores { get; init; }
}
