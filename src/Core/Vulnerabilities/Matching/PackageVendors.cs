using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Sets aside the packages that others than the distribution built, and says how many there were.</summary>
/// <param name="vendors">Those of the image.</param>
internal sealed class PackageVendors(DistributionVendors vendors)
{
    private const int NamedVendors = 3;
    private const int ShownVendorLength = 60;

    private readonly SortedDictionary<string, int> _others = new(StringComparer.Ordinal);

    /// <summary>Whether others than the distribution built it. Each such package is counted for <see cref="Warning"/>.</summary>
    public bool IsOfOthers(Package package)
    {
        if (!vendors.IsOfOthers(package))
        {
            return false;
        }

        string vendor = package.Vendor!;
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

        string named = string.Join(", ", _others.OrderByDescending(other => other.Value).Take(NamedVendors).Select(other => $"{other.Key}: {other.Value}"));
        string more = _others.Count > NamedVendors ? $" and {_others.Count - NamedVendors} more" : "";
        return new InventoryWarning(
            "",
            $"{_others.Values.Sum()} packages were built by others than the distribution ({named}{more}), so its advisories do not speak of them and "
            + "nothing is known of vulnerabilities in them.");
    }
}
