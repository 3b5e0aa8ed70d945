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
                CoversLanguages = !inventory.Packages.Any(installed => installed.Package.Type.IsLanguage),
                Warnings = [],
            };
        }

        var distribution = DistributionAdvisories.Of(inventory.Distribution)?.In(database);
        AdvisoryLookup lookup = database.Lookup();
        RedHatScope? redHat = distribution?.RedHatRelease is { } release ? new RedHatScope(inventory, release, lookup.CpesOf, RedHatProducts(database)) : null;
        bool coversDistribution = distribution?.Covering.Count > 0;
        IReadOnlyList<InstalledPackage> counted = coversDistribution || distribution is { IsRolling: false } ? inventory.Packages : WithOwned(inventory);
        var vendors = DistributionVendors.Of(inventory.Distribution, inventory.Packages.Select(installed => installed.Package));
        var match = new InventoryMatch(lookup, distribution, redHat, vendors);
        PackageFindings[] packages = [.. counted.Select(package => new PackageFindings(package, match.FindingsOf(package)))];
        return new MatchOutcome
        {
            Packages = packages,
            CoversDistribution = coversDistribution,
            CoversLanguages = counted.All(installed => installed.Package.Type.Ecosystem is not { } language || database.Covers(language)),
            NewestForDistribution = distribution?.Covering.Max(database.AsOf),
            Advisories = database.Origin,
            Ended = ReleaseEnding.Of(inventory.Distribution, database),
            Warnings = [.. match.Warnings(), .. redHat?.Warnings() ?? [], .. UncoveredLanguages(counted, database)],
        };
    }

    // A package of the system stands for others only as far as its distribution's advisories do. A release mends old versions, so that what upstream
    // says of them would be wrong; of a rolling distribution, and of one that nobody has advisories about, upstream's word is the best there is. What has
    // none in any ecosystem adds nothing.
    private static IReadOnlyList<InstalledPackage> WithOwned(ImageInventory inventory)
    {
        InstalledPackage[] owned = [.. inventory.OwnedPackages.Where(installed => installed.Package.Type.Ecosystem is not null)];
        return owned.Length == 0 ? inventory.Packages : [.. ImageInventory.InOrder(inventory.Packages.Concat(owned))];
    }

    private static HashSet<string> RedHatProducts(AdvisoryDatabase database) => (database.Description.Ecosystems ?? [])
        .Select(count => count.Ecosystem).Where(name => name.StartsWith(RedHatProduct.EcosystemName + ":", StringComparison.Ordinal))
        .ToHashSet(StringComparer.Ordinal);

    // Without a single advisory of npm, a Node package without findings would look as if somebody had looked.
    private static InventoryWarning[] UncoveredLanguages(IEnumerable<InstalledPackage> packages, AdvisoryDatabase database) =>
    [
        .. packages
            .Where(installed => installed.Package.Type.IsLanguage)
            .GroupBy(installed => installed.Package.Type.Ecosystem ?? $"{installed.Package.Type}")
            .Where(group => !database.Covers(group.Key))
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new InventoryWarning(
                "",
                $"The advisories have none about {group.Key}: nothing is known of vulnerabilities in its packages, of which the image has {group.Count()}.")),
    ];
}
