using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage;

/// <summary>
/// What was learned of layers, by the verified digest of their blob and the detectors that read them. The same layer always gives the same
/// inventory, so of two writers either may win. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class LayerStore(StorageAccount account, TimeProvider time, ILogger<LayerStore> logger)
{
    private const string RowKey = "layer";

    private readonly ChunkedRows _content = new(account, TableNames.LayerContent, time, logger);

    /// <summary>The layer as those detectors read it; null if they have not, or it cannot be read: then read the layer again.</summary>
    public async Task<LayerInventory?> FindAsync(Digest layer, string detectorsVersion, CancellationToken cancellationToken)
    {
        string key = KeyOf(layer, detectorsVersion);
        ContentStamp? torn = null;
        while (await StampAsync(key, cancellationToken) is { } stamp && stamp != torn)
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

    /// <summary>Keeps a layer under the version that its inventory states.</summary>
    public async Task SaveAsync(Digest layer, LayerInventory inventory, CancellationToken cancellationToken)
    {
        string key = KeyOf(layer, inventory.DetectorsVersion);
        ContentStamp? old = await StampAsync(key, cancellationToken);
        ContentStamp stamp = await _content.WriteAsync(key, Compressed.Write(inventory), cancellationToken);
        var row = new TableEntity(key, RowKey) { ["DetectorsVersion"] = inventory.DetectorsVersion };
        stamp.WriteTo(row);
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        if (old is not null)
        {
            await _content.DeleteObsoleteAsync(key, old.Generation, cancellationToken);
        }
    }

    /// <summary>Removes contents that no row points to any more and returns how many; for a timer, once a day.</summary>
    public Task<int> SweepAsync(CancellationToken cancellationToken) =>
        _content.SweepAsync(
            async (key, cancellation) => (await StampAsync(key, cancellation))?.Generation,
            cancellationToken);

    private async Task<ContentStamp?> StampAsync(string key, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        NullableResponse<TableEntity> row =
            await table.GetEntityIfExistsAsync<TableEntity>(key, RowKey, cancellationToken: cancellationToken);
        return row.HasValue ? ContentStamp.From(row.Value!) : null;
    }

    // Detectors list their names and versions, which may be long: the key holds their hash where it must.
    private static string KeyOf(Digest layer, string detectorsVersion) => $"{TableKey.Of(layer.ToString())}:{TableKey.Of(detectorsVersion)}";
}
