using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>The stored images as lists show them: of each only the commit row (<see cref="ScanRow"/>) is read.</summary>
internal sealed class ImageList(StorageAccount account)
{
    /// <summary>Every image, last saved first, then by id.</summary>
    public async Task<IReadOnlyList<ListedImage>> AllAsync(CancellationToken cancellationToken)
    {
        IEnumerable<ListedImage> images = await RowsAsync(ScanRow.ListColumns, ScanRow.ListedOf, cancellationToken);
        return [.. images.OrderByDescending(image => image.LastUpdated).ThenBy(image => image.Id, StringComparer.Ordinal)];
    }

    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        IEnumerable<bool> rows = await RowsAsync(["RowKey"], _ => true, cancellationToken);
        return rows.Count();
    }

    // The partitions side by side.
    private async Task<IEnumerable<T>> RowsAsync<T>(string[] columns, Func<TableEntity, T> read, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        async Task<List<T>> PartitionAsync(string partition)
        {
            var rows = new List<T>();
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
            await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: columns, cancellationToken: cancellationToken))
            {
                rows.Add(read(row));
            }

            return rows;
        }

        List<T>[] partitions = await Task.WhenAll(ScanRow.Partitions.Select(PartitionAsync));
        return partitions.SelectMany(rows => rows);
    }
}
