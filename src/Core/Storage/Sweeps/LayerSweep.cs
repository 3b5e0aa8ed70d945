using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage.Sweeps;

/// <summary>
/// Removes what is kept of layers that no image has, and of the others what has become too old. Every part goes on after a key and throws
/// <see cref="StorageException"/>.
/// </summary>
public sealed class LayerSweep(StorageAccount account, TimeProvider time, ILogger<LayerSweep> logger)
{
    private static readonly string[] Columns = ["PartitionKey", "RowKey", "Timestamp", "DetectorsVersion", "Reader"];

    private readonly ChunkedRows _content = new(account, TableNames.LayerContent, time, logger);
    private readonly LayerRemoval _removal = new(account, time, logger);

    /// <summary>Contents that no row of a layer points to.</summary>
    public async Task<SweepPart> ContentsAsync(string after, SweepTime until, CancellationToken cancellationToken)
    {
        await using var committed = new OrderedKeys(CommittedAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken));
        return await _content.SweepAsync(after, until, committed, GenerationOfAsync, cancellationToken);
    }

    /// <summary>Bundles that no row of a layer points to.</summary>
    public async Task<SweepPart> BundlesAsync(string after, SweepTime until, CancellationToken cancellationToken)
    {
        await using var committed = new OrderedKeys(BundledAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken));
        BlobContainerClient container = await account.ContainerAsync(ContainerNames.Layers, cancellationToken);
        DateTimeOffset youngest = time.GetUtcNow() - SweepAges.Unwritten;
        int removed = 0;
        await foreach (BlobItem blob in container.GetBlobsAsync(cancellationToken: cancellationToken))
        {
            // A listing of blobs has no beginning but the first: five thousand names a request.
            if (string.CompareOrdinal(blob.Name, after) <= 0)
            {
                continue;
            }

            if (blob.Properties.LastModified < youngest && !await committed.ContainsAsync(blob.Name))
            {
                removed += await _removal.RemoveStrayBundleAsync(blob, cancellationToken) ? 1 : 0;
            }

            if (until.IsOver)
            {
                return new SweepPart(removed, blob.Name);
            }
        }

        return new SweepPart(removed, null);
    }

    /// <summary>
    /// All rows of layers: uses by images that are not stored, readings that nobody ends any more, what other detectors have read, old bundles, and
    /// layers without a use.
    /// </summary>
    public async Task<SweepPart> RowsAsync(ImageKeys images, LayerSweepRules rules, string after, SweepTime until, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        int removed = 0;
        SweptLayer? layer = null;
        AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey gt {after}"), select: Columns, cancellationToken: cancellationToken);
        await foreach (TableEntity row in rows)
        {
            if (layer is not null && row.PartitionKey != layer.Partition)
            {
                removed += await EndAsync(layer, rules, cancellationToken);
                if (until.IsOver)
                {
                    return new SweepPart(removed, layer.Partition);
                }

                layer = null;
            }

            layer ??= new SweptLayer(row.PartitionKey);
            removed += await TakeAsync(table, layer, row, images, cancellationToken);
        }

        removed += layer is null ? 0 : await EndAsync(layer, rules, cancellationToken);
        return new SweepPart(removed, null);
    }

    // A base image has a row for each of a hundred thousand images, so of uses only the latest is kept in mind.
    private async Task<int> TakeAsync(TableClient table, SweptLayer layer, TableEntity row, ImageKeys images, CancellationToken cancellationToken)
    {
        if (LayerUses.ImageKeyOf(row.RowKey) is not { } image)
        {
            layer.Rows.Add(row);
            return 0;
        }

        if (row.Timestamp < time.GetUtcNow() - SweepAges.Unfinished && await images.IsGoneAsync(image, cancellationToken)
            && await table.TryDeleteAsync(row, cancellationToken))
        {
            return 1;
        }

        layer.UsedAt = row.Timestamp > layer.UsedAt ? row.Timestamp!.Value : layer.UsedAt;
        return 0;
    }

    private async Task<int> EndAsync(SweptLayer layer, LayerSweepRules rules, CancellationToken cancellationToken)
    {
        DateTimeOffset unfinished = time.GetUtcNow() - SweepAges.Unfinished;
        if (layer.UsedAt == DateTimeOffset.MinValue)
        {
            return layer.Rows.TrueForAll(row => row.Timestamp < unfinished) && await _removal.RemoveUnusedAsync(layer.Partition, cancellationToken)
                ? layer.Rows.Count
                : 0;
        }

        int removed = 0;
        foreach (TableEntity row in layer.Rows)
        {
            if (row.RowKey == BundleStore.RowKey)
            {
                bool isOld = row.Timestamp < rules.BundlesBefore && layer.UsedAt < rules.BundlesBefore;
                removed += isOld && await _removal.RemoveBundleAsync(row, cancellationToken) ? 1 : 0;
            }
            else if (row.Timestamp < rules.InventoriesBefore && !rules.Detectors.Contains(row.GetString("DetectorsVersion") ?? ""))
            {
                removed += await _removal.RemoveInventoryAsync(row, cancellationToken) ? 1 : 0;
            }
            else if (row.Timestamp < unfinished && row.GetString("Reader") is not null)
            {
                removed += await _removal.RemoveReaderAsync(row, cancellationToken) ? 1 : 0;
            }
        }

        return removed;
    }

    private async IAsyncEnumerable<string> CommittedAsync(string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A content's key begins with that of its layer.
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        string layer = after[..Math.Max(after.IndexOf('|', StringComparison.Ordinal), 0)];
        string filter = TableClient.CreateQueryFilter($"PartitionKey ge {layer} and Generation gt ''");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(
            filter, select: ["PartitionKey", "RowKey", nameof(ContentStamp.Generation)], cancellationToken: cancellationToken))
        {
            yield return ChunkedRows.NameOf(LayerStore.ContentKeyOf(row), row.GetString(nameof(ContentStamp.Generation)) ?? "");
        }
    }

    private async Task<string?> GenerationOfAsync(string contentKey, CancellationToken cancellationToken)
    {
        int end = contentKey.IndexOf('|', StringComparison.Ordinal);
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
            contentKey[..Math.Max(end, 0)], contentKey[(end + 1)..], cancellationToken: cancellationToken);
        return row.HasValue ? ContentStamp.From(row.Value!)?.Generation : null;
    }

    private async IAsyncEnumerable<string> BundledAsync(string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey gt {after} and RowKey eq {BundleStore.RowKey}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey"], cancellationToken: cancellationToken))
        {
            yield return row.PartitionKey;
        }
    }

    private sealed class SweptLayer(string partition)
    {
        public string Partition => partition;

        public List<TableEntity> Rows { get; } = [];

        public DateTimeOffset UsedAt { get; set; } = DateTimeOffset.MinValue;
    }
}
