using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>One thing that is written, replaced or removed; made whole or not at all.</summary>
public sealed class SuppressionChange
{
    // About what the keys and names of a row take.
    private const int RowBytes = 1_000;

    private readonly Func<string, (List<TableTransactionAction>, int)> _write;

    private SuppressionChange(Func<string, (List<TableTransactionAction>, int)> write) => _write = write;

    /// <summary>How much of a transaction it takes, in bytes; known once <see cref="ToActions"/> was called.</summary>
    internal int Bytes { get; private set; }

    /// <summary>An exception is added.</summary>
    public static SuppressionChange Adding(VulnerabilityException exception) => new(partition =>
    {
        TableEntity row = StoredException.RowOf(partition, exception, out int bytes);
        return ([new(TableTransactionActionType.Add, row)], bytes);
    });

    /// <summary>An exception takes the place of what was read of it.</summary>
    public static SuppressionChange Replacing(StoredException before, VulnerabilityException after) => new(partition =>
    {
        TableEntity row = StoredException.RowOf(partition, after, out int bytes);
        return row.RowKey == before.RowKey
            ? ([new(TableTransactionActionType.UpdateReplace, row, before.ETag)], bytes)
            : ([Deletion(partition, before.RowKey, before.ETag), new(TableTransactionActionType.Add, row)], bytes);
    });

    /// <summary>An exception is removed, as it was read.</summary>
    public static SuppressionChange Removing(StoredException before) =>
        new(partition => ([Deletion(partition, before.RowKey, before.ETag)], 0));

    /// <summary>A CVE is snoozed, whether it was or not.</summary>
    public static SuppressionChange Snoozing(Snooze snooze) =>
        new(partition => ([new(TableTransactionActionType.UpsertReplace, StoredSnooze.RowOf(partition, snooze))], 0));

    /// <summary>A CVE is no longer snoozed as it was read.</summary>
    public static SuppressionChange Unsnoozing(StoredSnooze snooze) =>
        new(partition => ([Deletion(partition, StoredSnooze.KeyOf(snooze.Snooze.Cve), snooze.ETag)], 0));

    internal IReadOnlyList<TableTransactionAction> ToActions(string partition)
    {
        (List<TableTransactionAction> actions, int bytes) = _write(partition);
        Bytes = bytes + (RowBytes * actions.Count);
        return actions;
    }

    private static TableTransactionAction Deletion(string partition, string rowKey, ETag etag) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, rowKey), etag);
}
