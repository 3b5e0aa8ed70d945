using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>Takes up jobs whose process has died or whose messages were lost: they are sent again.</summary>
public sealed class JobResumption(JobStore jobs, ScanQueues queues, ScanStep step, ILogger<JobResumption> logger)
{
    private const int MaxResumptions = 10;

    /// <summary>Sends an open job again unless it has changed since it was seen; of many who try, one does. A job that dies each time is failed.</summary>
    public async Task ResumeAsync(ScanJob seen, CancellationToken cancellationToken)
    {
        if (seen.Resumptions >= MaxResumptions)
        {
            string last = seen.ErrorMessage is { } reason ? $"; the last failure was: {reason}" : "";
            await step.FailAsync(
                seen.Id, new ScanException($"it was taken up {seen.Resumptions} times, and whoever worked on it stopped each time{last}"), cancellationToken);
            return;
        }

        bool isOurs = false;
        ScanJob? taken = await jobs.UpdateAsync(
            seen.Id,
            job => (isOurs = job.IsOpen && job.Version == seen.Version)
                ? job with { State = ScanJobState.Queued, Holder = null, Resumptions = job.Resumptions + 1, LostHolders = LostBy(job) }
                : job,
            cancellationToken);
        if (taken is not null && isOurs)
        {
            ScanMetrics.Resumed();
            logger.LogWarning("Scan taken up {Job}, last held by {Holder}", seen.Id, seen.Holder ?? "nobody");
            await queues.SendAsync(taken, cancellationToken);
        }
    }

    private static IReadOnlyList<string> LostBy(ScanJob job) => job.Holder is { } holder ? [.. job.LostHolders, holder] : job.LostHolders;
}
