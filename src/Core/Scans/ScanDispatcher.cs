using System.Security.Cryptography;
using System.Text;
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
    RegistryClient registries,
    ImageScanner scanner,
    ScanStore store,
    JobStore jobs,
    ScanQueue queue,
    ScanSettings settings,
    TimeProvider time,
    ILogger<ScanDispatcher> logger) : IDisposable
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(settings.ParallelScans);

    private TimeSpan Timeout => TimeSpan.FromSeconds(settings.TimeoutSeconds);

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

    public void Dispose() => _places.Dispose();

    private async Task<Scan> RunAsync(ScanRequest request)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        try
        {
            ScanPlan plan = await scanner.PlanAsync(request, registries.Open(request.Image), timeout.Token);
            return plan.Answer
                ?? (plan.UnreadBytes <= settings.InlineBytes
                    ? await ReadHereAsync(plan, timeout.Token)
                    : await ResultOfAsync(await JoinOrSendAsync(plan, timeout.Token), timeout.Token));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw ScanException.TookTooLong(settings);
        }
    }

    private async Task<Scan> ReadHereAsync(ScanPlan plan, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await scanner.FinishAsync(plan, progress: null, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    // The same scan has the same job, so that whoever asks again, after a 504 for instance, waits for the one that runs.
    private async Task<ScanJob> JoinOrSendAsync(ScanPlan plan, CancellationToken cancellationToken)
    {
        ScanJob ours = JobFor(plan);
        ScanJob? current = null;
        while (current is null && !await jobs.CreateAsync(ours, cancellationToken))
        {
            current = await jobs.UpdateAsync(ours.Id, stored => AnswersFor(stored, ours) ? stored : ours, cancellationToken);
        }

        if (current is not null && current.CreatedAt != ours.CreatedAt)
        {
            return current;
        }

        await SendAsync(ours, cancellationToken);
        return ours;
    }

    private async Task SendAsync(ScanJob job, CancellationToken cancellationToken)
    {
        try
        {
            await queue.EnqueueAsync(new ScanMessage(job.Id, job.ImageName, job.Platform, job.Force), cancellationToken);
            logger.LogInformation("Scan queued {Job} {Image}", job.Id, HostileText.Plain(job.ImageName));
        }
        catch (StorageException)
        {
            // Or others would join a job that nobody will do.
            await jobs.UpdateAsync(
                job.Id,
                open => open with { State = ScanJobState.Failed, FinishedAt = time.GetUtcNow(), ErrorMessage = "it could not be queued" },
                cancellationToken);
            throw;
        }
    }

    private ScanJob JobFor(ScanPlan plan)
    {
        ScanRequest request = plan.Request;
        string platform = request.Platform?.ToString() ?? "";
        string what = $"{request.Image.FullName}\n{plan.Manifest!.Digest}\n{platform}\n{request.Force}";
        return new ScanJob
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..32],
            ImageName = request.Image.FullName,
            Platform = platform,
            Force = request.Force,
            State = ScanJobState.Queued,
            CreatedAt = time.GetUtcNow(),
        };
    }

    // An open job that is older than any scan may be has lost its message. A forced scan that has just ended answers those who forced it
    // and were told to ask again; what is done without force is found in the store before anyone comes here.
    private bool AnswersFor(ScanJob stored, ScanJob ours) => stored.IsOpen
        ? ours.CreatedAt - stored.CreatedAt < Timeout
        : stored is { State: ScanJobState.Done, Force: true, FinishedAt: { } finished }
            && ours.CreatedAt - finished < TimeSpan.FromSeconds(settings.ForceReuseSeconds);

    private async Task<Scan> ResultOfAsync(ScanJob job, CancellationToken cancellationToken)
    {
        for (TimeSpan pause = FirstPoll; ; pause = pause * 1.5 < LongestPoll ? pause * 1.5 : LongestPoll)
        {
            ScanJob? now = await jobs.FindAsync(job.Id, cancellationToken);
            if (now is { State: ScanJobState.Failed })
            {
                throw FailureOf(now);
            }

            if (now is { State: ScanJobState.Done, ResultId: { } id })
            {
                return await store.FindAsync(Digest.Parse(id), cancellationToken)
                    ?? throw new ScanException($"its result {id} has been deleted since it was done");
            }

            await Task.Delay(pause, time, cancellationToken);
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
            if (done.Exception?.GetBaseException() is { } failure)
            {
                logger.LogWarning(
                    "Scan failed after its caller had gone {Image}: {Reason}",
                    HostileText.Plain(request.Image.FullName),
                    HostileText.Plain(failure.Message, 1_000));
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
