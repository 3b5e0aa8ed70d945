using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// VEX documents: a few rows in one partition, each in as many columns as it needs, which change as <see cref="LedgeredPartition"/> says. Every method
/// throws <see cref="StorageException"/> if storage fails, or a row cannot be read: to go on without it would count what somebody has cleared, or, worse,
/// clear what a later document took back.
/// </summary>
public sealed class VexStore(StorageAccount account) : IDisposable
{
    private const string Partition = "documents";
    private const string Prefix = "document";

    private readonly LedgeredPartition _partition = new(account, TableNames.Vex, Partition);

    public void Dispose() => _partition.Dispose();

    /// <summary>
    /// Tries until something comes of it: reads, decides and writes. Throws <see cref="StorageException"/> if somebody else was quicker every time, and
    /// what an attempt throws.
    /// </summary>
    /// <param name="attempt">One attempt; null if somebody else was quicker.</param>
    /// <param name="cancellationToken">Ends the wait for the others.</param>
    public Task<T> RetriedAsync<T>(Func<Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class => _partition.RetriedAsync("What VEX documents there are", attempt, cancellationToken);

    /// <summary>What tells the last change from all others; "" if there was none.</summary>
    public async Task<string> MarkAsync(CancellationToken cancellationToken) => MarkOf(await _partition.LedgerAsync(cancellationToken));

    /// <summary>All documents in the order in which they were added. They may be newer than the mark, never older.</summary>
    public async Task<StoredVex> ReadAsync(CancellationToken cancellationToken)
    {
        TableEntity? ledger = await _partition.LedgerAsync(cancellationToken);
        List<TableEntity> rows = await _partition.RowsAsync($"{Prefix}:", $"{Prefix};", cancellationToken);
        return new StoredVex(
            [.. rows.Select(UploadOf).OrderBy(upload => upload.AddedAt).ThenBy(upload => upload.Id, StringComparer.Ordinal)],
            MarkOf(ledger),
            ledger?.ETag);
    }

    /// <summary>Writes a document, new or not; false if somebody has changed anything since <paramref name="read"/>.</summary>
    public Task<bool> TryWriteAsync(StoredVex read, VexUpload upload, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, KeyOf(upload.Id));
        RowContent.Write(row, Compressed.Write(upload), "The VEX document");
        return TryChangeAsync(read, new TableTransactionAction(TableTransactionActionType.UpsertReplace, row), cancellationToken);
    }

    /// <summary>Removes a document that was read; false if somebody has changed anything since.</summary>
    public Task<bool> TryRemoveAsync(StoredVex read, VexUpload upload, CancellationToken cancellationToken) => TryChangeAsync(
        read, new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(Partition, KeyOf(upload.Id)), ETag.All), cancellationToken);

    /// <summary>Whether a document is not too large to be kept: what it takes depends on how well it can be compressed.</summary>
    public static bool Fits(VexUpload upload) => Compressed.Write(upload).Length <= StorageLimits.RowBytes;

    private Task<bool> TryChangeAsync(StoredVex read, TableTransactionAction change, CancellationToken cancellationToken)
    {
        string mark = LedgeredPartition.NewMark();
        var ledger = new TableEntity(Partition, LedgeredPartition.LedgerKey) { [LedgeredPartition.MarkColumn] = mark };
        return _partition.TrySubmitAsync([LedgeredPartition.ToAction(ledger, read.ETag), change], mark, cancellationToken);
    }

    private static string KeyOf(string id) => $"{Prefix}:{TableKey.Of(id)}";

    private static string MarkOf(TableEntity? ledger) => ledger?.GetString(LedgeredPartition.MarkColumn) ?? "";

    private static VexUpload UploadOf(TableEntity row) => Compressed.TryRead(RowContent.Read(row), out VexUpload? upload)
        ? upload
        : throw new StorageException(
            $"The VEX document in row {row.RowKey} of the table {TableNames.Vex} is not readable. Delete the row and add it again.");
}

/// <summary>The documents that were read together.</summary>
/// <param name="Uploads">In the order in which they were added.</param>
/// <param name="Mark">What tells the last change before them from all others; "" if there was none.</param>
/// <param name="ETag">The ledger as it was read; null if there is none yet.</param>
public sealed record StoredVex(IReadOnlyList<VexUpload> Uploads, string Mark, ETag? ETag);
