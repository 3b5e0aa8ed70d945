using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage;

/// <summary>What tables lack in a word.</summary>
internal static class TableRows
{
    /// <summary>Deletes a row as it was read; false if it has changed since. One that is gone counts as deleted, by whomever.</summary>
    public static async Task<bool> TryDeleteAsync(this TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return changed.Status == 404;
        }
    }

    /// <summary>Replaces a row as it was read; false if it has changed since or is gone.</summary>
    public static Task<bool> TryReplaceAsync(this TableClient table, TableEntity row, CancellationToken cancellationToken) =>
        TryUpdateAsync(table, row, TableUpdateMode.Replace, cancellationToken);

    /// <summary>Changes those properties of a row that are given; false if it is not as it was read, or gone.</summary>
    public static Task<bool> TryMergeAsync(this TableClient table, TableEntity row, CancellationToken cancellationToken) =>
        TryUpdateAsync(table, row, TableUpdateMode.Merge, cancellationToken);

    private static async Task<bool> TryUpdateAsync(TableClient table, TableEntity row, TableUpdateMode mode, CancellationToken cancellationToken)
    {
        try
        {
            await table.UpdateEntityAsync(row, row.ETag, mode, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <summary>Does all of it or nothing; false if a row is not as it was read, is there already, or is gone.</summary>
    public static async Task<bool> TrySubmitAsync(
        this TableClient table, IReadOnlyList<TableTransactionAction> transaction, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(transaction, cancellationToken);
            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 404 or 409 or 412)
        {
            return false;
        }
    }
}
