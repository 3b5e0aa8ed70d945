namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// The order of Semantic Versioning 2.0 (https://semver.org/spec/v2.0.0.html#spec-item-11) for Go, crates.io, Bitnami, Julia and Swift.
/// <c>v1.2</c> is read as <c>1.2.0</c>; Go's <c>+incompatible</c> is build metadata, its pseudo-versions are prereleases,
/// <c>go1.21rc2</c> is <c>1.21.0-rc.2</c>.
/// </summary>
public sealed class SemVerVersionScheme : VersionScheme
{
    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!SemVerParts.TryParse(left, out SemVerParts a) || !SemVerParts.TryParse(right, out SemVerParts b))
        {
            return false;
        }

        order = SemVerParts.Compare(a, b, ignoreCase: false);
        return true;
    }
}
