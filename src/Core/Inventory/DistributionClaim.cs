namespace ImageScan.Core.Inventory;

/// <summary>What one file says of the operating system, and how much that word weighs.</summary>
public sealed record DistributionClaim(Distribution Distribution, DistributionEvidence Evidence);

/// <summary>Where a claim comes from. Of the first three the earlier wins.</summary>
public enum DistributionEvidence
{
    /// <summary><c>/etc/os-release</c>.</summary>
    OsRelease,

    /// <summary><c>/usr/lib/os-release</c>, read when the one in <c>/etc</c> is missing (os-release(5)).</summary>
    VendorOsRelease,

    /// <summary>A file with a bare version in it; asked only where no os-release names a system.</summary>
    VersionFile,

    /// <summary>
    /// The package manager's list of repositories. It says which release the packages come from, so it corrects the release that another
    /// claim of the same id gives.
    /// </summary>
    Repositories,
}
