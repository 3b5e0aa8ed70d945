namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Go's order (https://go.dev/ref/mod#versions): SemVer 2.0, where <c>+incompatible</c> and <c>+dirty</c> are build metadata and pseudo-versions
/// prereleases. Versions of Go itself, which advisories file as <c>stdlib</c>, come along: <c>go1.21rc2</c> is <c>1.21.0-rc.2</c>.
/// </summary>
public sealed class GoVersionScheme : VersionScheme
{
    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!SemVerParts.TryParseGo(left, out SemVerParts a) || !SemVerParts.TryParseGo(right, out SemVerParts b))
        {
            return false;
        }

        order = SemVerParts.Compare(a, b, ignoreCase: false);
        return true;
    }
}
