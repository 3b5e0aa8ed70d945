namespace ImageScan.Core.Inventory.Versions;

/// <summary>How one ecosystem orders its versions. One class per scheme, one shared instance each, without state.</summary>
public abstract class VersionScheme
{
    /// <summary>
    /// Compares two versions. False when either is no version of this scheme: then nobody can tell, and nobody may guess.
    /// </summary>
    /// <param name="left">A version as its ecosystem writes it.</param>
    /// <param name="right">Another.</param>
    /// <param name="order">Negative, zero or positive as <paramref name="left"/> is before, equal to or after <paramref name="right"/>.</param>
    public abstract bool TryCompare(string left, string right, out int order);
}
