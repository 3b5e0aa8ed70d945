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
                .Distinct() ?? [],
        ];
        if (best.Length > 1)
        {
            string names = string.Join(", ", best.Select(named => $"{named.Id} {named.VersionId}").Order(StringComparer.Ordinal));
            disagreement = new InventoryWarning("", $"The operating system cannot be told: files name {names}.");
            return null;
        }

        return best.Length == 0 ? repositories : Corrected(best[0], repositories);
    }

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
