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

    /// <summary>
    /// Whether it can be said of this version that it lies in a range. Not so for one that has a place in the order only by convention: a range
    /// that begins at 0 would hold it whatever it is.
    /// </summary>
    public virtual bool Places(string version) => TryCompare(version, version, out _);
}
