using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage.Sweeps;

/// <summary>
/// Removes old jobs, and rows of layers whose job is gone. Reads the keys of the table: a request for each thousand rows, so one for some
/// hundred jobs of ten layers. Claims without a job are let go of by whoever lists them (<see cref="JobStore.ClaimedAsync"/>).
/// </summary>
public sealed class OldJobs(StorageAccount account, JobStore jobs)
{
    /// <summary>Goes on after that key; removes what was made before the moment. Throws <see cref="StorageException"/>.</summary>
    public async Task<SweepPart> SweepAsync(string after, DateTimeOffset madeBefore, SweepTime until, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        int removed = 0;
        string last = after;
        AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey gt {after}"),
            select: ["PartitionKey", "RowKey", "Timestamp", "CreatedAt"],
            cancellationToken: cancellationToken);
        await foreach (TableEntity row in rows)
        {
            // The first row of a partition is the job's own, or else the job was removed while it was worked on.
            if (row.PartitionKey == last)
            {
                continue;
            }

            if (last != after && until.IsOver)
            {
                return new SweepPart(removed, last);
            }

            last = row.PartitionKey;
            if (row.GetInt64("CreatedAt") is { } createdAt ? createdAt < madeBefore.UtcTicks : row.Timestamp < madeBefore)
            {
                await jobs.RemoveAsync(last, cancellationToken);
                removed++;
            }
        }

        return new SweepPart(removed, null);
    }
}
