using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage;

/// <summary>Removes what is kept of layers: the row first, so that nobody finds what goes next; what is left where this ends half-way is swept.</summary>
internal sealed class LayerRemoval(StorageAccount account, TimeProvider time, ILogger logger)
{
    private readonly ChunkedRows _content = new(account, TableNames.LayerContent, time, logger);
    private readonly LayerUses _uses = new(account);

    /// <summary>
    /// Removes all that is kept of a layer; false if an image has it, or a scan that is under way is about to use it. A scan says first which layers
    /// its image has and then looks what is known of them, here it is asked again after the rows are gone: so of the two one always sees the other.
    /// </summary>
    public async Task<bool> RemoveUnusedAsync(string layer, CancellationToken cancellationToken)
    {
        if (await _uses.AnyAsync(layer, cancellationToken))
        {
            return false;
        }

        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        string filter = $"{TableClient.CreateQueryFilter($"PartitionKey eq {layer}")} and {LayerUses.OthersFilter}";
        List<TableEntity> rows = await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        ETag? bundle = rows.Exists(row => row.RowKey == BundleStore.RowKey) ? await BundleAsync(layer, cancellationToken) : null;
        var removed = new List<TableEntity>();
        foreach (TableEntity row in rows)
        {
            if (await table.TryDeleteAsync(row, cancellationToken))
            {
                removed.Add(row);
            }
        }

        if (await _uses.AnyAsync(layer, cancellationToken))
        {
            await RestoreAsync(table, removed, cancellationToken);
            return false;
        }

        foreach (TableEntity row in removed)
        {
            await RemoveWhatItNamesAsync(row, bundle, cancellationToken);
        }

        return true;
    }

    /// <summary>Removes the bundle of that row; false if the row has changed.</summary>
    public async Task<bool> RemoveBundleAsync(TableEntity row, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        ETag? bundle = await BundleAsync(row.PartitionKey, cancellationToken);
        if (!await table.TryDeleteAsync(row, cancellationToken))
        {
            return false;
        }

        await RemoveWhatItNamesAsync(row, bundle, cancellationToken);
        return true;
    }

    /// <summary>Removes a bundle that no row names, also now; false if one does, or it has changed.</summary>
    public async Task<bool> RemoveStrayBundleAsync(BlobItem blob, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        NullableResponse<TableEntity> row =
            await table.GetEntityIfExistsAsync<TableEntity>(blob.Name, BundleStore.RowKey, cancellationToken: cancellationToken);
        return !row.HasValue && await TryDeleteAsync(blob.Name, blob.Properties.ETag ?? default, cancellationToken);
    }

    /// <summary>Removes what those detectors have read; false if the row has changed.</summary>
    public async Task<bool> RemoveInventoryAsync(TableEntity row, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        if (await WholeAsync(table, row, cancellationToken) is not { } whole || !await table.TryDeleteAsync(whole, cancellationToken))
        {
            return false;
        }

        await RemoveWhatItNamesAsync(whole, null, cancellationToken);
        return true;
    }

    /// <summary>Forgets that somebody reads a layer who has not been heard of for long; false if the row has changed.</summary>
    public async Task<bool> RemoveReaderAsync(TableEntity row, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        if (await WholeAsync(table, row, cancellationToken) is not { } whole)
        {
            return false;
        }

        if (ContentStamp.From(whole) is null)
        {
            return await table.TryDeleteAsync(whole, cancellationToken);
        }

        whole.Remove(LayerStore.Reader);
        return await table.TryReplaceAsync(whole, cancellationToken);
    }

    private static async Task RestoreAsync(TableClient table, List<TableEntity> rows, CancellationToken cancellationToken)
    {
        foreach (TableEntity row in rows)
        {
            try
            {
                await table.AddEntityAsync(row, cancellationToken);
            }
            catch (RequestFailedException newer) when (newer.Status == 409)
            {
                // The scan that has come has found nothing there, and reads the layer itself.
            }
        }
    }

    private async Task RemoveWhatItNamesAsync(TableEntity row, ETag? bundle, CancellationToken cancellationToken)
    {
        if (bundle is { } tag && row.RowKey == BundleStore.RowKey)
        {
            await TryDeleteAsync(row.PartitionKey, tag, cancellationToken);
        }

        if (ContentStamp.From(row) is { } stamp)
        {
            await _content.DeleteObsoleteAsync(LayerStore.ContentKeyOf(row), stamp.Generation, cancellationToken);
        }
    }

    // The row as it is now, if it is still the one that was listed.
    private static async Task<TableEntity?> WholeAsync(TableClient table, TableEntity listed, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row =
            await table.GetEntityIfExistsAsync<TableEntity>(listed.PartitionKey, listed.RowKey, cancellationToken: cancellationToken);
        return row.HasValue && row.Value!.ETag == listed.ETag ? row.Value : null;
    }

    // A bundle that was written meanwhile has another ETag, and stays.
    private async Task<ETag?> BundleAsync(string layer, CancellationToken cancellationToken)
    {
        BlobContainerClient container = await account.ContainerAsync(ContainerNames.Layers, cancellationToken);
        try
        {
            return (await container.GetBlobClient(layer).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    private async Task<bool> TryDeleteAsync(string blob, ETag tag, CancellationToken cancellationToken)
    {
        BlobContainerClient container = await account.ContainerAsync(ContainerNames.Layers, cancellationToken);
        try
        {
            var unchanged = new BlobRequestConditions { IfMatch = tag };
            return await container.GetBlobClient(blob).DeleteIfExistsAsync(conditions: unchanged, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            return false;
        }
    }
}
