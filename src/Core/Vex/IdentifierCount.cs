namespace ImageScan.Core.Vex;

/// <summary>Counts what a document names, up to a bound.</summary>
internal sealed class IdentifierCount
{
    private int _count;

    /// <summary>One more. Throws <see cref="FormatException"/> once there are too many.</summary>
    public void Add()
    {
        if (++_count > VexReader.MaxIdentifiers)
        {
            throw new FormatException($"The VEX document has more than {VexReader.MaxIdentifiers:N0} statements and identifiers.");
        }
    }
}
