using System.Diagnostics;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes one message of the <c>layer-scans</c> queue: reads a layer for a job, and has the job put together if it was the last. A message may come
/// twice, late, or after the process that had it died: a layer that is read is known.
/// </summary>
public sealed class LayerQueueHandler(
    JobSources sources, LayerReading layers, JobStore jobs, ScanStep step, ScanSettings settings, TimeProvider time, ILogger<LayerQueueHandler> logger)
{
    /// <summary>
    /// Reads the layer. A failure that another try cannot mend ends the job; any other is thrown, so that the queue delivers the message again.
    /// Throws <see cref="FormatException"/> for a message that is none of ours.
    /// </summary>
    public async Task HandleAsync(string message, CancellationToken cancellationToken)
    {
        if (!LayerMessage.TryParse(message, out LayerMessage? work) || !Digest.TryParse(work.Layer, out Digest? digest))
        {
            throw new FormatException($"A queue message of {message.Length} characters is no layer.");
        }

        ScanJob? job = await jobs.FindAsync(work.JobId, cancellationToken);
        string queue = job?.IsBackground == true ? QueueNames.BackgroundScans : QueueNames.LayerScans;
        using Activity? span = ScanTelemetry.StartMessage(queue, work.Trace)?.SetTag(SpanTags.Job, job?.Id).SetTag(SpanTags.Layer, $"{digest}");
        ScanMetrics.Dequeued(queue, work.SentAt, time.GetUtcNow());
        if (job is null)
        {
            logger.LogWarning("Layer message without a job {Job}: it was removed, or another deployment uses this queue", HostileText.Plain(work.JobId));
            return;
        }

        JobLayer? layer = job.IsOpen ? await jobs.UpdateLayerAsync(job.Id, digest, Begun, cancellationToken) : null;
        if (layer is null)
        {
            logger.LogInformation("Layer message without an open job {Job} {Layer}", job.Id, digest);
            return;
        }

        try
        {
            if (layer.State != JobLayerState.Done)
            {
                await ReadAsync(job, layer, cancellationToken);
            }

            await step.JoinIfCompleteAsync(job.Id, cancellationToken);
        }
        catch (Exception failure) when (!step.MayPass(failure, job))
        {
            span.Fail(failure);
            await FailAsync(job.Id, digest, failure, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            span.Fail(failure);

            // Kept for the poison handler: it sees only the message.
            await jobs.UpdateLayerAsync(job.Id, digest, open => Failed(open, failure), cancellationToken);
            throw;
        }
    }

    /// <summary>Takes a message that was delivered too often: the layer and its job have failed, and whoever waits is told why.</summary>
    public async Task HandlePoisonAsync(string message, CancellationToken cancellationToken)
    {
        ScanMetrics.Poisoned(QueueNames.LayerScans);
        if (!LayerMessage.TryParse(message, out LayerMessage? work) || !Digest.TryParse(work.Layer, out Digest? digest))
        {
            logger.LogError("Poison message that is no layer, {Length} characters", message.Length);
            return;
        }

        using Activity? span = ScanTelemetry.StartMessage(QueueNames.LayerScansPoison, work.Trace)?.SetTag(SpanTags.Job, work.JobId);

        // One that is done was delivered too often for nothing.
        JobLayer? layer = await jobs.FindLayerAsync(work.JobId, digest, cancellationToken);
        if (layer?.State != JobLayerState.Done)
        {
            await FailAsync(work.JobId, digest, GivenUp.After(layer?.ErrorMessage, layer?.RegistryFailure), cancellationToken);
        }
    }

    private async Task ReadAsync(ScanJob job, JobLayer layer, CancellationToken cancellationToken)
    {
        var request = ScanRequest.Of(job);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(settings.TimeoutSeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var descriptor = new Descriptor(layer.MediaType, layer.Digest, layer.Size);
        await using var progress = new LayerProgress(jobs, job.Id, layer.Digest, time, logger);
        LayerInventory read;
        try
        {
            read = await layers.ReadAsync(sources.Open(job, request.Image), descriptor, request, progress.Count, both.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw ScanException.TookTooLong(settings);
        }

        await jobs.UpdateLayerAsync(
            job.Id,
            layer.Digest,
            open => open with { State = JobLayerState.Done, BytesRead = layer.Size, Packages = read.CountPackages(), ErrorMessage = null },
            cancellationToken);
    }

    private async Task FailAsync(string jobId, Digest layer, Exception failure, CancellationToken cancellationToken)
    {
        await jobs.UpdateLayerAsync(
            jobId, layer, open => Failed(open, failure) with { State = JobLayerState.Failed }, cancellationToken);
        await step.FailAsync(jobId, failure, cancellationToken);
    }

    private static JobLayer Failed(JobLayer layer, Exception failure) =>
        layer with { ErrorMessage = ScanStep.ReasonOf(failure), RegistryFailure = (failure as RegistryException)?.Failure };

    private static JobLayer Begun(JobLayer layer) =>
        layer.State == JobLayerState.Done ? layer : layer with { State = JobLayerState.Reading, Attempts = layer.Attempts + 1 };
}
