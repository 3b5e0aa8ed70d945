using ImageScan.Core.Images;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Results;

/// <summary>
/// What one rule has to say of an image, bounded in number and length: all that any receiver is told is written from it. Every text in it is hostile.
/// </summary>
public sealed record Notification
{
    /// <summary>The same for the same rule, image and scan or match, however often that is worked out.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the rule.</summary>
    public required string Rule { get; init; }

    public required NotificationOccasion Occasion { get; init; }

    /// <summary>The full name of the image, under which the rule means it.</summary>
    public required string Image { get; init; }

    public required Digest Digest { get; init; }

    /// <summary><c>os/architecture[/variant]</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>When the findings were worked out; with it the scan is told from others of the same image.</summary>
    public required DateTimeOffset ScannedAt { get; init; }

    /// <summary>The advisories that were asked; null if there were none.</summary>
    public required AdvisoryOrigin? Advisories { get; init; }

    /// <summary>Whether something of the image could not be read or compared, so that there may be more than was found.</summary>
    public required bool IsPartial { get; init; }

    /// <summary>All findings of the image that nobody has suppressed, whatever the rule asks for.</summary>
    public required FindingCounts Counts { get; init; }

    /// <summary>What is the occasion: the worst of those findings that the rule asks for.</summary>
    public required NotifiedFindings Findings { get; init; }

    /// <summary>Findings that are there no more; none unless advisories have changed.</summary>
    public required NotifiedFindings Removed { get; init; }

    /// <summary>Findings that have a fix now and had none before; none unless advisories have changed.</summary>
    public required NotifiedFindings Fixed { get; init; }
}

/// <summary>How many findings there are of each severity.</summary>
public sealed record FindingCounts(int Critical, int Important, int Moderate, int Low, int Unknown, int Fixable)
{
    /// <summary>The counts of those findings.</summary>
    public static FindingCounts Of(IReadOnlyCollection<ChangedFinding> findings) => new(
        findings.Count(finding => finding.Severity == Severity.Critical),
        findings.Count(finding => finding.Severity == Severity.Important),
        findings.Count(finding => finding.Severity == Severity.Moderate),
        findings.Count(finding => finding.Severity == Severity.Low),
        findings.Count(finding => finding.Severity == Severity.Unknown),
        findings.Count(finding => finding.FixedBy is not null));
}

/// <summary>Some findings of many.</summary>
/// <param name="Listed">The worst, worst first.</param>
/// <param name="More">How many there are beside.</param>
public sealed record NotifiedFindings(IReadOnlyList<ChangedFinding> Listed, int More)
{
    public static readonly NotifiedFindings None = new([], 0);

    // What hostile images could fill a row with; real ids, names and versions are a tenth of it.
    private const int IdCharacters = 64;
    private const int NameCharacters = 200;
    private const int VersionCharacters = 100;

    /// <summary>How many there are, those that are not listed included.</summary>
    public int Total => Listed.Count + More;

    /// <summary>Lists the worst <paramref name="most"/>, each of bounded length.</summary>
    public static NotifiedFindings Of(IReadOnlyCollection<ChangedFinding> findings, int most) => new(
        [
            .. findings.OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Cve, StringComparer.Ordinal)
                .ThenBy(finding => finding.Package, StringComparer.Ordinal)
                .ThenBy(finding => finding.Version, StringComparer.Ordinal)
                .Take(most)
                .Select(finding => finding with
                {
                    Cve = HostileText.Plain(finding.Cve, IdCharacters),
                    Package = HostileText.Plain(finding.Package, NameCharacters),
                    Version = HostileText.Plain(finding.Version, VersionCharacters),
                    FixedBy = finding.FixedBy is { } version ? HostileText.Plain(version, VersionCharacters) : null,
                }),
        ],
        Math.Max(0, findings.Count - most));
}
