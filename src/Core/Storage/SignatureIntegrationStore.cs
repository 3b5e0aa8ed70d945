using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Storage;

/// <summary>
/// Whose signatures are trusted: a few rows in one partition, which change as <see cref="LedgeredPartition"/> says. Every method throws
/// <see cref="StorageException"/> if storage fails, or a row cannot be read: to go on without it would say of images that they are not signed.
/// </summary>
public sealed class SignatureIntegrationStore(StorageAccount account) : IDisposable
{
    private const string Partition = "integrations";
    private const string Prefix = "integration";

    private readonly LedgeredPartition _partition = new(account, TableNames.SignatureIntegrations, Partition);

    public void Dispose() => _partition.Dispose();

    /// <summary>
    /// Tries until something comes of it: reads, decides and writes. Throws <see cref="StorageException"/> if somebody else was quicker every time, and
    /// what an attempt throws.
    /// </summary>
    /// <param name="attempt">One attempt; null if somebody else was quicker.</param>
    /// <param name="cancellationToken">Ends the wait for the others.</param>
    public Task<T> RetriedAsync<T>(Func<Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class => _partition.RetriedAsync("What signatures are trusted", attempt, cancellationToken);

    /// <summary>What tells the last change from all others; "" if there was none.</summary>
    public async Task<string> MarkAsync(CancellationToken cancellationToken) => MarkOf(await _partition.LedgerAsync(cancellationToken));

    /// <summary>All integrations in no order. They may be newer than the mark, never older.</summary>
    public async Task<StoredSignatureIntegrations> ReadAsync(CancellationToken cancellationToken)
    {
        TableEntity? ledger = await _partition.LedgerAsync(cancellationToken);
        List<TableEntity> rows = await _partition.RowsAsync($"{Prefix}:", $"{Prefix};", cancellationToken);
        return new StoredSignatureIntegrations([.. rows.Select(IntegrationOf)], MarkOf(ledger), ledger?.ETag);
    }

    /// <summary>Writes an integration, new or not; false if somebody has changed anything since <paramref name="read"/>.</summary>
    public Task<bool> TryWriteAsync(StoredSignatureIntegrations read, SignatureIntegration integration, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, KeyOf(integration.Id));
        RowContent.Write(row, Compressed.Write(integration), "The signature integration");
        return TryChangeAsync(read, new TableTransactionAction(TableTransactionActionType.UpsertReplace, row), cancellationToken);
    }

    /// <summary>Removes an integration that was read; false if somebody has changed anything since.</summary>
    public Task<bool> TryRemoveAsync(StoredSignatureIntegrations read, SignatureIntegration integration, CancellationToken cancellationToken) => TryChangeAsync(
        read,
        new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(Partition, KeyOf(integration.Id)), ETag.All),
        cancellationToken);

    private Task<bool> TryChangeAsync(StoredSignatureIntegrations read, TableTransactionAction change, CancellationToken cancellationToken)
    {
        string mark = LedgeredPartition.NewMark();
        var ledger = new TableEntity(Partition, LedgeredPartition.LedgerKey) { [LedgeredPartition.MarkColumn] = mark };
        return _partition.TrySubmitAsync([LedgeredPartition.ToAction(ledger, read.ETag), change], mark, cancellationToken);
    }

    private static string KeyOf(string id) => $"{Prefix}:{TableKey.Of(id)}";

    private static string MarkOf(TableEntity? ledger) => ledger?.GetString(LedgeredPartition.MarkColumn) ?? "";

    private static SignatureIntegration IntegrationOf(TableEntity row) =>
        Compressed.TryRead(RowContent.Read(row), out SignatureIntegration? integration)
            ? integration
            : throw new StorageException(
                $"The signature integration in row {row.RowKey} of the table {TableNames.SignatureIntegrations} is not readable. "
                    + "Delete the row and add it again.");
}

/// <summary>The integrations that were read together.</summary>
/// <param name="Integrations">They, in no order.</param>
/// <param name="Mark">What tells the last change before them from all others; "" if there was none.</param>
/// <param name="ETag">The ledger as it was read; null if there is none yet.</param>
public sealed record StoredSignatureIntegrations(IReadOnlyList<SignatureIntegration> Integrations, string Mark, ETag? ETag);
