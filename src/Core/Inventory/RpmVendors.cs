namespace ImageScan.Core.Inventory;

/// <summary>Tells rpm packages of a distribution from those of others, by who says to have built them.</summary>
internal static class RpmVendors
{
    // Which every rpm distribution has, and nobody else makes.
    private const string PackageOfDistribution = "filesystem";

    // What the packages of distributions that are used together state as their vendor, or begin with (as in the list of
    // https://github.com/aquasecurity/trivy/blob/v0.50.0/pkg/fanal/analyzer/pkg/rpm/rpm.go): EPEL is built by the Fedora Project.
    private static readonly string[] Distributions =
    [
        "AlmaLinux", "Amazon Linux", "Amazon.com", "CentOS", "CloudLinux", "Fedora Project", "Microsoft Corporation", "Oracle America", "Red Hat", "Rocky",
        "SUSE", "VMware", "openSUSE",
    ];

    /// <summary>The names of those packages of a database that neither its distribution nor a related one built.</summary>
    public static IReadOnlySet<string> PackagesOfOthers(IReadOnlyList<Package> packages)
    {
        string? own = packages.FirstOrDefault(package => package.Name == PackageOfDistribution)?.Vendor;
        return packages
            .Where(package => package.Type == PackageType.Rpm)
            .GroupBy(package => package.Name, StringComparer.Ordinal)
            .Where(sameName => sameName.All(package => package.Vendor != own && !IsDistribution(package.Vendor)))
            .Select(sameName => sameName.Key)
            .ToHashSet(StringComparer.Ordinal);
    }

    private static bool IsDistribution(string? vendor) =>
        vendor is not null && Distributions.Any(distribution => vendor.StartsWith(distribution, StringComparison.Ordinal));
}
