using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes one message of the <c>image-scans</c> queue. A message may come twice, late, or after the process that had it died: the job row
/// says what is left to do, and a job that has ended stays as it ended.
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

        ScanJob? job = await ChangeAsync(work.JobId, open => open with { State = ScanJobState.Running }, cancellationToken);
        if (job is not { IsOpen: true })
        {
            logger.LogInformation("Scan message without an open job {Job}", work.JobId);
            return;
        }

        try
        {
            Scan scan = await ScanAsync(job, cancellationToken);
            await ChangeAsync(
                job.Id, open => open with { State = ScanJobState.Done, ResultId = scan.Id.ToString(), FinishedAt = time.GetUtcNow() }, cancellationToken);
        }
        catch (RegistryException failure) when (failure.Failure != RegistryFailure.Unavailable)
        {
            await FailAsync(job.Id, failure.Message, failure.Failure, cancellationToken);
        }
        catch (Exception failure) when (failure is ScanException or AdvisoryDatabaseException)
        {
            await FailAsync(job.Id, failure.Message, kind: null, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Kept for the poison handler: it sees only the message.
            RegistryFailure? kind = (failure as RegistryException)?.Failure;
            await ChangeAsync(job.Id, open => open with { ErrorMessage = failure.Message, RegistryFailure = kind }, cancellationToken);
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
        await FailAsync(work.JobId, $"tried several times and given up: {reason}", job?.RegistryFailure, cancellationToken);
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
            throw ScanException.TookTooLong(settings);
        }
    }

    private async Task FailAsync(string jobId, string reason, RegistryFailure? kind, CancellationToken cancellationToken)
    {
        logger.LogWarning("Scan failed {Job}: {Reason}", jobId, HostileText.Plain(reason, 1_000));
        await ChangeAsync(
            jobId,
            open => open with { State = ScanJobState.Failed, ErrorMessage = reason, RegistryFailure = kind, FinishedAt = time.GetUtcNow() },
            cancellationToken);
    }

    // A second delivery of the same message must not undo what the first has ended.
    private Task<ScanJob?> ChangeAsync(string jobId, Func<ScanJob, ScanJob> change, CancellationToken cancellationToken) =>
        jobs.UpdateAsync(jobId, job => job.IsOpen ? change(job) : job, cancellationToken);
}
