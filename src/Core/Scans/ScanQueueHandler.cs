using System.Diagnostics;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes one message of the <c>image-scans</c> queue. A message may come twice, late, or after the process that had it died: the job says
/// what is left to do, and a job that has ended stays as it ended.
/// </summary>
public sealed class ScanQueueHandler(JobStore jobs, ScanStep step, TimeProvider time, ILogger<ScanQueueHandler> logger)
{
    /// <summary>
    /// Brings the job forward. A failure that another try cannot mend ends it; any other is thrown, so that the queue delivers the message again.
    /// Throws <see cref="FormatException"/> for a message that is none of ours.
    /// </summary>
    public async Task HandleAsync(string message, CancellationToken cancellationToken)
    {
        if (!ScanMessage.TryParse(message, out ScanMessage? work))
        {
            throw new FormatException($"A queue message of {message.Length} characters is no scan.");
        }

        ScanJob? job = await jobs.UpdateAsync(work.JobId, open => open.IsOpen ? Held(open) : open, cancellationToken);
        string queue = job?.IsBackground == true ? QueueNames.BackgroundScans : QueueNames.ImageScans;
        using Activity? span = ScanTelemetry.StartMessage(queue, work.Trace)?.SetTag(SpanTags.Job, job?.Id);
        ScanMetrics.Dequeued(queue, work.SentAt, time.GetUtcNow());
        if (job is null)
        {
            // That of an app with another Storage__Prefix: its job waits until its sweep has sent it again.
            logger.LogWarning("Scan message without a job {Job}: it was removed, or another deployment uses this queue", HostileText.Plain(work.JobId));
            return;
        }

        if (!job.IsOpen)
        {
            logger.LogInformation("Scan message without an open job {Job}", job.Id);
            return;
        }

        try
        {
            await step.AdvanceAsync(job, target: null, ScanRoute.Queue, cancellationToken);
        }
        catch (Exception failure) when (!step.MayPass(failure, job))
        {
            span.Fail(failure);
            await step.FailAsync(job.Id, failure, cancellationToken);
        }
        catch (Exception failure)
        {
            span.Fail(failure);

            // Kept for the poison handler: it sees only the message. What another has taken over, or was dealt out, is not ours to give back.
            await jobs.UpdateAsync(
                job.Id, open => open.IsOpen && open.Holder == Instance.Name ? Waiting(open, failure) : open, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Takes a message that was delivered too often, and tells whoever waits why.</summary>
    public async Task HandlePoisonAsync(string message, CancellationToken cancellationToken)
    {
        ScanMetrics.Poisoned(QueueNames.ImageScans);
        if (!ScanMessage.TryParse(message, out ScanMessage? work))
        {
            logger.LogError("Poison message that is no scan, {Length} characters", message.Length);
            return;
        }

        ScanJob? job = await jobs.FindAsync(work.JobId, cancellationToken);
        string queue = job?.IsBackground == true ? QueueNames.BackgroundScansPoison : QueueNames.ImageScansPoison;
        using Activity? span = ScanTelemetry.StartMessage(queue, work.Trace)?.SetTag(SpanTags.Job, job?.Id);
        await step.FailAsync(work.JobId, GivenUp.After(job?.ErrorMessage, job?.RegistryFailure), cancellationToken);
    }

    private ScanJob Held(ScanJob job) => job with
    {
        State = job.State == ScanJobState.Queued ? ScanJobState.Reading : job.State,
        Holder = Instance.Name,
        Attempts = job.Attempts + 1,
        StartedAt = job.StartedAt ?? time.GetUtcNow(),
    };

    private static ScanJob Waiting(ScanJob job, Exception failure) => job with
    {
        State = ScanJobState.Queued,
        Holder = null,
        ErrorMessage = failure is OperationCanceledException ? job.ErrorMessage : ScanStep.ReasonOf(failure),
        RegistryFailure = (failure as RegistryException)?.Failure,
    };
}
