using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;
using ImageScan.Core.Storage.Sealing;

namespace ImageScan.Core.Storage;

/// <summary>
/// The integrations that people have made or changed, and which of those that are there from the start they have deleted: one partition, in which every
/// change also replaces the ledger row as it was read. So writers come one after the other, and whoever reads learns from one small row whether anything
/// has changed. Secrets lie sealed in columns of their own. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ImageIntegrationStore(StorageAccount account, SecretSealer sealer) : IDisposable
{
    private const string Partition = "integrations";
    private const string LedgerKey = "ledger";
    private const string MarkColumn = "Mark";
    private const string DocumentColumn = "Document";
    private const string IsDeletedColumn = "IsDeleted";
    private const string SecretPrefix = "Sealed";

    // The third time what was read may be of two states, each of which was true.
    private const int ReadAttempts = 3;

    // Who changes something in this process waits for the others; only those of other processes are met in the table.
    private readonly SemaphoreSlim _turn = new(1);

    public void Dispose() => _turn.Dispose();

    /// <summary>What tells the last change from all others; "" if there was none.</summary>
    public async Task<string> MarkAsync(CancellationToken cancellationToken) => (await LedgerAsync(cancellationToken))?.GetString(MarkColumn) ?? "";

    /// <summary>All rows, in no order, and the mark as it was when none of them had changed since.</summary>
    public async Task<StoredImageIntegrations> ReadAsync(CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ImageIntegrations, cancellationToken);
        for (int attempt = 1; ; attempt++)
        {
            TableEntity? ledger = await LedgerAsync(cancellationToken);
            var rows = new List<StoredIntegration>();
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ne {LedgerKey}");
            await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            {
                rows.Add(Read(row));
            }

            string mark = ledger?.GetString(MarkColumn) ?? "";
            if (attempt == ReadAttempts || await MarkAsync(cancellationToken) == mark)
            {
                return new StoredImageIntegrations(mark, ledger?.ETag, rows);
            }
        }
    }

    /// <summary>
    /// Makes one change: reads what there is and puts in its place what <paramref name="decide"/> says, or does nothing if that is null; again if somebody
    /// else was quicker. Throws what that throws, and <see cref="SealedException"/>, with nothing written.
    /// </summary>
    public async Task ChangeAsync(Func<StoredImageIntegrations, IntegrationChange?> decide, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (int i = 0; i < StorageLimits.Attempts; i++)
            {
                StoredImageIntegrations stored = await ReadAsync(cancellationToken);
                if (decide(stored) is not { } change || await TryChangeAsync(stored, change, cancellationToken))
                {
                    return;
                }
            }

            throw StorageException.Contended("What integrations there are");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The secrets of a row. Throws <see cref="SealedException"/> if one does not open.</summary>
    public IntegrationSecrets Open(StoredIntegration stored) => new(
        stored.Sealed.Select(text => KeyValuePair.Create(text.Key, sealer.Open(text.Value, PlaceOf(stored.Id, text.Key)))));

    private async Task<TableEntity?> LedgerAsync(CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ImageIntegrations, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, LedgerKey, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    private async Task<bool> TryChangeAsync(StoredImageIntegrations read, IntegrationChange change, CancellationToken cancellationToken)
    {
        string mark = Guid.NewGuid().ToString("n");
        var ledger = new TableEntity(Partition, LedgerKey) { [MarkColumn] = mark };
        TableTransactionAction[] actions =
        [
            read.Ledger is { } etag
                ? new(TableTransactionActionType.UpdateReplace, ledger, etag)
                : new(TableTransactionActionType.Add, ledger),
            ActionOf(change),
        ];
        TableClient table = await account.TableAsync(TableNames.ImageIntegrations, cancellationToken);
        try
        {
            await table.SubmitTransactionAsync(actions, cancellationToken);
            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 404 or 409 or 412)
        {
            // A writer whose answer was lost repeats its request and is refused for what it has written itself.
            return await MarkAsync(cancellationToken) == mark;
        }
    }

    private TableTransactionAction ActionOf(IntegrationChange change) => change switch
    {
        { Kept: { } kept } => new(TableTransactionActionType.UpsertReplace, RowOf(kept)),
        { LeavesNothing: true } => new(TableTransactionActionType.Delete, new TableEntity(Partition, TableKey.Of(change.Id)), ETag.All),
        _ => new(TableTransactionActionType.UpsertReplace, new TableEntity(Partition, TableKey.Of(change.Id)) { ["Id"] = change.Id, [IsDeletedColumn] = true }),
    };

    private TableEntity RowOf(ImageIntegration integration)
    {
        var row = new TableEntity(Partition, TableKey.Of(integration.Id))
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

    private static SealedPlace PlaceOf(string id, SecretField field) => new(TableNames.ImageIntegrations, Partition, TableKey.Of(id), SecretPrefix + field);

    // A document that a newer version wrote in another form is not shown, and not overwritten by anything but a change of that very integration.
    private static StoredIntegration Read(TableEntity row) => new(
        row.GetString("Id") ?? row.RowKey,
        row.GetBinary(DocumentColumn) is { } document && Compressed.TryRead(document, out ImageIntegration? integration) ? integration : null,
        Enum.GetValues<SecretField>().Where(field => row.GetString(SecretPrefix + field) is { Length: > 0 })
            .ToDictionary(field => field, field => row.GetString(SecretPrefix + field)),
        row.ETag.ToString());
}

/// <summary>All that is stored.</summary>
/// <param name="Mark">What tells the last change from all others; "" if there was none.</param>
/// <param name="Ledger">The ledger as it was read; null if there is none yet.</param>
/// <param name="Rows">The rows.</param>
public sealed record StoredImageIntegrations(string Mark, ETag? Ledger, IReadOnlyList<StoredIntegration> Rows);

/// <summary>One row as it was read.</summary>
/// <param name="Id">The integration's id.</param>
/// <param name="Integration">What it is, without its secrets; null if it was deleted, which is kept of those that are there from the start.</param>
/// <param name="Sealed">Its secrets, sealed.</param>
/// <param name="Stamp">Another one after every change.</param>
public sealed record StoredIntegration(string Id, ImageIntegration? Integration, IReadOnlyDictionary<SecretField, string> Sealed, string Stamp);

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
