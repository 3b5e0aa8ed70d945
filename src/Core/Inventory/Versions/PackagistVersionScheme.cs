namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Composer's order: versions are normalized (https://getcomposer.org/doc/articles/versions.md), then compared as PHP does: dev, alpha, beta,
/// RC, the release, patch.
/// </summary>
public sealed class PackagistVersionScheme : VersionScheme
{
    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!PackagistParts.TryParse(left, out PackagistParts a) || !PackagistParts.TryParse(right, out PackagistParts b))
        {
            return false;
        }

        do
        {
            a.MoveNext();
            b.MoveNext();
            order = PhpVersionOrder.Compare(a.Rank, a.Digits, b.Rank, b.Digits);
        }
        while (order == 0 && a.Rank != PhpRank.End);

        return true;
    }
}
