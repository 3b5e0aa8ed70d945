using Azure.Data.Tables;

namespace ImageScan.Core.Storage.Lists;

/// <summary>
/// What one change of an image has changed in the ledger of its partition (<see cref="RiskLedger"/>): a row of its own, so that no two changes
/// wait for each other.
/// </summary>
/// <param name="Added">The risk that an image now has; null if it went.</param>
/// <param name="Removed">The risk that it had; null if it is new.</param>
internal sealed record RiskDelta(float? Added, float? Removed)
{
    /// <summary>What keys of deltas begin with; the ledger's own stands right before them.</summary>
    public const string Prefix = "~m";

    /// <summary>The change from one risk to another; null if nothing changes.</summary>
    public static RiskDelta? Between(float? had, float? has) => had == has ? null : new RiskDelta(has, had);

    public TableEntity ToEntity(string partition) => new(partition, $"{Prefix}{Guid.NewGuid():n}")
    {
        [nameof(Added)] = (double?)Added,
        [nameof(Removed)] = (double?)Removed,
    };

    public static RiskDelta From(TableEntity row) => new((float?)row.GetDouble(nameof(Added)), (float?)row.GetDouble(nameof(Removed)));
}
