namespace ImageScan.Core.Storage.Sealing;

/// <summary>Where a sealed text lies. It opens nowhere else.</summary>
/// <param name="Table">The table, before <c>Storage__Prefix</c>.</param>
/// <param name="Partition">The partition key.</param>
/// <param name="Row">The row key.</param>
/// <param name="Field">The property.</param>
public readonly record struct SealedPlace(string Table, string Partition, string Row, string Field)
{
    public override string ToString() => $"{Field} of {Table}/{Partition}/{Row}";
}
