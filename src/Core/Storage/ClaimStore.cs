using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage;

/// <summary>Which job is open for a target: a row a target, replaced by its ETag and removed with the end of the job.</summary>
internal sealed class ClaimStore(StorageAccount account)
{
    private const string RowKey = "claim";

    /// <summary>The claim of a target; null if no job is open for it.</summary>
    public async Task<JobClaim?> FindAsync(string target, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Claims, cancellationToken);
        NullableResponse<TableEntity> row =
            await table.GetEntityIfExistsAsync<TableEntity>(TableKey.Of(target), RowKey, cancellationToken: cancellationToken);
        return row.HasValue ? ClaimOf(row.Value!) : null;
    }

    /// <summary>Claims a target for a job, in the place of <paramref name="former"/>; false if another was quicker.</summary>
    public async Task<bool> TryPutAsync(string target, string jobId, JobClaim? former, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Claims, cancellationToken);
        var row = new TableEntity(TableKey.Of(target), RowKey) { ["Job"] = jobId };
        try
        {
            if (former is null)
            {
                await table.AddEntityAsync(row, cancellationToken);
            }
            else
            {
                await table.UpdateEntityAsync(row, former.ETag, TableUpdateMode.Replace, cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 404 or 409 or 412)
        {
            // A writer whose answer was lost repeats its request and is refused for what it has written itself.
            return (await FindAsync(target, cancellationToken))?.JobId == jobId;
        }
    }

    /// <summary>Lets go of a target, unless it is another job's by now.</summary>
    public async Task RemoveAsync(string target, string jobId, CancellationToken cancellationToken)
    {
        if (await FindAsync(target, cancellationToken) is { } claim && claim.JobId == jobId)
        {
            await RemoveAsync(claim, cancellationToken);
        }
    }

    /// <summary>Lets go of a target, unless the claim has changed.</summary>
    public async Task RemoveAsync(JobClaim claim, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Claims, cancellationToken);
        try
        {
            await table.DeleteEntityAsync(claim.Key, RowKey, claim.ETag, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // Another job's, or nobody's.
        }
    }

    /// <summary>All claims: one for each open job.</summary>
    public async IAsyncEnumerable<JobClaim> AllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Claims, cancellationToken);
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            yield return ClaimOf(row);
        }
    }

    private static JobClaim ClaimOf(TableEntity row) => new(row.PartitionKey, row.GetString("Job") ?? "", row.ETag);
}

/// <summary>A target's claim.</summary>
/// <param name="Key">The target, as a key.</param>
/// <param name="JobId">The job that it belongs to.</param>
/// <param name="ETag">What the row must still have when it is replaced.</param>
internal sealed record JobClaim(string Key, string JobId, ETag ETag);
