using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sealing;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Begins scans that read with a login which their caller lends. Nobody joins such a job, since its login must not read for others; what it finds is
/// everybody's, as that of any scan.
/// </summary>
public sealed class LentLoginScans(
    JobStore jobs, ScanQueues queues, ScanStep step, JobSources sources, ClusterSettings ownCluster, TimeProvider time, ILogger<LentLoginScans> logger)
{
    /// <summary>
    /// Begins the scan of an image over the queue; no registry is asked and nothing is waited for. Throws <see cref="StorageException"/>, and
    /// <see cref="SealedException"/> if there is no key under which a login can be kept.
    /// </summary>
    public async Task<ScanJob> BeginAsync(ScanRequest request, CallerLogin login, CancellationToken cancellationToken)
    {
        ScanJob ours = NewJob.Queued(request, $"{Guid.NewGuid():n}", ownCluster.Name, time.GetUtcNow());
        string sealedLogin = sources.Seal(ours.Id, login);
        ScanJob job = await jobs.BeginAsync(ours, answers: _ => false, cancellationToken);
        try
        {
            // Only now that it has a claim: the sweep finds whatever has one, and takes the login away in time.
            job = await jobs.UpdateAsync(job.Id, open => open.IsOpen ? open with { SealedLogin = sealedLogin } : open, cancellationToken) ?? job;
            await queues.SendAsync(job, cancellationToken);
        }
        catch (StorageException failure)
        {
            // Or it would keep the login for a scan that nobody does.
            await step.FailAsync(job.Id, failure, cancellationToken);
            throw;
        }

        logger.LogInformation("Scan by a lent login queued {Job} {Image}", job.Id, HostileText.Plain(job.ImageName));
        return job;
    }
}
