namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// The order of Semantic Versioning 2.0 (https://semver.org/spec/v2.0.0.html#spec-item-11) for crates.io, Hex, Julia and Swift.
/// <c>v1.2</c> is read as <c>1.2.0</c>.
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
