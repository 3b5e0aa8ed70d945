using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes one message of the <c>image-scans</c> queue. A message may come twice, late, or after the process that had it died: the job row
/// says what is left to do.
/// </summary>
public sealed class ScanQueueHandler(
    RegistryClient registries, ImageScanner scanner, JobStore jobs, ScanSettings settings, TimeProvider time, ILogger<ScanQueueHandler> logger)
{
    /// <summary>
    /// Does the scan and closes its job. A failure that another try cannot mend closes it too; any other is thrown, so that the queue
    /// delivers the message again. Throws <see cref="FormatException"/> for a message that is none of ours.
    /// </summary>
    public async Task HandleAsync(string message, CancellationToken cancellationToken)
    {
        if (!ScanMessage.TryParse(message, out ScanMessage? work))
        {
            throw new FormatException($"A queue message of {message.Length} characters is no scan.");
        }

        if (await jobs.FindAsync(work.JobId, cancellationToken) is not { State: ScanJobState.Queued or ScanJobState.Running } job)
        {
            logger.LogInformation("Scan message without an open job {Job}", work.JobId);
            return;
        }

        await jobs.UpdateAsync(job.Id, open => open with { State = ScanJobState.Running }, cancellationToken);
        try
        {
            Scan scan = await ScanAsync(job, cancellationToken);
            await jobs.UpdateAsync(job.Id, open => open with { State = ScanJobState.Done, ResultId = scan.Id.ToString() }, cancellationToken);
        }
        catch (RegistryException failure)
        {
            bool isFinal = failure.Failure != RegistryFailure.Unavailable;
            await RecordAsync(job.Id, failure.Message, failure.Failure, isFinal ? ScanJobState.Failed : ScanJobState.Running, cancellationToken);
            if (!isFinal)
            {
                throw;
            }
        }
        catch (ScanException failure)
        {
            await RecordAsync(job.Id, failure.Message, null, ScanJobState.Failed, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Kept for the poison handler: it sees only the message.
            await RecordAsync(job.Id, failure.Message, null, ScanJobState.Running, cancellationToken);
            throw;
        }
    }

    /// <summary>Takes a message that was delivered too often, and tells whoever waits why.</summary>
    public async Task HandlePoisonAsync(string message, CancellationToken cancellationToken)
    {
        if (!ScanMessage.TryParse(message, out ScanMessage? work))
        {
            logger.LogError("Poison message that is no scan, {Length} characters", message.Length);
            return;
        }

        ScanJob? job = await jobs.FindAsync(work.JobId, cancellationToken);
        string reason = job?.ErrorMessage ?? "the process that worked on it stopped each time";
        await RecordAsync(work.JobId, $"tried several times and given up: {reason}", job?.RegistryFailure, ScanJobState.Failed, cancellationToken);
    }

    private async Task<Scan> ScanAsync(ScanJob job, CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(job.ImageName, out ImageReference? image, out string? reason))
        {
            throw new ScanException($"its name cannot be read: {reason}");
        }

        var request = new ScanRequest(image, Platform.TryParse(job.Platform, out Platform? platform) ? platform : null, job.Force);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(settings.TimeoutSeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            ScanPlan plan = await scanner.PlanAsync(request, registries.Open(image), both.Token);
            return await scanner.FinishAsync(plan, progress: null, both.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new ScanException($"it took more than {settings.TimeoutSeconds} s and was given up; Scan__TimeoutSeconds allows more");
        }
    }

    private async Task RecordAsync(string jobId, string reason, RegistryFailure? kind, ScanJobState state, CancellationToken cancellationToken)
    {
        logger.LogWarning("Scan try failed {Job}, now {State}: {Reason}", jobId, state, reason);
        await jobs.UpdateAsync(jobId, open => open with { State = state, ErrorMessage = reason, RegistryFailure = kind }, cancellationToken);
    }
}
