using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes a caller's scan: answers what is stored, joins the job that is open for the same image, or begins one. The job outlives its caller:
/// whoever goes away or has waited long enough finds the result by asking again.
/// </summary>
public sealed class ScanDispatcher(
    RegistryClient registries,
    ImageScanner scanner,
    ScanStep step,
    ImageSignatures signatures,
    ScanStore store,
    JobStore jobs,
    JobWatch watch,
    JobPromotion promotion,
    ScanQueues queues,
    ScanSettings settings,
    ClusterSettings ownCluster,
    TimeProvider time,
    ILogger<ScanDispatcher> logger) : IDisposable
{
    // A job that another name of the image has begun may fail for that name's sake.
    private const int MaxJobs = 3;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    // For the registry to say what a name points at: whoever waits less for the result would never find what is stored.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _places = new(settings.ParallelScans);
    private readonly UnheardJobs _unheard = new(jobs, logger);
    private int _waiting;
    private volatile bool _isStopping;

    /// <summary>
    /// The scan of one image, from what is stored or new. Throws <see cref="RegistryException"/>, <see cref="ScanException"/>,
    /// <see cref="ScanBusyException"/> where too many wait already, and <see cref="ScanPendingException"/> when it takes longer than the caller waits.
    /// </summary>
    public async Task<Scan> ScanAsync(ScanRequest request, ScanPatience patience, CancellationToken cancellationToken)
    {
        using var wait = new CancellationTokenSource(patience.Wait, time);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken);

        // Who only begins scans takes nobody's place: over the queue, as by the timer for watched images. Who hardly waits for a scan that is read here
        // has it read all the same.
        bool onlyBegins = patience is { OverQueue: true, Wait.Ticks: 0 };
        if (Interlocked.Increment(ref _waiting) > settings.WaitingCallers && !onlyBegins)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ScanBusyException(settings, AskAgainAfter);
        }

        try
        {
            return await ScanAsync(request, patience, gone.Token, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>
    /// Begins the scan of an image over the queue, or joins the one that is open for it, and returns the job: no registry is asked and nothing is waited
    /// for. A name with a digest joins all that is scanned by that digest, and the image has all names then. Throws <see cref="StorageException"/>.
    /// </summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="furtherNames">Other names of the same image.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ScanJob> BeginAsync(ScanRequest request, IReadOnlyList<ImageReference> furtherNames, CancellationToken cancellationToken) =>
        ScanTelemetry.PhaseAsync(SpanNames.Dispatch, async span =>
        {
            ScanJob job = await BeginAllAsync(request, furtherNames, cancellationToken);
            span?.SetTag(SpanTags.Job, job.Id);
            return job;
        });

    private async Task<ScanJob> BeginAllAsync(ScanRequest request, IReadOnlyList<ImageReference> furtherNames, CancellationToken cancellationToken)
    {
        string what = request.Image.Digest?.ToString() ?? request.Image.FullName;
        ScanJob? first = null;
        foreach (ImageReference[] names in furtherNames.Prepend(request.Image).Chunk(ScanJob.MaxFurtherNames))
        {
            (ScanJob job, ImageReference[] left) = await BeginAsync(request, what, names, cancellationToken);
            if (left.Length > 0)
            {
                // A job bears so many names; what it has no place for is one of its own, of which most is known by then.
                await BeginAsync(request with { Image = left[0] }, $"{what}\n{left[0].FullName}", left, cancellationToken);
            }

            first ??= job;
        }

        return first!;
    }

    public void Dispose()
    {
        _isStopping = true;
        _places.Dispose();
    }

    // The job, and the names that it has no place for.
    private async Task<(ScanJob Job, ImageReference[] Left)> BeginAsync(
        ScanRequest request, string what, ImageReference[] names, CancellationToken cancellationToken)
    {
        string[] full = [.. names.Select(name => name.FullName)];
        for (int tried = 1; ; tried++)
        {
            ScanJob ours = JobFor(request, what).WithNames(full);
            ScanJob job = await jobs.BeginAsync(ours, MayAnswer, cancellationToken);
            if (job.Id == ours.Id)
            {
                await SendAsync(job, cancellationToken);
                return (job, []);
            }

            if (await jobs.UpdateAsync(job.Id, open => open.IsOpen ? Joined(open) : open, cancellationToken) is { IsOpen: true } joined)
            {
                return (joined, [.. names.Where(name => !joined.HasName(name.FullName))]);
            }

            // It has ended since, under other names.
            if (tried == MaxJobs)
            {
                throw StorageException.Contended($"The job of {request.Image.FullName}");
            }
        }

        // Itself if there is nothing new, so that nothing is written.
        ScanJob Joined(ScanJob open) => request.AwaitsVerdict && !open.AwaitsVerdict
            ? open.WithNames(full) with { AwaitsVerdict = true }
            : open.WithNames(full);
    }

    private async Task<Scan> ScanAsync(ScanRequest request, ScanPatience patience, CancellationToken waited, CancellationToken left)
    {
        for (int tried = 1; ; tried++)
        {
            // A life of its own: a caller who leaves now has asked for the scan all the same.
            (Scan? stored, ScanJob? job) = await BegunAsync(request, patience, left);
            if (stored is not null)
            {
                return stored;
            }

            try
            {
                return await NamedAsync(await watch.ResultAsync(job!.Id, waited), request, left);
            }
            catch (Exception failure) when (failure is RegistryException or ScanException && job!.ImageName != request.Image.FullName && tried < MaxJobs)
            {
                logger.LogInformation("Scan begun anew under {Image}: that under another name failed", HostileText.Plain(request.Image.FullName));
            }
            catch (OperationCanceledException) when (waited.IsCancellationRequested)
            {
                // Who did not want to wait is told where to hear of it.
                if (left.IsCancellationRequested || !patience.OverQueue)
                {
                    await _unheard.MarkAsync(job!);
                }

                left.ThrowIfCancellationRequested();
                throw Pending(request, patience, patience.OverQueue ? await BearingNameAsync(job!, request.Image, left) : job);
            }
        }
    }

    // Who does not wait asks for the image later, by its own name, though another's may have begun the job.
    private async Task<ScanJob> BearingNameAsync(ScanJob job, ImageReference name, CancellationToken cancellationToken)
    {
        if (job.HasName(name.FullName))
        {
            return job;
        }

        ScanJob? named = await jobs.UpdateAsync(job.Id, open => open.IsOpen ? open.WithNames([name.FullName]) : open, cancellationToken);
        if (named is { State: ScanJobState.Done, ResultId: { } id } && !named.HasName(name.FullName))
        {
            await store.AddNameAsync(Digest.Parse(id), name, cancellationToken);
        }

        return named ?? job;
    }

    private async Task<(Scan? Stored, ScanJob? Job)> BegunAsync(ScanRequest request, ScanPatience patience, CancellationToken left)
    {
        Task<(Scan?, ScanJob?)> begun = Task.Run(() => BeginAsync(request, patience), CancellationToken.None);
        try
        {
            // Who does not wait for the result waits for the job, of which it is told.
            var longest = TimeSpan.FromSeconds(settings.WaitSeconds);
            TimeSpan wait = patience.OverQueue || longest < ShortestWait ? longest : patience.Wait > ShortestWait ? patience.Wait : ShortestWait;
            return await begun.WaitAsync(wait, time, left);
        }
        catch (Exception noMore) when (noMore is TimeoutException or OperationCanceledException && !begun.IsFaulted)
        {
            // It is begun all the same.
            _ = _unheard.MarkAsync(begun);
            left.ThrowIfCancellationRequested();
            throw Pending(request, patience, job: null);
        }
    }

    private static ScanPendingException Pending(ScanRequest request, ScanPatience patience, ScanJob? job) => new(
        $"The scan of {request.Image.FullName} goes on and has taken more than {patience.Wait.TotalSeconds:0} s so far; ask again for its result"
            + (job is null ? "." : $", or for /v1/scans/{job.Id}."),
        AskAgainAfter,
        job);

    // What is stored, or the job that will store it.
    private Task<(Scan? Stored, ScanJob? Job)> BeginAsync(ScanRequest request, ScanPatience patience) =>
        ScanTelemetry.PhaseAsync(SpanNames.Dispatch, async span =>
        {
            (Scan? stored, ScanJob? job) = await CountedAsync(AnswerOrBeginAsync(request, patience));
            span?.SetTag(SpanTags.Job, job?.Id).SetTag(SpanTags.Cache, stored is null ? "none" : "image");
            if (stored is not null)
            {
                ScanMetrics.ScanEnded("done", "known", "image", "", elapsed: null);
            }

            return (stored, job);
        });

    // What fails before there is a job is a failed scan, too.
    private static async Task<T> CountedAsync<T>(Task<T> begun)
    {
        try
        {
            return await begun;
        }
        catch (Exception failure)
        {
            ScanMetrics.ScanEnded("failed", "none", "none", ScanStep.KindOf(failure), elapsed: null);
            throw;
        }
    }

    private async Task<(Scan? Stored, ScanJob? Job)> AnswerOrBeginAsync(ScanRequest request, ScanPatience patience)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(settings.TimeoutSeconds), time);
        try
        {
            if (!IsOurs(request))
            {
                return await DelegateAsync(request, timeout.Token);
            }

            ScanTarget target = await scanner.ResolveAsync(request, registries.Open(request.Image), timeout.Token);
            if (target.Answer is not { } stored)
            {
                return (null, await JoinOrStartAsync(request, target, patience, timeout.Token));
            }

            await signatures.FetchAsync(request, stored.Manifest, target.Descriptor.Digest, timeout.Token);
            return (stored, null);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw ScanException.TookTooLong(settings);
        }
    }

    private async Task<ScanJob> JoinOrStartAsync(ScanRequest request, ScanTarget target, ScanPatience patience, CancellationToken cancellationToken)
    {
        bool isHere = !patience.OverQueue && await _places.WaitAsync(TimeSpan.Zero, cancellationToken);
        bool isTaken = false;
        try
        {
            ScanJob ours = JobFor(request, $"{target.Descriptor.Digest}");
            ours = isHere ? NewJob.Held(ours) : ours;
            ScanJob job = await jobs.BeginAsync(ours, MayAnswer, cancellationToken);
            if (job.Id == ours.Id)
            {
                isTaken = isHere;
                await StartAsync(job, request, target, isHere, cancellationToken);
                return job;
            }

            return await promotion.PromoteAsync(job, cancellationToken);
        }
        finally
        {
            if (isHere && !isTaken)
            {
                _places.Release();
            }
        }
    }

    // The registry is the cluster's to ask, so here a tag may mean any digest.
    private async Task<(Scan? Stored, ScanJob? Job)> DelegateAsync(ScanRequest request, CancellationToken cancellationToken)
    {
        if (await scanner.FindStoredAsync(request, cancellationToken) is { } stored)
        {
            return (stored, null);
        }

        ScanJob ours = JobFor(request, request.Image.FullName);
        ScanJob job = await jobs.BeginAsync(ours, MayAnswer, cancellationToken);
        if (job.Id == ours.Id)
        {
            await SendAsync(job, cancellationToken);
            return (null, job);
        }

        return (null, await promotion.PromoteAsync(job, cancellationToken));
    }

    private async Task StartAsync(ScanJob job, ScanRequest request, ScanTarget target, bool isHere, CancellationToken cancellationToken)
    {
        if (isHere)
        {
            watch.WorksHere(job.Id, Task.Run(() => WorkAsync(job, request, target), CancellationToken.None));
        }
        else
        {
            await SendAsync(job, cancellationToken);
        }
    }

    private async Task SendAsync(ScanJob job, CancellationToken cancellationToken)
    {
        try
        {
            await queues.SendAsync(job, cancellationToken);
            logger.LogInformation("Scan queued {Job} {Image}", job.Id, HostileText.Plain(job.ImageName));
        }
        catch (StorageException failure)
        {
            // Or others would join a job that nobody will do.
            await step.FailAsync(job.Id, failure, cancellationToken);
            throw;
        }
    }

    // Holds one of the places.
    private async Task<Scan?> WorkAsync(ScanJob job, ScanRequest request, ScanTarget target)
    {
        try
        {
            // Between the look at the store and the claim, another's job may have ended.
            Scan? stored = await scanner.FindStoredAsync(request, target.Descriptor, CancellationToken.None);
            return await step.AdvanceAsync(job, target with { Answer = stored }, ScanRoute.Inline, CancellationToken.None);
        }
        catch (Exception failure) when (!_isStopping)
        {
            await step.FailAsync(job.Id, failure, CancellationToken.None);
            throw;
        }
        finally
        {
            // What this process leaves when it ends, others take over.
            if (!_isStopping)
            {
                _places.Release();
            }
        }
    }

    private ScanJob JobFor(ScanRequest request, string what) => NewJob.Queued(request, what, ownCluster.Name, time.GetUtcNow());

    // A forced scan that nobody has heard answers those who were told to ask again. What is done without force is found in the store.
    private bool MayAnswer(ScanJob ended) =>
        ScanStep.MayAnswerOthers(ended) && time.GetUtcNow() - ended.FinishedAt < TimeSpan.FromSeconds(settings.ForceReuseSeconds);

    // Whoever joined may have asked under another name.
    private async Task<Scan> NamedAsync(Scan scan, ScanRequest request, CancellationToken cancellationToken)
    {
        if (scan.Names.Contains(request.Image))
        {
            return scan;
        }

        IReadOnlyList<ImageReference>? names = await store.AddNameAsync(scan.Id, request.Image, cancellationToken);
        if (IsOurs(request))
        {
            await signatures.FetchAsync(request with { Force = false }, scan.Manifest, scan.Manifest.Index ?? scan.Id, cancellationToken);
        }

        return scan with { Names = names ?? [request.Image] };
    }

    // The registries of a cluster are the cluster's to ask.
    private bool IsOurs(ScanRequest request) => request.Cluster.Length == 0 || request.Cluster == ownCluster.Name;
}
