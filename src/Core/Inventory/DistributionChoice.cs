namespace ImageScan.Core.Inventory;

/// <summary>Which operating system an image is, by what its visible files say.</summary>
internal static class DistributionChoice
{
    /// <summary>
    /// The system that the weightiest claim names; null if there is none, or if equally weighty ones name different systems, which
    /// <paramref name="disagreement"/> then says.
    /// </summary>
    public static Distribution? Among(IReadOnlyList<DistributionClaim> claims, out InventoryWarning? disagreement)
    {
        disagreement = null;
        Distribution? repositories = claims.FirstOrDefault(claim => claim.Evidence == DistributionEvidence.Repositories)?.Distribution;
        Distribution[] best =
        [
            .. claims
                .Where(claim => claim.Evidence != DistributionEvidence.Repositories)
                .GroupBy(claim => claim.Evidence)
                .MinBy(group => group.Key)?
                .Select(claim => claim.Distribution)
                .DistinctBy(named => (named.Id, named.VersionId)) ?? [],
        ];
        if (best.Length > 1)
        {
            string names = string.Join(", ", best.Select(named => $"{named.Id} {named.VersionId}").Order(StringComparer.Ordinal));
            disagreement = new InventoryWarning("", $"The operating system cannot be told: files name {names}.");
            return null;
        }

        return best.Length == 0 ? repositories : Corrected(best[0], repositories);
    }

    /// <summary>
    /// <c>busybox:1.36.1</c>, as StackRox calls images without any release file that have BusyBox in <c>/bin</c>
    /// (https://github.com/stackrox/scanner/blob/master/ext/featurens/busybox/busybox.go); null without it. To be asked where no file names a
    /// system.
    /// </summary>
    public static Distribution? OfBusyBox(IEnumerable<InstalledPackage> packages)
    {
        Package? busyBox = packages
            .Select(installed => installed.Package)
            .FirstOrDefault(package => package.Type == PackageType.Binary && package.Name == "busybox" && IsInBin(package.Path));
        return busyBox is null ? null : new Distribution(busyBox.Name, busyBox.Version, $"BusyBox {busyBox.Version}");
    }

    private static bool IsInBin(string path) => path.LastIndexOf('/') is var slash and > 0 && path[..slash] is "bin" or "usr/bin";

    // The packages come from the repositories, so their release decides which advisories apply; os-release may be older or newer than them.
    private static Distribution Corrected(Distribution named, Distribution? repositories)
    {
        bool sameRelease = repositories is null
            || repositories.Id != named.Id
            || repositories.VersionId == named.VersionId
            || named.VersionId.StartsWith(repositories.VersionId + ".", StringComparison.Ordinal);
        return sameRelease ? named : named with { VersionId = repositories!.VersionId, Name = repositories.Name, Codename = "" };
    }
}
