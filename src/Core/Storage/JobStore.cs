using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>Jobs in Tables, a partition each. Every method throws <see cref="StorageException"/> if storage fails.</summary>
public sealed class JobStore(StorageAccount account)
{
    private const string RowKey = "job";

    // An error may quote a registry; the rest of a job is bounded by its queue message.
    private const int MaxErrorCharacters = 8_000;

    /// <summary>Saves a new job; false if there is one of that id, which stays as it is.</summary>
    public async Task<bool> CreateAsync(ScanJob job, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        try
        {
            await table.AddEntityAsync(RowOf(job), cancellationToken);
            return true;
        }
        catch (RequestFailedException exists) when (exists.Status == 409)
        {
            return false;
        }
    }

    /// <summary>The job of that id; null if there is none.</summary>
    public async Task<ScanJob?> FindAsync(string id, CancellationToken cancellationToken)
    {
        TableEntity? row = await RowAsync(id, cancellationToken);
        return row is null ? null : JobOf(row);
    }

    /// <summary>
    /// Changes a job and returns it as it then stands; null if there is none. <paramref name="change"/> gets the job as stored, again each
    /// time another writer was quicker; returning it unchanged writes nothing.
    /// </summary>
    public async Task<ScanJob?> UpdateAsync(string id, Func<ScanJob, ScanJob> change, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await RowAsync(id, cancellationToken) is not { } row)
            {
                return null;
            }

            ScanJob stored = JobOf(row);
            ScanJob changed = change(stored);
            if (changed == stored)
            {
                return stored;
            }

            try
            {
                TableEntity replacement = RowOf(changed);
                await table.UpdateEntityAsync(replacement, row.ETag, TableUpdateMode.Replace, cancellationToken);
                return JobOf(replacement);
            }
            catch (RequestFailedException conflict) when (conflict.Status is 404 or 412)
            {
                // Another writer was quicker: look again.
            }
        }

        throw StorageException.Contended($"Job {id}");
    }

    /// <summary>Removes the jobs made before that moment and returns how many; for a timer, once a day.</summary>
    public async Task<int> SweepAsync(DateTimeOffset madeBefore, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"CreatedAt lt {madeBefore.UtcTicks}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken);
        int swept = 0;
        await foreach (TableEntity row in rows)
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
            swept++;
        }

        return swept;
    }

    private async Task<TableEntity?> RowAsync(string id, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        NullableResponse<TableEntity> row =
            await table.GetEntityIfExistsAsync<TableEntity>(TableKey.Of(id), RowKey, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    private static TableEntity RowOf(ScanJob job)
    {
        if (job.ErrorMessage?.Length > MaxErrorCharacters)
        {
            job = job with { ErrorMessage = $"{job.ErrorMessage[..MaxErrorCharacters]}…" };
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(job, SavedJson.Of<ScanJob>());
        return json.Length <= StorageLimits.PropertyBytes
            ? new TableEntity(TableKey.Of(job.Id), RowKey) { ["Job"] = json, ["CreatedAt"] = job.CreatedAt.UtcTicks }
            : throw new StorageException($"Job {job.Id} takes {json.Length:N0} bytes; at most {StorageLimits.PropertyBytes:N0} are kept.");
    }

    private static ScanJob JobOf(TableEntity row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.GetBinary("Job") ?? [], SavedJson.Of<ScanJob>())!;
        }
        catch (JsonException unreadable)
        {
            throw new StorageException($"Job {row.PartitionKey} is saved in another form; ask for the scan again.", unreadable);
        }
    }
}
