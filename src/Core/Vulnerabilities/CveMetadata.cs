namespace ImageScan.Core.Vulnerabilities;

/// <summary>
/// What one source says about one CVE, whatever package it is in. Several sources each know a part of it; a snapshot keeps what they say
/// together.
/// </summary>
public sealed record CveMetadata : FeedRecord
{
    /// <summary><c>CVE-2021-44228</c>.</summary>
    public required string Id { get; init; }

    public override string Key => Id;

    /// <summary>Whether the CVE list has taken it back; then nothing else that it says counts.</summary>
    public bool IsRejected { get; init; }

    public DateTimeOffset? PublishedOn { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>What its author (CNA), or who enriched its record (ADP), scores.</summary>
    public CvssScores Scores { get; init; }

    /// <summary>What NVD scores, 3.1 before 3.0.</summary>
    public CvssScores NvdScores { get; init; }

    /// <summary>What it is about, in English, cut to some hundred characters; "" if the source has no text.</summary>
    public string Summary { get; init; } = "";

    public EpssScore? Epss { get; init; }

    /// <summary>Its entry in CISA's catalogue of vulnerabilities that are known to be exploited; null if it has none.</summary>
    public KnownExploit? Exploit { get; init; }
}

/// <summary>How likely it is to be exploited within 30 days (https://www.first.org/epss/).</summary>
/// <param name="Probability">0 to 1.</param>
/// <param name="Percentile">0 to 1: the share of all CVEs that are no likelier.</param>
public sealed record EpssScore(float Probability, float Percentile);

/// <summary>An entry of https://www.cisa.gov/known-exploited-vulnerabilities-catalog.</summary>
/// <param name="DateAdded">When it came into the catalogue.</param>
/// <param name="DueDate">When federal agencies must have acted; null if it does not say.</param>
public sealed record KnownExploit(DateOnly? DateAdded, DateOnly? DueDate)
{
    public string ShortDescription { get; init; } = "";

    public string RequiredAction { get; init; } = "";

    /// <summary>As written: <c>Known</c> or <c>Unknown</c>; "" in older entries.</summary>
    public string RansomwareCampaignUse { get; init; } = "";
}
