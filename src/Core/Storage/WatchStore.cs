using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;

namespace ImageScan.Core.Storage;

/// <summary>
/// The names of images that are looked at by the clock, a row each. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class WatchStore(StorageAccount account)
{
    // People enter them one by one: thousands, which one partition holds.
    private const string Partition = "image";

    /// <summary>Watches a name, which may be watched already. It counts as looked at.</summary>
    /// <param name="image">The name.</param>
    /// <param name="lookedAt">When.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task AddAsync(ImageReference image, DateTimeOffset lookedAt, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.WatchedImages, cancellationToken);
        TableEntity row = RowOf(image.FullName, lookedAt);
        row["Name"] = image.FullName;
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Watches a name no longer; nothing if it is not watched.</summary>
    public async Task RemoveAsync(string fullName, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.WatchedImages, cancellationToken);
        await table.DeleteEntityAsync(Partition, TableKey.Of(fullName), ETag.All, cancellationToken);
    }

    /// <summary>All names, in ordinal order.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        List<string> names = await NamesAsync(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>
    /// The names that have not been looked at since a moment, in no order, and those that are said to have been after another one: a clock was
    /// wrong then, and they would wait for it.
    /// </summary>
    public Task<List<string>> NotLookedAtAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken) => NamesAsync(
        TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and (LookedAt lt {since.UtcTicks} or LookedAt gt {until.UtcTicks})"), cancellationToken);

    /// <summary>Keeps that a name has been looked at; nothing if it is no longer watched.</summary>
    public async Task MarkAsync(string fullName, DateTimeOffset lookedAt, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.WatchedImages, cancellationToken);
        try
        {
            await table.UpdateEntityAsync(RowOf(fullName, lookedAt), ETag.All, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            // Somebody has removed it meanwhile: an upsert would bring it back.
        }
    }

    private static TableEntity RowOf(string fullName, DateTimeOffset lookedAt) => new(Partition, TableKey.Of(fullName)) { ["LookedAt"] = lookedAt.UtcTicks };

    private async Task<List<string>> NamesAsync(string filter, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.WatchedImages, cancellationToken);
        var names = new List<string>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: ["Name"], cancellationToken: cancellationToken))
        {
            names.Add(row.GetString("Name"));
        }

        return names;
    }
}
