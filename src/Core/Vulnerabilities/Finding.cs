using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>A vulnerability that one installed package has. Every text in it is hostile.</summary>
public sealed record Finding
{
    /// <summary>The CVE where there is one, else the advisory's own id.</summary>
    public required string Cve { get; init; }

    /// <summary>The advisory that says so; of several, the first by id.</summary>
    public required string AdvisoryId { get; init; }

    public string Summary { get; init; } = "";

    /// <summary>Where to read on; "" or an http(s) address.</summary>
    public string Link { get; init; } = "";

    /// <summary>The version that mends it for this package; null if there is none.</summary>
    public string? FixedBy { get; init; }

    public required Severity Severity { get; init; }

    public CvssV2? CvssV2 { get; init; }

    public CvssV3? CvssV3 { get; init; }

    public DateTimeOffset? PublishedOn { get; init; }

    public DateTimeOffset? LastModified { get; init; }
}

/// <summary>An installed package with what was found for it, ordered by <see cref="Finding.Cve"/>; empty if it has no known vulnerability.</summary>
public sealed record PackageFindings(InstalledPackage Installed, IReadOnlyList<Finding> Findings);
