using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage.Lists;

/// <summary>
/// The stored images as lists show them, in any <see cref="ImageOrder"/>: the rows of the order in sixteen partitions, read side by side and merged.
/// What changes meanwhile may be there as it was or as it is. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ImageList(StorageAccount account)
{
    private const int Few = 100;

    private static readonly string[] Keys = ["PartitionKey", "RowKey"];

    /// <summary>The images in an order.</summary>
    /// <param name="order">The order; by digest those are there, too, that were stored by a version without lists and have not been swept since.</param>
    /// <param name="direction">Which end comes first.</param>
    /// <param name="expected">How many are likely to be taken: only so many are asked for first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<ListedImage> WalkAsync(
        ImageOrder order, OrderDirection direction, int expected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string from, string before) = RangeOf(order, direction);
        Dictionary<string, string> afters = ScanRow.Partitions.ToDictionary(partition => partition, _ => from);
        await foreach (TableEntity row in MergeAsync(afters, before, ListColumns.All, expected, cancellationToken))
        {
            yield return ListColumns.Read(row);
        }
    }

    /// <summary>
    /// So many images of an order. Those before them are passed over by their keys alone, which are a tenth of their bytes.
    /// </summary>
    public async Task<IReadOnlyList<ListedImage>> PageAsync(
        ImageOrder order, OrderDirection direction, int offset, int limit, CancellationToken cancellationToken)
    {
        (string from, string before) = RangeOf(order, direction);
        Dictionary<string, string> afters = ScanRow.Partitions.ToDictionary(partition => partition, _ => from);
        if (offset > 0)
        {
            int passed = 0;
            await foreach (TableEntity row in MergeAsync(new Dictionary<string, string>(afters), before, Keys, offset, cancellationToken).Take(offset))
            {
                afters[row.PartitionKey] = row.RowKey;
                passed++;
            }

            if (passed < offset)
            {
                return [];
            }
        }

        return await MergeAsync(afters, before, ListColumns.All, limit, cancellationToken).Take(limit).Select(ListColumns.Read).ToListAsync(cancellationToken);
    }

    /// <summary>One image; null if it is not stored.</summary>
    /// <param name="id">Its digest, as text.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ListedImage?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(id, out Digest? digest))
        {
            return null;
        }

        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
            ScanRow.PartitionOf(digest), ScanRow.KeyOf(digest), ListColumns.All, cancellationToken);
        return row.HasValue ? ListColumns.Read(row.Value!) : null;
    }

    /// <summary>
    /// The digests of images of which a name begins so, whatever the case: a name that is longer than a key holds may be another one. An image comes
    /// once for each name.
    /// </summary>
    public async IAsyncEnumerable<string> NamedAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string value = ImageOrder.NameKeyOf(prefix);
        foreach (string mark in new[] { ImageOrder.Name.PrefixOf(OrderDirection.Ascending), ImageOrder.OtherNames })
        {
            // After the digits of a longer name comes none.
            Dictionary<string, string> afters = ScanRow.Partitions.ToDictionary(partition => partition, _ => mark + value);
            await foreach (TableEntity row in MergeAsync(afters, $"{mark}{value}g", Keys, Few, cancellationToken))
            {
                yield return ListColumns.DigestOf(row.RowKey);
            }
        }
    }

    /// <summary>The digests that begin so.</summary>
    public async IAsyncEnumerable<string> WithDigestAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<string, string> afters = ScanRow.Partitions.ToDictionary(partition => partition, _ => prefix.ToLowerInvariant());
        await foreach (TableEntity row in MergeAsync(afters, $"{prefix.ToLowerInvariant()}{ImageOrder.Mark}", Keys, Few, cancellationToken))
        {
            yield return row.RowKey;
        }
    }

    private static (string From, string Before) RangeOf(ImageOrder order, OrderDirection direction) =>
        order == ImageOrder.Id && direction == OrderDirection.Ascending
        ? ("", ImageOrder.Mark)
        : (order.PrefixOf(direction), $"{order.PrefixOf(direction)}{ImageOrder.Mark}");

    // All partitions at first, then the one whose rows have run out.
    private async IAsyncEnumerable<TableEntity> MergeAsync(
        IReadOnlyDictionary<string, string> afters, string before, string[] columns, int expected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);

        // Digests are spread evenly, but not quite.
        int firstPage = (expected / ScanRow.Partitions.Count * 5 / 4) + 8;
        OrderedRows[] partitions =
        [
            .. afters.Select(after => new OrderedRows(
                table,
                TableClient.CreateQueryFilter($"PartitionKey eq {after.Key} and RowKey gt {after.Value} and RowKey lt {before}"),
                columns,
                firstPage,
                cancellationToken)),
        ];
        await Task.WhenAll(partitions.Select(rows => rows.FillAsync()));
        var next = new PriorityQueue<OrderedRows, string>(partitions.Length, StringComparer.Ordinal);
        foreach (OrderedRows rows in partitions)
        {
            Enqueue(rows);
        }

        while (next.TryDequeue(out OrderedRows? rows, out _))
        {
            yield return rows.Current!;
            rows.Take();
            await rows.FillAsync();
            Enqueue(rows);
        }

        void Enqueue(OrderedRows rows)
        {
            if (rows.Current is { } row)
            {
                next.Enqueue(rows, row.RowKey);
            }
        }
    }
}
