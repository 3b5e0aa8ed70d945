using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage;

/// <summary>
/// What is snoozed, and the exceptions with their history: one partition, in which every change also replaces the ledger row as it was read. So
/// writers come one after the other, none loses what another has done, and whoever reads learns from one small row whether anything has changed.
/// Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class SuppressionStore(StorageAccount account) : IDisposable
{
    private const string Partition = "suppressions";

    // Three at most: the third time what was read may be of two states, each of which was true.
    private const int ReadAttempts = 3;

    // The ledger, and for a row that moves one that is deleted and one that is added.
    private const int ChangesPerTransaction = (StorageLimits.RowsPerTransaction - 1) / 2;

    private readonly LedgeredPartition _partition = new(account, TableNames.Suppressions, Partition);

    public void Dispose() => _partition.Dispose();

    /// <summary>
    /// Tries until something comes of it: reads, decides and calls <see cref="TryChangeAsync"/>. Throws <see cref="StorageException"/> if somebody else
    /// was quicker every time, and what an attempt throws.
    /// </summary>
    /// <param name="attempt">One attempt; null if somebody else was quicker.</param>
    /// <param name="cancellationToken">Ends the wait for the others.</param>
    public Task<T> RetriedAsync<T>(Func<Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class => _partition.RetriedAsync("What is suppressed", attempt, cancellationToken);

    /// <summary>The ledger as it is now.</summary>
    public async Task<SuppressionLedger> LedgerAsync(CancellationToken cancellationToken) =>
        await _partition.LedgerAsync(cancellationToken) is { } row ? SuppressionLedger.From(row) : SuppressionLedger.Empty;

    /// <summary>All rows of the parts that are asked for, in no order, and the ledger as it was when none of them had changed since.</summary>
    public async Task<StoredSuppressions> ReadAsync(SuppressionParts parts, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            SuppressionLedger ledger = await LedgerAsync(cancellationToken);
            List<StoredException> exceptions = await ExceptionsAsync(parts, cancellationToken);
            List<StoredSnooze> snoozes = parts.HasFlag(SuppressionParts.Snoozes) ? await SnoozesAsync(cancellationToken) : [];
            if (attempt == ReadAttempts || parts == SuppressionParts.None || (await LedgerAsync(cancellationToken)).Mark == ledger.Mark)
            {
                return new StoredSuppressions(ledger, exceptions, snoozes);
            }
        }
    }

    /// <summary>The exception of that id, wherever it is in its life; null if there is none.</summary>
    public async Task<StoredException?> FindAsync(string id, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Suppressions, cancellationToken);

        // It only ever moves on to a later part, so whoever looks in their order cannot miss it.
        foreach (SuppressionParts part in StoredException.Parts)
        {
            NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
                Partition, StoredException.KeyOf(part, id), cancellationToken: cancellationToken);
            if (row.HasValue)
            {
                return StoredException.From(row.Value!);
            }
        }

        return null;
    }

    /// <summary>
    /// Makes changes together: as many from the first as fit into one transaction, and never part of one. Returns how many; none if somebody has
    /// changed anything since the ledger was read.
    /// </summary>
    /// <param name="read">The ledger, read before what the changes were decided by.</param>
    /// <param name="changes">At least one.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task<int> TryChangeAsync(SuppressionLedger read, IReadOnlyList<SuppressionChange> changes, CancellationToken cancellationToken)
    {
        SuppressionLedger next = read.Next();
        var actions = new List<TableTransactionAction> { next.ToAction(Partition) };
        int taken = 0;
        int bytes = 0;
        foreach (SuppressionChange change in changes.Take(ChangesPerTransaction))
        {
            IReadOnlyList<TableTransactionAction> rows = change.ToActions(Partition);
            bytes += change.Bytes;
            if (taken > 0 && bytes > StorageLimits.TransactionBytes)
            {
                break;
            }

            actions.AddRange(rows);
            taken++;
        }

        return await _partition.TrySubmitAsync(actions, next.Mark, cancellationToken) ? taken : 0;
    }

    private async Task<List<StoredException>> ExceptionsAsync(SuppressionParts parts, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, StoredException>(StringComparer.Ordinal);
        foreach (SuppressionParts part in StoredException.Parts.Where(part => parts.HasFlag(part)))
        {
            (string from, string until) = StoredException.KeysOf(part);
            foreach (TableEntity row in await _partition.RowsAsync(from, until, cancellationToken))
            {
                StoredException stored = StoredException.From(row);

                // One that has moved between two pages is where it was seen last.
                found[stored.Exception.Id] = stored;
            }
        }

        return [.. found.Values];
    }

    private async Task<List<StoredSnooze>> SnoozesAsync(CancellationToken cancellationToken)
    {
        (string from, string until) = StoredSnooze.Keys;
        return [.. (await _partition.RowsAsync(from, until, cancellationToken)).Select(StoredSnooze.From)];
    }
}

/// <summary>Where an exception is in its life, and what else is kept beside it.</summary>
[Flags]
public enum SuppressionParts
{
    None = 0,

    /// <summary>Not decided yet.</summary>
    Pending = 1,
    InForce = 2,

    /// <summary>Over, denied or taken back.</summary>
    Closed = 4,
    Snoozes = 8,

    Open = Pending | InForce,
    Exceptions = Pending | InForce | Closed,
}

/// <summary>What was read together.</summary>
public sealed record StoredSuppressions(SuppressionLedger Ledger, IReadOnlyList<StoredException> Exceptions, IReadOnlyList<StoredSnooze> Snoozes);
