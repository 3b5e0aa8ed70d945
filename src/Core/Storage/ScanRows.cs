using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;

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

    /// <summary>The images whose rows fit a filter; what changes meanwhile may be there or not.</summary>
    public async IAsyncEnumerable<Digest> WhereAsync(string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken))
        {
            if (Digest.TryParse(row.RowKey, out Digest? id))
            {
                yield return id;
            }
        }
    }

    /// <summary>Adds a row, or replaces the one that was read; false if that is no longer as it was.</summary>
    public async Task<bool> TryPutAsync(ScanRow row, ScanRow? stored, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        try
        {
            if (stored is null)
            {
                await table.AddEntityAsync(row.ToEntity(), cancellationToken);
            }
            else
            {
                await table.UpdateEntityAsync(row.ToEntity(), stored.ETag, TableUpdateMode.Replace, cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Deletes the row that was read; false if it is no longer as it was. One that is gone counts as deleted.</summary>
    public async Task<bool> TryDeleteAsync(ScanRow row, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        return await table.TryDeleteAsync(new TableEntity(ScanRow.PartitionOf(row.Id), ScanRow.KeyOf(row.Id)) { ETag = row.ETag }, cancellationToken);
    }
}
