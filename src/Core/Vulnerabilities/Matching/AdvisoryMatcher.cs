using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Packages in, findings out. Asks one snapshot and nothing else; what cannot be told is a warning, never a guess.</summary>
public static class AdvisoryMatcher
{
    /// <summary>
    /// Matches an inventory. Without a snapshot the outcome has no <see cref="MatchOutcome.Advisories"/> and covers nothing. Throws
    /// <see cref="AdvisoryDatabaseException"/> if the snapshot breaks while it is read.
    /// </summary>
    public static MatchOutcome Match(ImageInventory inventory, AdvisoryDatabase? database)
    {
        if (database is null)
        {
            return new MatchOutcome
            {
                Packages = [.. inventory.Packages.Select(package => new PackageFindings(package, []))],
                CoversDistribution = false,
                Warnings = [],
            };
        }

        var distribution = DistributionAdvisories.Of(inventory.Distribution);
        var match = new InventoryMatch(database.Lookup(), distribution);
        PackageFindings[] packages = [.. inventory.Packages.Select(package => new PackageFindings(package, match.FindingsOf(package.Package)))];
        return new MatchOutcome
        {
            Packages = packages,
            CoversDistribution = distribution?.Ecosystems.Any(ecosystem => database.Covers(ecosystem.ToString())) ?? false,
            NewestForDistribution = distribution?.Ecosystems.Max(ecosystem => database.NewestRecordOf(ecosystem.ToString())),
            Advisories = database.Origin,
            Warnings = match.Warnings(),
        };
    }
}
