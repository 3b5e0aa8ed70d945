using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes a caller's scan: reads small images here and sends long ones over the queue. The scan outlives its caller: whoever goes away or
/// has waited long enough finds the result by asking again.
/// </summary>
public sealed class ScanDispatcher(
    RegistryClient registries, ImageScanner scanner, ScanMemory memory, JobStore jobs, ScanQueue queue, ScanSettings settings, TimeProvider time, ILogger<ScanDispatcher> logger)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The scan of one image, from what is stored or new. Throws <see cref="RegistryException"/>, <see cref="ScanException"/>, and
    /// <see cref="ScanPendingException"/> when it takes longer than <see cref="ScanSettings.WaitSeconds"/>.
    /// </summary>
    public async Task<Scan> ScanAsync(ScanRequest request, CancellationToken cancellationToken)
    {
        Task<Scan> scan = Task.Run(() => RunAsync(request), CancellationToken.None);
        try
        {
            return await scan.WaitAsync(TimeSpan.FromSeconds(settings.WaitSeconds), time, cancellationToken);
        }
        catch (TimeoutException) when (!scan.IsCompleted)
        {
            LogWhenDone(scan, request);
            throw new ScanPendingException(
                $"The scan of {request.Image.FullName} goes on and has taken more than {settings.WaitSeconds} s so far; ask again for its result.",
                TimeSpan.FromSeconds(5));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogWhenDone(scan, request);
            throw;
        }
    }

    private async Task<Scan> RunAsync(ScanRequest request)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(settings.TimeoutSeconds), time);
        try
        {
            ScanPlan plan = await scanner.PlanAsync(request, registries.Open(request.Image), timeout.Token);
            return plan.UnreadBytes <= settings.InlineBytes
                ? await scanner.FinishAsync(plan, progress: null, timeout.Token)
                : await ResultOfAsync(await SendAsync(request, timeout.Token), timeout.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new ScanException($"it took more than {settings.TimeoutSeconds} s and was given up; Scan__TimeoutSeconds allows more");
        }
    }

    private async Task<ScanJob> SendAsync(ScanRequest request, CancellationToken cancellationToken)
    {
        var job = new ScanJob
        {
            Id = Guid.NewGuid().ToString("N"),
            ImageName = request.Image.FullName,
            Platform = request.Platform?.ToString() ?? "",
            Force = request.Force,
            State = ScanJobState.Queued,
            CreatedAt = time.GetUtcNow(),
        };
        await jobs.CreateAsync(job, cancellationToken);
        await queue.EnqueueAsync(new ScanMessage(job.Id, job.ImageName, job.Platform, job.Force), cancellationToken);
        logger.LogInformation("Scan queued {Job} {Image}", job.Id, job.ImageName);
        return job;
    }

    private async Task<Scan> ResultOfAsync(ScanJob job, CancellationToken cancellationToken)
    {
        for (TimeSpan pause = FirstPoll; ; pause = pause * 1.5 < LongestPoll ? pause * 1.5 : LongestPoll)
        {
            await Task.Delay(pause, time, cancellationToken);
            ScanJob? now = await jobs.FindAsync(job.Id, cancellationToken);
            if (now is { State: ScanJobState.Failed })
            {
                throw FailureOf(now);
            }

            if (now is { State: ScanJobState.Done, ResultId: { } id })
            {
                return await memory.Scans.FindAsync(Digest.Parse(id), cancellationToken)
                    ?? throw new ScanException($"its result {id} has been deleted since it was done");
            }
        }
    }

    private static Exception FailureOf(ScanJob job)
    {
        string reason = job.ErrorMessage ?? "it failed without a reason";
        return job.RegistryFailure is { } kind ? new RegistryException(reason) { Failure = kind } : new ScanException(reason);
    }

    private void LogWhenDone(Task<Scan> scan, ScanRequest request) => _ = scan.ContinueWith(
        done =>
        {
            if (done.Exception is { } failure)
            {
                logger.LogWarning(failure.GetBaseException(), "Scan failed after its caller had gone {Image}", request.Image.FullName);
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
