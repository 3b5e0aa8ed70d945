namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Bitnami's order (https://github.com/bitnami/go-version#version-revision): SemVer 2.0, but what stands behind the hyphen is a revision that
/// comes after the version: <c>1.2.3 &lt; 1.2.3-1 &lt; 1.2.3-2</c>. Its packages carry one; advisories name the version alone.
/// </summary>
public sealed class BitnamiVersionScheme : VersionScheme
{
    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!SemVerParts.TryParse(left, out SemVerParts a) || !SemVerParts.TryParse(right, out SemVerParts b))
        {
            return false;
        }

        order = DigitRuns.CompareDotted(a.Numbers, b.Numbers);
        order = order != 0 ? order : SemVerParts.CompareIdentifiers(a.Prerelease, b.Prerelease);
        return true;
    }
}
