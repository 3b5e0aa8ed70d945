using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Finishes or fails jobs whose messages were lost or whose processes have died while nobody waited. For a timer, each minute: it reads a row for
/// each open job.
/// </summary>
public sealed class JobSweep(JobStore jobs, JobResumption resumption, ScanSettings settings, TimeProvider time, ILogger<JobSweep> logger)
{
    /// <summary>When the Functions host runs it, as NCRONTAB: each minute.</summary>
    public const string Schedule = "15 * * * * *";

    /// <summary>From one run to the next by <see cref="Schedule"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Longer than any holder is silent, and than a queue is full on an ordinary day. A job sent twice is done once.
    private static readonly TimeSpan NoNews = TimeSpan.FromMinutes(5);

    /// <summary>Sweeps once and returns how many jobs were taken up; may run twice, or beside itself. Throws <see cref="StorageException"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int resumed = 0;
        await foreach (ScanJob job in jobs.ClaimedAsync(cancellationToken))
        {
            if (!job.IsOpen)
            {
                await ReleaseAsync(job, cancellationToken);
            }
            else if (time.GetUtcNow() - job.ChangedAt > NoNews)
            {
                await resumption.ResumeAsync(job, cancellationToken);
                resumed++;
            }
        }

        if (resumed > 0)
        {
            logger.LogInformation("Job sweep done, {Jobs} jobs taken up", resumed);
        }

        return resumed;
    }

    private async Task ReleaseAsync(ScanJob ended, CancellationToken cancellationToken)
    {
        if (!ScanStep.MayAnswerOthers(ended) || time.GetUtcNow() - ended.FinishedAt > TimeSpan.FromSeconds(settings.ForceReuseSeconds))
        {
            await jobs.ReleaseAsync(ended, cancellationToken);
        }
    }
}
