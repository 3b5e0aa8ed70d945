using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// The clusters, a row each, which every heartbeat writes again. When that was is told by the service, which stamps rows and answers with one
/// clock; those of our machines are never compared. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ClusterStore(StorageAccount account)
{
    private const string Partition = "cluster";

    /// <summary>
    /// Says that the cluster of that name is there, and returns its id, which the first heartbeat chose. All instances of a cluster may do so at once.
    /// </summary>
    public async Task<string> BeatAsync(string name, string productVersion, int messageForm, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Clusters, cancellationToken);
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            NullableResponse<TableEntity> known =
                await table.GetEntityIfExistsAsync<TableEntity>(Partition, TableKey.Of(name), ["Id"], cancellationToken);
            string id = known.HasValue ? known.Value!.GetString("Id") : Guid.NewGuid().ToString();
            var row = new TableEntity(Partition, TableKey.Of(name))
            {
                ["Id"] = id,
                ["Name"] = name,
                ["ProductVersion"] = productVersion,
                ["MessageForm"] = messageForm,
            };
            try
            {
                _ = known.HasValue
                    ? await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, cancellationToken)
                    : await table.AddEntityAsync(row, cancellationToken);
                return id;
            }
            catch (RequestFailedException conflict) when (conflict.Status is 404 or 409)
            {
                // Another instance was first, or somebody has just removed the row: look again.
            }
        }

        throw StorageException.Contended($"Cluster {name}");
    }

    /// <summary>Every cluster that ever was, by name.</summary>
    public async Task<IReadOnlyList<Cluster>> ListAsync(CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Clusters, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        var clusters = new List<Cluster>();
        await foreach (Page<TableEntity> page in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages())
        {
            // The service's time with every answer (https://learn.microsoft.com/rest/api/storageservices/query-entities#response-headers).
            DateTimeOffset now = page.GetRawResponse().Headers.Date ?? throw new StorageException("The table service answers without its time.");
            clusters.AddRange(page.Values.Select(row => ClusterOf(row, now)));
        }

        return [.. clusters.OrderBy(cluster => cluster.Name, StringComparer.Ordinal)];
    }

    private static Cluster ClusterOf(TableEntity row, DateTimeOffset now)
    {
        DateTimeOffset lastSeen = row.Timestamp ?? DateTimeOffset.MinValue;

        // The time of an answer is in whole seconds, that of a row is finer.
        TimeSpan silence = now > lastSeen ? now - lastSeen : TimeSpan.Zero;
        return new Cluster(row.GetString("Id"), row.GetString("Name"), lastSeen, silence, row.GetString("ProductVersion"), row.GetInt32("MessageForm") ?? 0);
    }
}
