using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage;

/// <summary>
/// What was learned of layers: a partition by the verified digest of the blob, in it a row for each set of detectors that has read it. The same
/// row says who reads the layer now, so that nobody else does. The same layer always gives the same inventory, so of two writers either may win.
/// Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class LayerStore(StorageAccount account, TimeProvider time, ILogger<LayerStore> logger)
{
    internal const string Reader = "Reader";

    private readonly ChunkedRows _content = new(account, TableNames.LayerContent, time, logger);
    private readonly LayerUses _uses = new(account);
    private readonly LayerRemoval _removal = new(account, time, logger);

    /// <summary>What the store knows of a layer and those detectors; null if nothing.</summary>
    public async Task<LayerRow?> LookAsync(Digest layer, string detectorsVersion, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
            PartitionOf(layer), RowKeyOf(detectorsVersion), cancellationToken: cancellationToken);
        return row.HasValue ? LayerRow.From(row.Value!) : null;
    }

    /// <summary>The layer as those detectors read it; null if they have not, or it cannot be read: then read the layer again.</summary>
    public async Task<LayerInventory?> FindAsync(Digest layer, string detectorsVersion, CancellationToken cancellationToken)
    {
        string key = ContentKeyOf(layer, detectorsVersion);
        ContentStamp? torn = null;
        while ((await LookAsync(layer, detectorsVersion, cancellationToken))?.Content is { } stamp && stamp != torn)
        {
            if (await _content.ReadAsync(key, stamp, cancellationToken) is not { } content)
            {
                // A second writer removes the generation of the first: look again.
                torn = stamp;
                continue;
            }

            // Its own version is compared too, whatever the hash in the key says.
            if (Compressed.TryRead(content, out LayerInventory? inventory) && inventory.DetectorsVersion == detectorsVersion)
            {
                return inventory;
            }

            break;
        }

        if (torn is not null)
        {
            logger.LogWarning("Layer torn {Digest}: rows of generation {Generation} are missing", layer, torn.Generation);
        }

        return null;
    }

    /// <summary>
    /// Says that <paramref name="reader"/> reads the layer now; null if somebody else does. What was read of it before stays until it is replaced.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="detectorsVersion">The detectors that read it.</param>
    /// <param name="reader">Names this reading, and no other.</param>
    /// <param name="seen">The row as it was seen; one whose reader is gone may be taken over. Null if there was none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<LayerRow?> TryClaimAsync(Digest layer, string detectorsVersion, string reader, LayerRow? seen, CancellationToken cancellationToken)
    {
        TableEntity row = NewRow(layer, detectorsVersion);
        row[Reader] = reader;
        seen?.Content?.WriteTo(row);
        return await TryPutAsync(row, seen, cancellationToken);
    }

    /// <summary>Shows that the reading goes on; null if it is another's by now.</summary>
    public Task<LayerRow?> RenewAsync(Digest layer, string detectorsVersion, LayerRow claim, CancellationToken cancellationToken) =>
        TryClaimAsync(layer, detectorsVersion, claim.Reader ?? "", claim, cancellationToken);

    /// <summary>Lets others read the layer: this reading has failed.</summary>
    public async Task ReleaseAsync(Digest layer, string detectorsVersion, LayerRow claim, CancellationToken cancellationToken)
    {
        if (claim.Content is not null)
        {
            TableEntity row = NewRow(layer, detectorsVersion);
            claim.Content.WriteTo(row);
            await TryPutAsync(row, claim, cancellationToken);
            return;
        }

        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        try
        {
            await table.DeleteEntityAsync(PartitionOf(layer), RowKeyOf(detectorsVersion), claim.ETag, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // Another's by now.
        }
    }

    /// <summary>Keeps a layer under the version that its inventory states; whoever claimed it is done.</summary>
    public async Task SaveAsync(Digest layer, LayerInventory inventory, CancellationToken cancellationToken)
    {
        string key = ContentKeyOf(layer, inventory.DetectorsVersion);
        ContentStamp? old = (await LookAsync(layer, inventory.DetectorsVersion, cancellationToken))?.Content;
        ContentStamp stamp = await _content.WriteAsync(key, Compressed.Write(inventory), cancellationToken);
        TableEntity row = NewRow(layer, inventory.DetectorsVersion);
        stamp.WriteTo(row);
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        if (old is not null)
        {
            await _content.DeleteObsoleteAsync(key, old.Generation, cancellationToken);
        }
    }

    /// <summary>
    /// Takes back that a removed image has the layer, and removes what is kept of it, with its bundle, unless another image has it or is about to.
    /// </summary>
    public async Task ReleaseAsync(Digest layer, RemovedScan image, CancellationToken cancellationToken)
    {
        await _uses.RemoveAsync(image.Id, layer, image.UseMark, cancellationToken);
        await _removal.RemoveUnusedAsync(PartitionOf(layer), cancellationToken);
    }

    private async Task<LayerRow?> TryPutAsync(TableEntity row, LayerRow? seen, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        try
        {
            Response put = seen is null
                ? await table.AddEntityAsync(row, cancellationToken)
                : await table.UpdateEntityAsync(row, seen.ETag, TableUpdateMode.Replace, cancellationToken);
            row.ETag = put.Headers.ETag ?? default;
            return LayerRow.From(row);
        }
        catch (RequestFailedException conflict) when (conflict.Status is 404 or 409 or 412)
        {
            // A writer whose answer was lost repeats its request and is refused for what it has written itself.
            NullableResponse<TableEntity> now =
                await table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
            return now.HasValue && now.Value!.GetString(Reader) is { } reader && reader == row.GetString(Reader) ? LayerRow.From(now.Value) : null;
        }
    }

    private static TableEntity NewRow(Digest layer, string detectorsVersion) =>
        new(PartitionOf(layer), RowKeyOf(detectorsVersion)) { ["DetectorsVersion"] = detectorsVersion };

    internal static string PartitionOf(Digest layer) => TableKey.Of(layer.ToString());

    // Detectors list their names and versions, which may be long: the key holds their hash where it must.
    private static string RowKeyOf(string detectorsVersion) => $"v:{TableKey.Of(detectorsVersion)}";

    /// <summary>Where the content of a row of <see cref="TableNames.Layers"/> is.</summary>
    internal static string ContentKeyOf(TableEntity row) => $"{row.PartitionKey}|{row.RowKey}";

    private static string ContentKeyOf(Digest layer, string detectorsVersion) => $"{PartitionOf(layer)}|{RowKeyOf(detectorsVersion)}";
}

/// <summary>What the row of a layer says.</summary>
/// <param name="Generation">Which content is valid; null if the layer has not been read.</param>
/// <param name="Reader">Who reads it now; null if nobody does.</param>
/// <param name="ETag">Changes with every change of the row.</param>
public sealed record LayerRow(string? Generation, string? Reader, ETag ETag)
{
    internal ContentStamp? Content { get; init; }

    internal static LayerRow From(TableEntity row)
    {
        ContentStamp? content = ContentStamp.From(row);
        return new LayerRow(content?.Generation, row.GetString("Reader"), row.ETag) { Content = content };
    }
}
