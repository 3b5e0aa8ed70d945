namespace ImageScan.Core.Inventory;

/// <summary>
/// Tells the packages that a distribution built from those of others (EPEL, Docker, NVIDIA), by who says to have built them. The distribution's
/// advisories do not speak of the latter, even where it has a package of that name.
/// </summary>
internal sealed class DistributionVendors
{
    // Which every rpm distribution has, and nobody else makes.
    private const string PackageOfDistribution = "filesystem";

    private readonly string? _own;
    private readonly string[] _names;

    private DistributionVendors(string? own, string[] names)
    {
        _own = string.IsNullOrEmpty(own) ? null : own;
        _names = names;
    }

    /// <summary>Those of an image.</summary>
    /// <param name="distribution">The image's; null if it is not known.</param>
    /// <param name="packages">All of the image, or of its system.</param>
    public static DistributionVendors Of(Distribution? distribution, IEnumerable<Package> packages) => new(
        packages.FirstOrDefault(package => package.Type == PackageType.Rpm && package.Name == PackageOfDistribution)?.Vendor, NamesOf(distribution?.Id));

    /// <summary>Whether others than the distribution say that they built it.</summary>
    public bool IsOfOthers(Package package) =>
        package.Vendor is { Length: > 0 } vendor
        && (package.Type == PackageType.Dpkg
            || (package.Type == PackageType.Rpm && (_own is not null || _names.Length > 0) && vendor != _own
                && !Array.Exists(_names, name => vendor.StartsWith(name, StringComparison.OrdinalIgnoreCase))));

    /// <summary>As <see cref="IsOfOthers"/>, or nobody says to have built it, where the distribution's packages do: as what is built at home.</summary>
    public bool MayBeOfOthers(Package package) =>
        IsOfOthers(package) || (package.Type == PackageType.Rpm && _own is not null && string.IsNullOrEmpty(package.Vendor));

    // By os-release ID: what its rpms state as their vendor, or begin with, as in the list of
    // https://github.com/aquasecurity/trivy/blob/v0.50.0/pkg/fanal/analyzer/pkg/rpm/rpm.go.
    private static string[] NamesOf(string? id) => id switch
    {
        "rhel" => ["Red Hat"],
        "centos" => ["CentOS", "Red Hat"],
        "almalinux" => ["AlmaLinux"],
        "rocky" => ["Rocky"],
        "ol" => ["Oracle"],
        "amzn" => ["Amazon"],
        "photon" => ["VMware", "Broadcom"],
        "azurelinux" or "mariner" => ["Microsoft"],
        "mageia" => ["Mageia"],
        "openeuler" => ["openEuler", "http://openeuler.org", "https://openeuler.org"],
        "sles" or "sles_sap" or "sled" or "sle_hpc" or "sle-micro" or "sle-micro-rancher" or "suse-microos" or "sl-micro"
            or "opensuse" or "opensuse-leap" or "opensuse-leap-micro" or "opensuse-tumbleweed" => ["SUSE", "openSUSE"],
        _ => [],
    };
}
