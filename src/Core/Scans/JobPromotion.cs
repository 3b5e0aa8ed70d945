using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Lets a job out of the queue of those that nobody waits for, when somebody does: what it waits for is sent to the queues of its kind at once. The
/// messages that it leaves behind are passed over.
/// </summary>
public sealed class JobPromotion(JobStore jobs, ScanQueues queues, ILogger<JobPromotion> logger)
{
    /// <summary>The job as it stands then; a job that somebody works on is only no longer in the background. Throws <see cref="StorageException"/>.</summary>
    public async Task<ScanJob> PromoteAsync(ScanJob seen, CancellationToken cancellationToken)
    {
        if (!seen.IsBackground)
        {
            return seen;
        }

        bool isOurs = false;
        ScanJob? promoted = await jobs.UpdateAsync(
            seen.Id,
            job => (isOurs = job is { IsOpen: true, IsBackground: true }) ? job with { IsBackground = false } : job,
            cancellationToken);
        if (promoted is null || !isOurs)
        {
            return promoted ?? seen;
        }

        logger.LogInformation("Scan is waited for {Job} {Image}", promoted.Id, HostileText.Plain(promoted.ImageName));
        if (promoted is { Holder: null, State: ScanJobState.Reading })
        {
            await SendLayersAsync(promoted, cancellationToken);
        }
        else if (promoted.Holder is null)
        {
            await queues.SendAsync(promoted, cancellationToken);
        }

        return promoted;
    }

    // One that is being read is read once all the same (LayerTurn).
    private async Task SendLayersAsync(ScanJob job, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobLayer> layers = (await jobs.FindWholeAsync(job.Id, cancellationToken))?.Layers ?? [];
        await Parallel.ForEachAsync(
            layers.Where(layer => layer.State is JobLayerState.Waiting or JobLayerState.Reading),
            cancellationToken,
            async (layer, token) => await queues.SendLayerAsync(job, layer.Digest, token));
    }
}
