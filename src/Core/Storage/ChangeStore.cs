using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// What newer advisories have changed in stored images: a partition an image, a row a snapshot, newest first. Every method throws
/// <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ChangeStore(StorageAccount account)
{
    /// <summary>How many are kept of an image: three months of daily changes.</summary>
    public const int KeptPerImage = 100;

    private const int IdCharacters = 16;

    /// <summary>Keeps a change; one to the same snapshot takes the place of what was kept of it. The oldest beyond <see cref="KeptPerImage"/> go.</summary>
    public async Task AddAsync(Digest image, FindingChanges changes, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Changes, cancellationToken);
        byte[] content = Fitting(changes);
        var row = new TableEntity(TableKey.Of(image.ToString()), KeyOf(changes)) { ["Changes"] = content };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        List<TableEntity> keys = await RowsAsync(image, ["PartitionKey", "RowKey"], cancellationToken);
        foreach (TableEntity old in keys.Skip(KeptPerImage))
        {
            await table.DeleteEntityAsync(old.PartitionKey, old.RowKey, ETag.All, cancellationToken);
        }
    }

    /// <summary>What is kept of an image, newest first; empty if nothing ever changed.</summary>
    public async Task<IReadOnlyList<FindingChanges>> ListAsync(Digest image, CancellationToken cancellationToken)
    {
        var changes = new List<FindingChanges>();
        foreach (TableEntity row in await RowsAsync(image, null, cancellationToken))
        {
            // What another version has saved in another form is history that nobody can read any more.
            if (Compressed.TryRead(row.GetBinary("Changes") ?? [], out FindingChanges? change))
            {
                changes.Add(change);
            }
        }

        // By key they come in the order of their snapshots, which a roll-back turns round.
        return [.. changes.OrderByDescending(change => change.At)];
    }

    /// <summary>Removes all that is kept of an image.</summary>
    public async Task RemoveAsync(Digest image, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Changes, cancellationToken);
        foreach (TableEntity row in await RowsAsync(image, ["PartitionKey", "RowKey"], cancellationToken))
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }
    }

    private async Task<List<TableEntity>> RowsAsync(Digest image, string[]? columns, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Changes, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(image.ToString())}");
        var rows = new List<TableEntity>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: columns, cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    // Tables sort ascending, so that the latest snapshot has the lowest key. A roll-back stands beside the change that it takes back.
    private static string KeyOf(FindingChanges changes)
    {
        long built = Math.Max(changes.To?.BuiltAt.UtcTicks ?? changes.At.UtcTicks, changes.From?.BuiltAt.UtcTicks ?? 0);
        string id = TableKey.Of(changes.To?.Id ?? "");
        return string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - built:d19}-{id[..Math.Min(id.Length, IdCharacters)]}");
    }

    // A thousand of a kind compress to some 20 KB; names may be made to compress badly.
    private static byte[] Fitting(FindingChanges changes)
    {
        byte[] content = Compressed.Write(changes).ToArray();
        int most = Math.Max(changes.Added.Count, Math.Max(changes.Removed.Count, changes.Fixed.Count)) / 2;
        for (; content.Length > StorageLimits.PropertyBytes; most /= 2)
        {
            changes = changes with { Added = [.. changes.Added.Take(most)], Removed = [.. changes.Removed.Take(most)], Fixed = [.. changes.Fixed.Take(most)] };
            content = Compressed.Write(changes).ToArray();
        }

        return content;
    }
}
