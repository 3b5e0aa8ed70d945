namespace ImageScan.Core.Inventory;

/// <summary>What one file says of the operating system, and how much that word weighs.</summary>
public sealed record DistributionClaim(Distribution Distribution, DistributionEvidence Evidence);

/// <summary>Where a claim comes from. Of all but the last the earlier wins.</summary>
public enum DistributionEvidence
{
    /// <summary><c>/etc/os-release</c>.</summary>
    OsRelease,

    /// <summary><c>/usr/lib/os-release</c>, read when the one in <c>/etc</c> is missing (os-release(5)).</summary>
    VendorOsRelease,

    /// <summary>A file that bears the system's name: <c>oracle-release</c>.</summary>
    NamedRelease,

    /// <summary><c>lsb-release</c>.</summary>
    LsbRelease,

    /// <summary>
    /// A file that systems derived from another one have kept: <c>redhat-release</c>, <c>debian_version</c>; asked only where nothing else
    /// names a system.
    /// </summary>
    VersionFile,

    /// <summary>
    /// The package manager's list of repositories. It says which release the packages come from, so it corrects the release that another
    /// claim of the same id gives.
    /// </summary>
    Repositories,
}
