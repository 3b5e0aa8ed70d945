using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>Marks forced jobs whose callers have gone away or were told to come back, so that they answer the next who forces the same.</summary>
internal sealed class UnheardJobs(JobStore jobs, ILogger logger)
{
    /// <summary>As the other method, of a job that is only being begun: whoever has gone by then has asked for it all the same.</summary>
    public async Task MarkAsync(Task<(Scan? Stored, ScanJob? Job)> begun)
    {
        // One unit of work, which nobody waits for.
        try
        {
            if ((await begun).Job is { } job)
            {
                await MarkAsync(job);
            }
        }
        catch (Exception failure)
        {
            logger.LogInformation("Scan not begun, and its caller is gone: {Reason}", HostileText.Plain(failure.Message, 1_000));
        }
    }

    /// <summary>Marks a job if it is forced; a failure is logged, since then it is only read once more.</summary>
    public async Task MarkAsync(ScanJob job)
    {
        if (!job.Force)
        {
            return;
        }

        try
        {
            await jobs.UpdateAsync(job.Id, stored => stored with { Unheard = true }, CancellationToken.None);
        }
        catch (Exception failure) when (failure is StorageException or Azure.RequestFailedException)
        {
            logger.LogWarning("Scan not marked as unheard {Job}: {Reason}", job.Id, HostileText.Plain(failure.Message, 1_000));
        }
    }
}
