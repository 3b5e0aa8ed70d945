using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Storage.Lists;

namespace ImageScan.Core.Storage;

/// <summary>The commit rows of scans, each changed only as it was read.</summary>
internal sealed class ScanRows(StorageAccount account)
{
    /// <summary>The row of an image; null if there is none.</summary>
    public async Task<ScanRow?> FindAsync(Digest id, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
            ScanRow.PartitionOf(id), ScanRow.KeyOf(id), cancellationToken: cancellationToken);
        if (!row.HasValue)
        {
            return null;
        }

        return ScanRow.From(id, row.Value!)
            ?? throw new StorageException($"The row of {id} in {table.Name} is not readable. Delete it, and scan the image again.");
    }

    /// <summary>The images whose rows fit a filter, in the order of digests; what changes meanwhile may be there or not.</summary>
    public async IAsyncEnumerable<Digest> WhereAsync(string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableEntity row in ReadAsync("", filter, ["RowKey"], cancellationToken))
        {
            if (Digest.TryParse(row.RowKey, out Digest? id))
            {
                yield return id;
            }
        }
    }

    /// <summary>As above, but for images that registries no longer have.</summary>
    public async IAsyncEnumerable<Digest> PresentAsync(string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableEntity row in ReadAsync("", filter, ["RowKey", ListColumns.Removed], cancellationToken))
        {
            if (row.GetInt64(ListColumns.Removed) is null && Digest.TryParse(row.RowKey, out Digest? id))
            {
                yield return id;
            }
        }
    }

    /// <summary>The commit rows of a partition, those that can be read.</summary>
    public async IAsyncEnumerable<ScanRow> ReadAsync(string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {ImageOrder.Mark}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (Digest.TryParse(row.RowKey, out Digest? id) && ScanRow.From(id, row) is { } readable)
            {
                yield return readable;
            }
        }
    }

    /// <summary>Writes all rows of lists of an image once more, and its commit row; false if that is no longer as it was.</summary>
    public Task<bool> TryRelistAsync(ScanRow row, ScanRow stored, CancellationToken cancellationToken) => TryCommitAsync(
        new TableTransactionAction(TableTransactionActionType.UpdateReplace, row.ToEntity(), stored.ETag), null, ListRows.Anew(stored, row), cancellationToken);

    /// <summary>
    /// Columns of the commit rows after a key, one partition after the other. Rows of lists, of which there are many more, are passed over by their
    /// keys, which a question about all partitions at once would not do.
    /// </summary>
    public async IAsyncEnumerable<TableEntity> ReadAsync(
        string after, string? filter, string[] columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        foreach (string partition in ScanRow.Partitions)
        {
            string range = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {after} and RowKey lt {ImageOrder.Mark}");
            string asked = filter is null ? range : $"{range} and ({filter})";
            await foreach (TableEntity row in table.QueryAsync<TableEntity>(asked, select: columns, cancellationToken: cancellationToken))
            {
                yield return row;
            }
        }
    }

    /// <summary>
    /// Adds a row, or replaces the one that was read, and its rows in lists with it; false if it is no longer as it was. Costs one request, or two
    /// where an image has got more than sixty names at once.
    /// </summary>
    public Task<bool> TryPutAsync(ScanRow row, ScanRow? stored, CancellationToken cancellationToken)
    {
        TableTransactionAction commit = stored is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row.ToEntity())
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row.ToEntity(), stored.ETag);
        return TryCommitAsync(commit, stored, row.IsListed ? ListRows.Between(stored, row) : new ListChange([], []), cancellationToken);
    }

    /// <summary>
    /// Deletes the row that was read, and its rows in lists with it; false if it is no longer as it was. One that is gone counts as deleted.
    /// </summary>
    public async Task<bool> TryDeleteAsync(ScanRow row, CancellationToken cancellationToken)
    {
        var key = new TableEntity(ScanRow.PartitionOf(row.Id), ScanRow.KeyOf(row.Id));
        var delete = new TableTransactionAction(TableTransactionActionType.Delete, key, row.ETag);
        return await TryCommitAsync(delete, row, ListRows.Between(row, null), cancellationToken)
            || await FindAsync(row.Id, cancellationToken) is null;
    }

    private async Task<bool> TryCommitAsync(TableTransactionAction commit, ScanRow? stored, ListChange change, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        foreach (TableTransactionAction[] before in change.Before.Chunk(StorageLimits.RowsPerTransaction))
        {
            await table.SubmitTransactionAsync(before, cancellationToken);
        }

        if (await table.TrySubmitAsync([commit, .. change.With], cancellationToken))
        {
            return true;
        }

        // The commit row is as it was, so a row is missing that it says there is: somebody has deleted it by hand.
        TableTransactionAction[] gone = [.. change.With.Where(action => action.ActionType == TableTransactionActionType.Delete)];
        if (stored is not { IsListed: true } || (await FindAsync(stored.Id, cancellationToken))?.ETag != stored.ETag
            || !await table.TrySubmitAsync([commit, .. change.With.Except(gone)], cancellationToken))
        {
            return false;
        }

        foreach (TableTransactionAction delete in gone)
        {
            await table.DeleteEntityAsync(delete.Entity.PartitionKey, delete.Entity.RowKey, ETag.All, cancellationToken);
        }

        return true;
    }
}
