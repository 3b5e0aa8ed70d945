using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// Which scans go to clusters: one row, which is replaced as a whole, so the last writer's word is the one that stands. Every method throws
/// <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class DelegationStore(StorageAccount account, TimeProvider time)
{
    // Every scan asks, hardly any request changes it: an instance learns of another's change that much later.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private const string Partition = "delegation";
    private const string RowKey = "config";

    private volatile Remembered? _remembered;

    /// <summary>The configuration as it is stored; the empty one, by which nothing is delegated, if none ever was.</summary>
    public async Task<DelegationConfig> FindAsync(CancellationToken cancellationToken)
    {
        long asked = time.GetTimestamp();
        TableClient table = await account.TableAsync(TableNames.Clusters, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, RowKey, cancellationToken: cancellationToken);
        DelegationConfig config = row.HasValue ? ConfigOf(row.Value!) : new DelegationConfig();
        _remembered = new Remembered(config, asked);
        return config;
    }

    /// <summary>The configuration as it was stored not more than ten seconds ago.</summary>
    public async Task<DelegationConfig> FindRecentAsync(CancellationToken cancellationToken) =>
        _remembered is { } known && time.GetElapsedTime(known.AskedAt) < Fresh ? known.Config : await FindAsync(cancellationToken);

    /// <summary>Puts this configuration in the place of the one that is stored.</summary>
    public async Task SaveAsync(DelegationConfig config, CancellationToken cancellationToken)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(config, SavedJson.Of<DelegationConfig>());
        if (json.Length > StorageLimits.PropertyBytes)
        {
            throw new StorageException($"The configuration takes {json.Length:N0} bytes; at most {StorageLimits.PropertyBytes:N0} are kept.");
        }

        TableClient table = await account.TableAsync(TableNames.Clusters, cancellationToken);
        await table.UpsertEntityAsync(new TableEntity(Partition, RowKey) { ["Config"] = json }, TableUpdateMode.Replace, cancellationToken);
        _remembered = null;
    }

    private static DelegationConfig ConfigOf(TableEntity row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.GetBinary("Config") ?? [], SavedJson.Of<DelegationConfig>())!;
        }
        catch (JsonException unreadable)
        {
            throw new StorageException("The configuration of delegated scanning is saved in another form; put it again.", unreadable);
        }
    }

    private sealed record Remembered(DelegationConfig Config, long AskedAt);
}
