using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>
/// Tells the packages that a distribution built from those of others (EPEL, Docker, NVIDIA), by who says to have built them. The
/// distribution's advisories do not speak of the latter, even where it has a package of that name. Only rpm records it.
/// </summary>
internal sealed class PackageVendors
{
    private const int NamedVendors = 3;
    private const int ShownVendorLength = 60;
    // Which every rpm distribution has, and nobody else makes.
    private const string PackageOfDistribution = "filesystem";

    private readonly DistributionAdvisories? _distribution;
    private readonly string? _own;
    private readonly SortedDictionary<string, int> _others = new(StringComparer.Ordinal);

    public PackageVendors(DistributionAdvisories? distribution, IReadOnlyList<InstalledPackage> packages)
    {
        _distribution = distribution;
        _own = distribution is { Vendors.Count: > 0 }
            ? packages.FirstOrDefault(installed => installed.Package.Type == distribution.PackageType && installed.Package.Name == PackageOfDistribution)
                ?.Package.Vendor
            : null;
    }

    /// <summary>Whether others than the distribution built it. Each such package is counted for <see cref="Warning"/>.</summary>
    public bool IsOfOthers(Package package)
    {
        if (_distribution is not { Vendors.Count: > 0 } || package.Type != _distribution.PackageType || package.Vendor is not { Length: > 0 } vendor
            || vendor == _own || _distribution.Vendors.Any(own => vendor.StartsWith(own, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        string shown = vendor.Length > ShownVendorLength ? vendor[..ShownVendorLength] + "…" : vendor;
        _others[shown] = _others.GetValueOrDefault(shown) + 1;
        return true;
    }

    /// <summary>Says how many there were; null if none.</summary>
    public InventoryWarning? Warning()
    {
        if (_others.Count == 0)
        {
            return null;
        }

        string vendors = string.Join(", ", _others.OrderByDescending(other => other.Value).Take(NamedVendors).Select(other => $"{other.Key}: {other.Value}"));
        string more = _others.Count > NamedVendors ? $" and {_others.Count - NamedVendors} more" : "";
        return new InventoryWarning(
            "",
            $"{_others.Values.Sum()} packages were built by others than the distribution ({vendors}{more}), so its advisories do not speak of them and "
            + "nothing is known of vulnerabilities in them.");
    }
}
