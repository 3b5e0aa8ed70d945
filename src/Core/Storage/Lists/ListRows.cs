using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage.Lists;

/// <summary>
/// The rows by which lists find an image: one for each order and direction, with all that lists show, and one for each name but the first, which
/// points to the image alone. They lie in the partition of its commit row and change in the same transaction, so a list shows an image as it was
/// or as it is.
/// </summary>
internal static class ListRows
{
    /// <summary>Which rows there are, kept in the commit row; raise it with every change of keys, so that the sweep makes them anew.</summary>
    public const int Form = 1;

    /// <summary>The rows of orders, each with the image's figures.</summary>
    public static IEnumerable<TableEntity> OrdersOf(ScanRow row, byte[] names)
    {
        foreach (string key in OrderKeysOf(row))
        {
            var entity = new TableEntity(ScanRow.PartitionOf(row.Id), key);
            ListColumns.Write(entity, row.Listed);
            if (row.Names.Count > 1)
            {
                entity["Names"] = names;
            }

            yield return entity;
        }
    }

    /// <summary>The keys of the rows of orders.</summary>
    public static IEnumerable<string> OrderKeysOf(ScanRow row) => ImageOrder.KeysOf(row.Listed);

    /// <summary>The keys of the rows of further names; two long names may share one.</summary>
    public static IEnumerable<string> NameKeysOf(ScanRow row) =>
        row.Names.Skip(1).Select(name => $"{ImageOrder.OtherNames}{ImageOrder.NameKeyOf(name.FullName)}-{row.Listed.Id}").Distinct(StringComparer.Ordinal);

    /// <summary>All keys of an image's rows.</summary>
    public static IEnumerable<string> KeysOf(ScanRow row) => OrderKeysOf(row).Concat(NameKeysOf(row));

    /// <summary>
    /// What is to be done beside the change of a commit row; nothing if the list shows the same. Rows of names that do not fit one transaction with
    /// it are put before: who is led to an image by one looks at its names.
    /// </summary>
    /// <param name="stored">The commit row as it is; null if there is none, or if its rows are not to be relied on.</param>
    /// <param name="row">The commit row as it will be; null if it goes.</param>
    public static ListChange Between(ScanRow? stored, ScanRow? row)
    {
        bool isListed = stored is { IsListed: true };
        if (isListed && row is not null && AreSame(row.Listed, stored!.Listed) && row.Names.SequenceEqual(stored.Names))
        {
            return new ListChange([], []);
        }

        return Of(stored ?? row!, isListed ? [.. KeysOf(stored!)] : [], RiskOf(stored), row);
    }

    /// <summary>As <see cref="Between"/>, where rows are missing that the commit row says there are: all are put, and none is deleted.</summary>
    public static ListChange Anew(ScanRow stored, ScanRow row) => Of(stored, [], RiskOf(stored), row);

    // What of it is counted in the ledger.
    private static float? RiskOf(ScanRow? row) => row is { IsListed: true } ? row.Listed.Summary.RiskScore : null;

    private static ListChange Of(ScanRow image, string[] had, float? hadRisk, ScanRow? row)
    {
        string[] has = row is null ? [] : [.. KeysOf(row)];
        string partition = ScanRow.PartitionOf(image.Id);
        var with = new List<TableTransactionAction>();
        if (RiskDelta.Between(hadRisk, RiskOf(row)) is { } delta)
        {
            with.Add(new TableTransactionAction(TableTransactionActionType.Add, delta.ToEntity(partition)));
        }

        with.AddRange(row is null ? [] : OrdersOf(row, row.NamesAsBytes()).Select(Put));
        with.AddRange(had.Except(has).Select(key => new TableTransactionAction(
            TableTransactionActionType.Delete, new TableEntity(partition, key), ETag.All)));
        TableTransactionAction[] names = row is null ? [] : [.. NameKeysOf(row).Except(had).Select(key => Put(new TableEntity(partition, key)))];

        // What is too much to be deleted at once is left to the sweep; that is so for images of more than sixty names alone.
        with = with.Count < StorageLimits.RowsPerTransaction ? with : with[..(StorageLimits.RowsPerTransaction - 1)];
        int room = Math.Min(StorageLimits.RowsPerTransaction - 1 - with.Count, names.Length);
        return new ListChange([.. names[room..]], [.. with, .. names[..room]]);
    }

    // Names are compared by themselves.
    private static bool AreSame(ListedImage one, ListedImage other) => one with { OtherNames = [] } == other with { OtherNames = [] };

    private static TableTransactionAction Put(TableEntity row) => new(TableTransactionActionType.UpsertReplace, row);
}

/// <summary>Changes of rows of lists.</summary>
/// <param name="Before">What is put before the commit row changes.</param>
/// <param name="With">What changes in its transaction.</param>
internal sealed record ListChange(IReadOnlyList<TableTransactionAction> Before, IReadOnlyList<TableTransactionAction> With);
