using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;
using ImageScan.Core.Storage.Sealing;

namespace ImageScan.Core.Storage;

/// <summary>
/// The integrations that people have made or changed, and which of those that are there from the start they have deleted: one partition, which changes as
/// <see cref="LedgeredPartition"/> says. Secrets lie sealed in columns of their own. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ImageIntegrationStore(StorageAccount account, SecretSealer sealer) : IDisposable
{
    private const string Partition = "integrations";
    private const string RowPrefix = "integration";
    private const string DocumentColumn = "Document";
    private const string IsDeletedColumn = "IsDeleted";
    private const string SecretPrefix = "Sealed";

    private readonly LedgeredPartition _partition = new(account, TableNames.ImageIntegrations, Partition);

    public void Dispose() => _partition.Dispose();

    /// <summary>What tells the last change from all others; "" if there was none.</summary>
    public async Task<string> MarkAsync(CancellationToken cancellationToken) => MarkOf(await _partition.LedgerAsync(cancellationToken));

    /// <summary>All rows, in no order. They may be newer than the mark, never older.</summary>
    public async Task<StoredImageIntegrations> ReadAsync(CancellationToken cancellationToken)
    {
        TableEntity? ledger = await _partition.LedgerAsync(cancellationToken);
        List<TableEntity> rows = await _partition.RowsAsync($"{RowPrefix}:", $"{RowPrefix};", cancellationToken);
        return new StoredImageIntegrations(MarkOf(ledger), ledger?.ETag, [.. rows.Select(Read)]);
    }

    /// <summary>
    /// Makes one change: reads what there is and puts in its place what <paramref name="decide"/> says, or does nothing if that is null; again if somebody
    /// else was quicker. Throws what that throws, and <see cref="SealedException"/>, with nothing written.
    /// </summary>
    public Task ChangeAsync(Func<StoredImageIntegrations, IntegrationChange?> decide, CancellationToken cancellationToken) => _partition.RetriedAsync(
        "What integrations there are",
        async () =>
        {
            StoredImageIntegrations stored = await ReadAsync(cancellationToken);
            return decide(stored) is not { } change || await TryChangeAsync(stored, change, cancellationToken) ? stored : null;
        },
        cancellationToken);

    /// <summary>The secrets of a row. Throws <see cref="SealedException"/> if one does not open.</summary>
    public IntegrationSecrets Open(StoredImageIntegration stored) => new(
        stored.Sealed.Select(text => KeyValuePair.Create(text.Key, sealer.Open(text.Value, PlaceOf(stored.Id, text.Key)))));

    private Task<bool> TryChangeAsync(StoredImageIntegrations read, IntegrationChange change, CancellationToken cancellationToken)
    {
        string mark = LedgeredPartition.NewMark();
        var ledger = new TableEntity(Partition, LedgeredPartition.LedgerKey) { [LedgeredPartition.MarkColumn] = mark };
        return _partition.TrySubmitAsync([LedgeredPartition.ToAction(ledger, read.Ledger), ActionOf(change)], mark, cancellationToken);
    }

    private TableTransactionAction ActionOf(IntegrationChange change) => change switch
    {
        { Kept: { } kept } => new(TableTransactionActionType.UpsertReplace, RowOf(kept)),
        { LeavesNothing: true } => new(TableTransactionActionType.Delete, new TableEntity(Partition, KeyOf(change.Id)), ETag.All),
        _ => new(TableTransactionActionType.UpsertReplace, new TableEntity(Partition, KeyOf(change.Id)) { ["Id"] = change.Id, [IsDeletedColumn] = true }),
    };

    private TableEntity RowOf(ImageIntegration integration)
    {
        var row = new TableEntity(Partition, KeyOf(integration.Id))
        {
            ["Id"] = integration.Id,
            [DocumentColumn] = Compressed.Write(integration).ToArray(),
        };
        foreach (SecretField field in integration.Secrets.Fields)
        {
            row[SecretPrefix + field] = sealer.Seal(integration.Secrets[field], PlaceOf(integration.Id, field));
        }

        return row;
    }

    private static string KeyOf(string id) => $"{RowPrefix}:{TableKey.Of(id)}";

    private static string MarkOf(TableEntity? ledger) => ledger?.GetString(LedgeredPartition.MarkColumn) ?? "";

    private static SealedPlace PlaceOf(string id, SecretField field) => new(TableNames.ImageIntegrations, Partition, KeyOf(id), SecretPrefix + field);

    // What is no row of ours under its own key, or was written in another form by a newer version, is not shown, and changed only by who asks for that id.
    private static StoredImageIntegration Read(TableEntity row)
    {
        string id = row.GetString("Id") ?? "";
        bool isOurs = KeyOf(id) == row.RowKey;
        return new StoredImageIntegration(
            isOurs ? id : row.RowKey,
            isOurs && row.GetBinary(DocumentColumn) is { } document && Compressed.TryRead(document, out ImageIntegration? integration)
                ? integration with { Id = id }
                : null,
            Enum.GetValues<SecretField>().Where(field => row.GetString(SecretPrefix + field) is { Length: > 0 })
                .ToDictionary(field => field, field => row.GetString(SecretPrefix + field)),
            row.ETag.ToString());
    }
}

/// <summary>All that is stored.</summary>
/// <param name="Mark">What tells the last change from all others; "" if there was none.</param>
/// <param name="Ledger">The ledger as it was read; null if there is none yet.</param>
/// <param name="Rows">The rows.</param>
public sealed record StoredImageIntegrations(string Mark, ETag? Ledger, IReadOnlyList<StoredImageIntegration> Rows);

/// <summary>One row as it was read.</summary>
/// <param name="Id">The integration's id.</param>
/// <param name="Integration">What it is, without its secrets; null if it was deleted, which is kept of those that are there from the start.</param>
/// <param name="Sealed">Its secrets, sealed.</param>
/// <param name="Stamp">Another one after every change.</param>
public sealed record StoredImageIntegration(string Id, ImageIntegration? Integration, IReadOnlyDictionary<SecretField, string> Sealed, string Stamp);

/// <summary>What is to become of one integration.</summary>
public sealed class IntegrationChange
{
    private IntegrationChange(string id, ImageIntegration? kept, bool leavesNothing) => (Id, Kept, LeavesNothing) = (id, kept, leavesNothing);

    public string Id { get; }

    /// <summary>What it will be, with its secrets; null to be deleted.</summary>
    public ImageIntegration? Kept { get; }

    /// <summary>Whether not even its deletion is kept.</summary>
    public bool LeavesNothing { get; }

    public static IntegrationChange Keeping(ImageIntegration integration) => new(integration.Id, integration, leavesNothing: false);

    public static IntegrationChange Removing(string id) => new(id, null, leavesNothing: true);

    /// <summary>Removes what is there from the start, so that it stays away.</summary>
    public static IntegrationChange RemovingForGood(string id) => new(id, null, leavesNothing: false);
}
