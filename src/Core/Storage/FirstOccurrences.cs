using System.IO.Hashing;
using System.Text;
using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage;

/// <summary>
/// When each CVE was first seen under each operating system. A partition per system, in it 32 rows by the hash of the CVE: all that a system
/// has is one request, and a new image of a known system writes nothing.
/// </summary>
internal sealed class FirstOccurrences(StorageAccount account)
{
    private const int Buckets = 32;

    /// <summary>
    /// The times of those CVEs under that system; what has none yet gets <paramref name="now"/>, and keeps it whoever asks later.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> SeeAsync(
        string system, IReadOnlyCollection<string> cves, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (cves.Count == 0)
        {
            return new Dictionary<string, DateTimeOffset>();
        }

        TableClient table = await account.TableAsync(TableNames.FirstOccurrences, cancellationToken);
        string partition = TableKey.Of(system);
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            Dictionary<string, Bucket> buckets = await ReadAsync(table, partition, cancellationToken);
            foreach (string cve in cves)
            {
                string key = BucketOf(cve);
                if (!buckets.TryGetValue(key, out Bucket? bucket))
                {
                    buckets[key] = bucket = new Bucket(default, []);
                }

                bucket.HasNew |= bucket.Times.TryAdd(cve, now);
            }

            if (await TryWriteAsync(table, partition, buckets, cancellationToken))
            {
                return cves.ToDictionary(cve => cve, cve => buckets[BucketOf(cve)].Times[cve], StringComparer.Ordinal);
            }
        }

        throw StorageException.Contended($"First occurrences of {partition}");
    }

    private static async Task<Dictionary<string, Bucket>> ReadAsync(TableClient table, string partition, CancellationToken cancellationToken)
    {
        var buckets = new Dictionary<string, Bucket>(StringComparer.Ordinal);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.GetBinary("Times") is not { } bytes || !Compressed.TryRead(bytes, out Dictionary<string, DateTimeOffset>? times))
            {
                throw new StorageException($"Row {partition}/{row.RowKey} of {table.Name} is not readable. Delete it to let its CVEs be first seen again.");
            }

            buckets[row.RowKey] = new Bucket(row.ETag, times);
        }

        return buckets;
    }

    // False if another writer was quicker: then nothing of this is written.
    private static async Task<bool> TryWriteAsync(
        TableClient table, string partition, Dictionary<string, Bucket> buckets, CancellationToken cancellationToken)
    {
        TableTransactionAction[] changes = [.. buckets.Where(pair => pair.Value.HasNew).Select(pair => ChangeOf(partition, pair.Key, pair.Value))];
        try
        {
            // At most 32 rows of 64 KiB: within the limits of one transaction.
            if (changes.Length > 0)
            {
                await table.SubmitTransactionAsync(changes, cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 409 or 412)
        {
            return false;
        }
    }

    private static TableTransactionAction ChangeOf(string partition, string key, Bucket bucket)
    {
        byte[] times = Compressed.Write(bucket.Times).ToArray();
        if (times.Length > StorageLimits.PropertyBytes)
        {
            throw new StorageException($"First occurrences of {partition} take more than {StorageLimits.PropertyBytes:N0} bytes in row {key}.");
        }

        var row = new TableEntity(partition, key) { ["Times"] = times };
        return bucket.ETag == default
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, bucket.ETag);
    }

    private static string BucketOf(string cve) => $"{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(cve)) % Buckets:d2}";

    private sealed class Bucket(ETag etag, Dictionary<string, DateTimeOffset> times)
    {
        public ETag ETag => etag;

        public Dictionary<string, DateTimeOffset> Times => times;

        public bool HasNew { get; set; }
    }
}
