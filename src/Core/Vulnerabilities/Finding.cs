using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>A vulnerability that one installed package has. Every text in it is hostile.</summary>
public sealed record Finding
{
    /// <summary>The CVE where there is one, else the advisory's own id.</summary>
    public required string Cve { get; init; }

    /// <summary>
    /// The advisory that says so (an erratum where there is one: <c>RHSA-2023:7435</c>); of several, the one that <see cref="FixedBy"/> is of.
    /// </summary>
    public required string AdvisoryId { get; init; }

    /// <summary>The page of <see cref="AdvisoryId"/>; "" or an http(s) address.</summary>
    public string AdvisoryLink { get; init; } = "";

    /// <summary>Other ids of the same vulnerability, ordered: <c>GHSA-…</c>, <c>PYSEC-…</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public string Summary { get; init; } = "";

    /// <summary>Where to read on; "" or an http(s) address.</summary>
    public string Link { get; init; } = "";

    /// <summary>Never <see cref="AdvisoryStatus.NotAffected"/> or <see cref="AdvisoryStatus.UnderInvestigation"/>.</summary>
    public AdvisoryStatus Status { get; init; }

    /// <summary>The version that mends it for this package; null if there is none.</summary>
    public string? FixedBy { get; init; }

    /// <summary>
    /// Whether <see cref="FixedBy"/> is only for those with a subscription (Ubuntu Pro, Freexian's ELTS), and the package is not such a build itself, where its
    /// version tells: whoever has one can have the next.
    /// </summary>
    public bool FixNeedsSubscription { get; init; }

    /// <summary>When <see cref="FixedBy"/> came out; null if it is not known.</summary>
    public DateTimeOffset? FixedOn { get; init; }

    public required Severity Severity { get; init; }

    public CvssV2? CvssV2 { get; init; }

    public CvssV3? CvssV3 { get; init; }

    /// <summary>Whose view <see cref="CvssV2"/> and <see cref="CvssV3"/> are.</summary>
    public ScoreSource ScoreSource { get; init; }

    /// <summary>What NVD scores, where it does; may be the same as what is shown.</summary>
    public CvssV2? NvdCvssV2 { get; init; }

    public CvssV3? NvdCvssV3 { get; init; }

    public DateTimeOffset? PublishedOn { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    public EpssScore? Epss { get; init; }

    public KnownExploit? Exploit { get; init; }

    /// <summary>The ecosystem of the advisory, its release included: <c>Debian:12</c>, <c>npm</c>.</summary>
    public string Ecosystem { get; init; } = "";
}

/// <summary>Whose view a score is.</summary>
public enum ScoreSource
{
    None,

    /// <summary>The advisory's.</summary>
    Advisory,

    /// <summary>NVD's.</summary>
    Nvd,

    /// <summary>That of the CVE's author, or of who enriched its record.</summary>
    CveRecord,
}

/// <summary>An installed package with what was found for it, ordered by <see cref="Finding.Cve"/>; empty if it has no known vulnerability.</summary>
public sealed record PackageFindings(InstalledPackage Installed, IReadOnlyList<Finding> Findings);
