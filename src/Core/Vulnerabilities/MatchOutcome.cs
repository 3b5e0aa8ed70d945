using System.Text.Json.Serialization;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>What one advisory snapshot says about one inventory.</summary>
public sealed record MatchOutcome
{
    /// <summary>
    /// Every package of the inventory, in its order, with its findings; also those for which a package of the system stands, where the snapshot has
    /// nothing about that.
    /// </summary>
    public required IReadOnlyList<PackageFindings> Packages { get; init; }

    /// <summary>Whether the snapshot has advisories for this very release of the distribution; without them "no findings" means nothing.</summary>
    public required bool CoversDistribution { get; init; }

    /// <summary>
    /// Whether the snapshot has advisories for every ecosystem of the language packages, of those that anybody keeps advisories about; true if
    /// there are no such packages.
    /// </summary>
    public required bool CoversLanguages { get; init; }

    /// <summary>What the advisories for this release are as of; null if there are none or that cannot be told.</summary>
    public DateTimeOffset? NewestForDistribution { get; init; }

    /// <summary>The snapshot that was asked; null if there was none.</summary>
    public AdvisoryOrigin? Advisories { get; init; }

    /// <summary>
    /// The end of the distribution's release, if it was over when the snapshot was made; null for one that is mended, or of which nobody knows. It
    /// is matched like any other, but its vendor tells no more.
    /// </summary>
    public EndOfLife? Ended { get; init; }

    /// <summary>Packages whose version could not be compared, and the like; each makes the scan a partial one.</summary>
    public required IReadOnlyList<InventoryWarning> Warnings { get; init; }
}

/// <summary>Which advisories were asked, and how old they are.</summary>
/// <param name="Id">Hex sha256 of the snapshot: another value means that stored matches are out of date.</param>
/// <param name="BuiltAt">When the snapshot was made.</param>
/// <param name="NewestRecord">The latest <c>modified</c> of its records; null if it has none.</param>
/// <param name="IsStarterSet">Whether it is the small set that ships with the app.</param>
public sealed record AdvisoryOrigin(string Id, DateTimeOffset BuiltAt, DateTimeOffset? NewestRecord, bool IsStarterSet)
{
    // More than the ticks of any date, and with them less than a signed number holds.
    private const long OverEveryStarterSet = 1L << 62;

    /// <summary>
    /// What they are as of. A snapshot can be built today from what was mirrored a year ago, and one record can bear a date that is to come.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset AsOf => NewestRecord is { } newest && newest < BuiltAt ? newest : BuiltAt;

    /// <summary>
    /// How good they are: a later build is better than an earlier one, and any snapshot better than the starter set. Above 0, for none at all.
    /// </summary>
    [JsonIgnore]
    public long Rank => BuiltAt.UtcTicks + (IsStarterSet ? 0 : OverEveryStarterSet);
}
