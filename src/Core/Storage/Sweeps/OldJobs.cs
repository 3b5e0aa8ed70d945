using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage.Sweeps;

/// <summary>
/// Removes old jobs, jobs that nobody looks after, and rows of layers whose job is gone. Reads the keys of the table: a request for each thousand
/// rows, so one for some hundred jobs of ten layers. Claims without a job are let go of by whoever lists them (<see cref="JobStore.ClaimedAsync"/>).
/// </summary>
public sealed class OldJobs(StorageAccount account, JobStore jobs, TimeProvider time, ILogger<OldJobs> logger)
{
    private const string Reason = "nobody took the scan up in the time that jobs are kept (Retention__JobDays)";

    /// <summary>Removes old and forgotten jobs; an old one that is open fails first and goes later. Throws <see cref="StorageException"/>.</summary>
    /// <param name="after">The key to go on after.</param>
    /// <param name="madeBefore">What was made before is removed.</param>
    /// <param name="changedBefore">What is open and claimed by nobody is removed if it has not changed since: a younger one may yet be claimed.</param>
    /// <param name="until">When to stop.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SweepPart> SweepAsync(
        string after, DateTimeOffset madeBefore, DateTimeOffset changedBefore, SweepTime until, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        int removed = 0;
        string last = after;
        AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey gt {after}"),
            select: ["PartitionKey", "RowKey", "Timestamp", "CreatedAt", "IsOpen"],
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
            bool isOld = row.GetInt64("CreatedAt") is { } createdAt ? createdAt < madeBefore.UtcTicks : row.Timestamp < madeBefore;
            bool isOpen = row.GetBoolean("IsOpen") == true;
            bool isQuiet = row.Timestamp < changedBefore;
            bool isForgotten = isOpen && isQuiet && await jobs.IsForgottenAsync(last, cancellationToken);
            if (isOld && isOpen && !isForgotten && await jobs.FindOpenAsync(last, cancellationToken) is { } open)
            {
                // It was accepted, and may be of a cluster that is away. One that has just changed is at work, or was sent again.
                if (isQuiet)
                {
                    await GiveUpAsync(open, cancellationToken);
                }
            }
            else if (isOld || isForgotten)
            {
                await jobs.RemoveAsync(last, cancellationToken);
                removed++;
            }
        }

        return new SweepPart(removed, null);
    }

    private async Task GiveUpAsync(ScanJob job, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ScanJob? failed = await jobs.CloseAsync(
            job.Id,
            open => open with { State = ScanJobState.Failed, Holder = null, FinishedAt = now, ErrorMessage = Reason },
            _ => false,
            cancellationToken);
        if (failed?.FinishedAt == now)
        {
            logger.LogWarning(
                "Scan given up {Job} {Image} of cluster {Cluster}: {Reason}", job.Id, HostileText.Plain(job.ImageName), HostileText.Plain(job.Cluster), Reason);
            ScanMetrics.ScanEnded("failed", "none", "none", "ScanException", now - job.CreatedAt);
        }
    }
}
