using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage;

/// <summary>The row that every change of what is suppressed replaces.</summary>
/// <param name="Month">The month of the last name that was given out, <c>202611</c>; "" if none was.</param>
/// <param name="Number">That name's number within the month.</param>
/// <param name="Mark">What tells the last change from all others; "" if there was none.</param>
/// <param name="ETag">The row as it was read; null if there is none yet.</param>
public sealed record SuppressionLedger(string Month, int Number, string Mark, ETag? ETag)
{
    public static SuppressionLedger Empty { get; } = new("", 0, "", null);

    /// <summary>The same with another number given out.</summary>
    public SuppressionLedger Numbered(string month, int number) => this with { Month = month, Number = number };

    internal static SuppressionLedger From(TableEntity row) => new(
        row.GetString(nameof(Month)) ?? "",
        row.GetInt32(nameof(Number)) ?? 0,
        row.GetString(LedgeredPartition.MarkColumn) ?? "",
        row.ETag);

    internal SuppressionLedger Next() => this with { Mark = LedgeredPartition.NewMark() };

    internal TableTransactionAction ToAction(string partition)
    {
        var row = new TableEntity(partition, LedgeredPartition.LedgerKey)
        {
            [nameof(Month)] = Month,
            [nameof(Number)] = Number,
            [LedgeredPartition.MarkColumn] = Mark,
        };
        return LedgeredPartition.ToAction(row, ETag);
    }
}
