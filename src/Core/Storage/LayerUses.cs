using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;

namespace ImageScan.Core.Storage;

/// <summary>
/// Which images have a layer: a row an image in the layer's partition. A scan writes its rows before it looks what is known of the layers, so
/// that who removes what no image uses sees it coming. Each writing bears a mark of its own: with an image go only the rows that its commit row
/// is marked with, never those of a scan that is under way.
/// </summary>
internal sealed class LayerUses(StorageAccount account)
{
    // ';' is the character after ':'.
    private const string Prefix = "use:";
    private const string AfterPrefix = "use;";
    private const string Mark = "Mark";
    private const int SideBySide = 16;

    /// <summary>What selects the rows of uses in a partition; the others of a layer stand before and behind them.</summary>
    public static string Filter => TableClient.CreateQueryFilter($"RowKey gt {Prefix} and RowKey lt {AfterPrefix}");

    /// <summary>What selects all other rows.</summary>
    public static string OthersFilter => TableClient.CreateQueryFilter($"(RowKey lt {Prefix} or RowKey ge {AfterPrefix})");

    /// <summary>The key of the image whose use of a layer a row says; null if the row says something else.</summary>
    public static string? ImageKeyOf(string rowKey) => rowKey.StartsWith(Prefix, StringComparison.Ordinal) ? rowKey[Prefix.Length..] : null;

    /// <summary>Says of each of the layers that the image has it: one upsert a layer, sixteen side by side.</summary>
    public async Task MarkAsync(Digest image, IEnumerable<Digest> layers, string mark, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        await Parallel.ForEachAsync(layers.Distinct(), Beside(cancellationToken), async (layer, token) =>
        {
            var row = new TableEntity(LayerStore.PartitionOf(layer), RowKeyOf(image)) { [Mark] = mark };
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, token);
        });
    }

    /// <summary>Takes back what was said under that mark; what was said since stays.</summary>
    public async Task RemoveAsync(Digest image, Digest layer, string mark, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(
            LayerStore.PartitionOf(layer), RowKeyOf(image), cancellationToken: cancellationToken);
        if (found is { HasValue: true, Value: { } row } && row.GetString(Mark) == mark)
        {
            await table.TryDeleteAsync(row, cancellationToken);
        }
    }

    /// <summary>Whether any image has the layer, or is about to.</summary>
    public async Task<bool> AnyAsync(string layerPartition, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        string filter = $"{TableClient.CreateQueryFilter($"PartitionKey eq {layerPartition}")} and {Filter}";
        return await table.QueryAsync<TableEntity>(filter, maxPerPage: 1, select: ["RowKey"], cancellationToken: cancellationToken)
            .AnyAsync(cancellationToken);
    }

    private static ParallelOptions Beside(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken };

    private static string RowKeyOf(Digest image) => Prefix + ScanRow.KeyOf(image);
}
