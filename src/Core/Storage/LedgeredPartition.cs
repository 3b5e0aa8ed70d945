using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage;

/// <summary>
/// A partition in which every change also replaces a ledger row as it was read. So writers come one after the other, none loses what another has done,
/// and whoever reads learns from one small row whether anything has changed. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
internal sealed class LedgeredPartition(StorageAccount account, string tableName, string partition) : IDisposable
{
    /// <summary>The ledger's row key.</summary>
    public const string LedgerKey = "ledger";

    /// <summary>The ledger's column that tells one change from all others.</summary>
    public const string MarkColumn = "Mark";

    // Who changes something in this process waits for the others; only those of other processes are met in the table.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The mark of a change that nobody has made yet.</summary>
    public static string NewMark() => Guid.NewGuid().ToString("n");

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// Tries until something comes of it: reads, decides and calls <see cref="TrySubmitAsync"/>. Throws <see cref="StorageException"/> if somebody else
    /// was quicker every time, and what an attempt throws.
    /// </summary>
    /// <param name="what">What is changed, as the beginning of a sentence.</param>
    /// <param name="attempt">One attempt; null if somebody else was quicker.</param>
    /// <param name="cancellationToken">Ends the wait for the others.</param>
    public async Task<T> RetriedAsync<T>(string what, Func<Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (int i = 0; i < StorageLimits.Attempts; i++)
            {
                if (await attempt() is { } done)
                {
                    return done;
                }
            }

            throw StorageException.Contended(what);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The ledger's row as it is now; null if nothing was ever changed.</summary>
    public async Task<TableEntity?> LedgerAsync(CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(tableName, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(partition, LedgerKey, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    /// <summary>The action that writes the ledger's row: replaces the one that was read, or adds the first.</summary>
    public static TableTransactionAction ToAction(TableEntity row, ETag? read) => read is { } etag
        ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, etag)
        : new TableTransactionAction(TableTransactionActionType.Add, row);

    /// <summary>Does all of it or nothing; false if somebody has changed anything since the ledger was read.</summary>
    /// <param name="actions">The ledger's, and the rest.</param>
    /// <param name="mark">The new mark that is among them.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task<bool> TrySubmitAsync(IReadOnlyList<TableTransactionAction> actions, string mark, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(tableName, cancellationToken);

        // A writer whose answer was lost repeats its request and is refused for what it has written itself.
        return await table.TrySubmitAsync(actions, cancellationToken)
            || (await LedgerAsync(cancellationToken))?.GetString(MarkColumn) == mark;
    }

    /// <summary>The rows whose keys lie from one up to another, in their order.</summary>
    public async Task<List<TableEntity>> RowsAsync(string from, string until, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(tableName, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {until}");
        return await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
    }
}
