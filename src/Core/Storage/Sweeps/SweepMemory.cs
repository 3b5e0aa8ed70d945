using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage.Sweeps;

/// <summary>
/// What one run of the sweep leaves to the next: how far it came where a table was too long for it, and which detectors have been at work.
/// Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class SweepMemory(StorageAccount account)
{
    private const string Parts = "parts";
    private const string Detectors = "detectors";
    private const string After = "After";
    private const string SeenAt = "SeenAt";

    /// <summary>The key after which a part goes on; "" for its beginning.</summary>
    public async Task<string> PlaceAsync(string part, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Sweeps, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(Parts, part, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value!.GetString(After) ?? "" : "";
    }

    /// <summary>Keeps the key after which the next run goes on; null for its beginning. Of two runs at once either may be right.</summary>
    public async Task KeepPlaceAsync(string part, string? stoppedAt, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Sweeps, cancellationToken);
        await table.UpsertEntityAsync(new TableEntity(Parts, part) { [After] = stoppedAt ?? "" }, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>
    /// Says that detectors are at work, and returns those that have been since <paramref name="since"/>, by their version: while a deployment
    /// rolls, and with several deployments on one account, there are several.
    /// </summary>
    public async Task<IReadOnlySet<string>> DetectorsAtWorkAsync(
        string version, DateTimeOffset now, DateTimeOffset since, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Sweeps, cancellationToken);
        var own = new TableEntity(Detectors, TableKey.Of(version)) { ["Version"] = version, [SeenAt] = now.UtcTicks };
        await table.UpsertEntityAsync(own, TableUpdateMode.Replace, cancellationToken);
        var versions = new HashSet<string>(StringComparer.Ordinal);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Detectors}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if ((row.GetInt64(SeenAt) ?? 0) >= since.UtcTicks)
            {
                versions.Add(row.GetString("Version") ?? "");
            }
            else
            {
                await table.TryDeleteAsync(row, cancellationToken);
            }
        }

        return versions;
    }
}
