namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// NuGet's order: SemVer 2.0 with a fourth number and prerelease labels in any case
/// (https://learn.microsoft.com/nuget/concepts/package-versioning#normalized-version-numbers).
/// </summary>
public sealed class NuGetVersionScheme : VersionScheme
{
    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!SemVerParts.TryParse(left, out SemVerParts a) || !SemVerParts.TryParse(right, out SemVerParts b))
        {
            return false;
        }

        order = SemVerParts.Compare(a, b, ignoreCase: true);
        return true;
    }
}
