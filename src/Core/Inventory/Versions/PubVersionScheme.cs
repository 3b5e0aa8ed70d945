namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Dart's order (https://dart.dev/tools/pub/versioning#semantic-versions): SemVer 2.0, and then the build metadata, by the rule for prereleases; a
/// version without any comes first: <c>1.0.0 &lt; 1.0.0+1 &lt; 1.0.0+2</c>.
/// </summary>
public sealed class PubVersionScheme : VersionScheme
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
        order = order != 0 ? order : SemVerParts.CompareIdentifiers(a.Build, b.Build);
        return true;
    }
}
