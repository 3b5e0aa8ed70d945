using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>An exception as it was read. Its row lies in the part that its status says, and moves with it.</summary>
/// <param name="Exception">What it is.</param>
/// <param name="RowKey">Where it lies.</param>
/// <param name="ETag">The row as it was read.</param>
public sealed record StoredException(VulnerabilityException Exception, string RowKey, ETag ETag)
{
    /// <summary>The parts in the order of a life: an exception moves to a later one, never back.</summary>
    internal static readonly SuppressionParts[] Parts = [SuppressionParts.Pending, SuppressionParts.InForce, SuppressionParts.Closed];

    /// <summary>The part in which an exception lies.</summary>
    public static SuppressionParts PartOf(VulnerabilityException exception) =>
        exception.IsInForce ? SuppressionParts.InForce
        : exception is { IsExpired: false, Status: ExceptionStatus.Pending } ? SuppressionParts.Pending
        : SuppressionParts.Closed;

    internal static string KeyOf(SuppressionParts part, string id) => $"{PrefixOf(part)}:{TableKey.Of(id)}";

    /// <summary>The first key of a part, and the first one after it.</summary>
    internal static (string From, string Until) KeysOf(SuppressionParts part) => ($"{PrefixOf(part)}:", $"{PrefixOf(part)};");

    internal static StoredException From(TableEntity row)
    {
        // Who went on without it would show what somebody has decided not to see, or the other way round, and nobody would notice.
        return Compressed.TryRead(RowContent.Read(row), out VulnerabilityException? exception)
            ? new StoredException(exception, row.RowKey, row.ETag)
            : throw new StorageException(
                $"The exception in row {row.RowKey} of the table {TableNames.Suppressions} is not readable. Delete the row and ask for it again.");
    }

    internal static TableEntity RowOf(string partition, VulnerabilityException exception, out int bytes)
    {
        ReadOnlyMemory<byte> content = Compressed.Write(exception);
        bytes = content.Length;
        var row = new TableEntity(partition, KeyOf(PartOf(exception), exception.Id));
        RowContent.Write(row, content, "The exception");
        return row;
    }

    private static string PrefixOf(SuppressionParts part) => part switch
    {
        SuppressionParts.Pending => "1-pending",
        SuppressionParts.InForce => "2-in-force",
        SuppressionParts.Closed => "3-closed",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "No exception lies there."),
    };
}
