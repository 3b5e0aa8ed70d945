using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Finishes or fails jobs whose messages were lost or whose processes have died while nobody waited. For a timer, each minute: it reads a row for
/// each open job.
/// </summary>
public sealed class JobSweep(JobStore jobs, ScanQueues queues, JobResumption resumption, ScanSettings settings, TimeProvider time, ILogger<JobSweep> logger)
{
    /// <summary>When the Functions host runs it, as NCRONTAB: each minute.</summary>
    public const string Schedule = "15 * * * * *";

    /// <summary>From one run to the next by <see cref="Schedule"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Longer than any holder is silent, also by a clock that goes a little wrong. A job sent twice is done once.
    private static readonly TimeSpan NoNews = TimeSpan.FromMinutes(5);

    // So that even a run that comes late leaves none that is older than it may be.
    private static readonly TimeSpan OldLogin = JobSources.LoginLife - (2 * Interval);

    /// <summary>Sweeps once and returns how many jobs were taken up; may run twice, or beside itself. Throws <see cref="StorageException"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int resumed = 0;
        await foreach (ScanJob job in jobs.ClaimedAsync(cancellationToken))
        {
            try
            {
                resumed += await SweepAsync(job, cancellationToken) ? 1 : 0;
            }
            catch (StorageException failure)
            {
                // One that cannot be changed must not keep those behind it from being looked at.
                logger.LogWarning("Job sweep passed over {Job}: {Reason}", job.Id, HostileText.Plain(failure.Message, 1_000));
            }
        }

        if (resumed > 0)
        {
            logger.LogInformation("Job sweep done, {Jobs} jobs taken up", resumed);
        }

        return resumed;
    }

    private async Task<bool> SweepAsync(ScanJob job, CancellationToken cancellationToken)
    {
        if (!job.IsOpen)
        {
            await ReleaseAsync(job, cancellationToken);
            return false;
        }

        if (job.SealedLogin is not null && time.GetUtcNow() - job.CreatedAt > OldLogin)
        {
            await jobs.UpdateAsync(job.Id, open => open with { SealedLogin = null }, cancellationToken);
            logger.LogInformation("Login taken from {Job}, which has not ended within an hour", job.Id);
            return false;
        }

        bool isLost = time.GetUtcNow() - job.ChangedAt > NoNews && await IsLostAsync(job, cancellationToken);
        if (isLost)
        {
            await resumption.ResumeAsync(job, cancellationToken);
        }

        return isLost;
    }

    // What waits in a queue may do so for hours on a busy day. A queue hands out its oldest messages first, more or less: if those that wait were
    // sent long after the last news of the job, its own is gone.
    private async Task<bool> IsLostAsync(ScanJob job, CancellationToken cancellationToken)
    {
        if (job.Holder is not null)
        {
            return true;
        }

        WorkQueue queue = job.State == ScanJobState.Reading ? queues.LayersOf(job) : queues.ImagesOf(job);
        DateTimeOffset? oldest = await queue.OldestAsync(cancellationToken);
        return oldest is null || oldest > job.ChangedAt + NoNews;
    }

    private async Task ReleaseAsync(ScanJob ended, CancellationToken cancellationToken)
    {
        if (!ScanStep.MayAnswerOthers(ended) || time.GetUtcNow() - ended.FinishedAt > TimeSpan.FromSeconds(settings.ForceReuseSeconds))
        {
            await jobs.ReleaseAsync(ended, cancellationToken);
        }
    }
}
