using Azure.Data.Tables;

namespace ImageScan.Core.Storage.Sweeps;

/// <summary>Removes rows that were kept for their time: audit entries, and tokens that have not been worth anything for long.</summary>
public sealed class OldRows(StorageAccount account)
{
    // Transactions take that many rows of one partition.
    private const int BatchRows = 100;

    /// <summary>Removes audit entries of days before that of a moment. Throws <see cref="StorageException"/>.</summary>
    public Task<SweepPart> AuditAsync(DateTimeOffset before, SweepTime until, CancellationToken cancellationToken) =>
        RemoveAsync(TableNames.Audit, TableClient.CreateQueryFilter($"PartitionKey gt {AuditStore.DayOf(before)}"), until, cancellationToken);

    /// <summary>Removes tokens whose time was over before a moment, revoked or not. Throws <see cref="StorageException"/>.</summary>
    public Task<SweepPart> TokensAsync(DateTimeOffset before, SweepTime until, CancellationToken cancellationToken) =>
        RemoveAsync(TableNames.ApiTokens, TableClient.CreateQueryFilter($"ExpiresAt lt {before.UtcTicks}"), until, cancellationToken);

    // What is found is removed, so a run that is stopped leaves nothing behind it: the next begins again.
    private async Task<SweepPart> RemoveAsync(string name, string filter, SweepTime until, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(name, cancellationToken);
        int removed = 0;
        var batch = new List<TableTransactionAction>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            if (batch.Count == BatchRows || (batch.Count > 0 && batch[0].Entity.PartitionKey != row.PartitionKey))
            {
                removed += await FlushAsync(table, batch, cancellationToken);
                if (until.IsOver)
                {
                    return new SweepPart(removed, null);
                }
            }

            batch.Add(new TableTransactionAction(TableTransactionActionType.Delete, row));
        }

        return new SweepPart(removed + await FlushAsync(table, batch, cancellationToken), null);
    }

    private static async Task<int> FlushAsync(TableClient table, List<TableTransactionAction> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return 0;
        }

        int rows = batch.Count;
        try
        {
            await table.SubmitTransactionAsync(batch, cancellationToken);
        }
        catch (TableTransactionFailedException gone) when (gone.Status == 404)
        {
            // Another run is at work beside this one; the next finds what is left.
            rows = 0;
        }

        batch.Clear();
        return rows;
    }
}
