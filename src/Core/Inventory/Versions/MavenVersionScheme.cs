namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Maven's order (https://maven.apache.org/pom.html#version-order-specification): every non-empty text is a version. Unlike the other
/// schemes this one allocates: Maven compares trees.
/// </summary>
public sealed class MavenVersionScheme : VersionScheme
{
    // Every hyphen makes the tree a level deeper and comparing it recurses; real versions stay below 100 characters.
    private const int MaxChars = 512;

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!IsVersion(left) || !IsVersion(right))
        {
            return false;
        }

        order = MavenVersionItem.Compare(Parse(left), Parse(right));
        return true;
    }

    private static MavenVersionItem Parse(string version) => new MavenVersionParser(version.ToLowerInvariant()).Parse();

    private static bool IsVersion(string version) => version.Length is > 0 and <= MaxChars && !version.Any(char.IsWhiteSpace);
}
