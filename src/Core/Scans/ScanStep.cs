using System.Diagnostics;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Brings a job forward, as far as it goes here: a stored answer ends it, few unknown bytes are read here, many are dealt out layer by layer.
/// Once the layers are read the same step finds them known and ends the job. So it may be taken at any time, twice, or by two at once.
/// </summary>
public sealed class ScanStep(
    JobSources sources,
    ImageScanner scanner,
    ImageSignatures signatures,
    ScanNotifications notifications,
    JobStore jobs,
    FurtherNames furtherNames,
    ScanQueues queues,
    ScanSettings settings,
    TimeProvider time,
    ILogger<ScanStep> logger)
{
    // Layers that are dealt out but found unknown again: by then something is wrong with dealing out, and the rest is read here.
    private const int MaxFanOuts = 3;

    // A stack trace and its cause.
    private const int MaxLoggedFailure = 8_000;
    private const int MaxLoggedMessage = 1_000;

    // For a registry's event to be ahead of what it tells of: replicas get tags, manifests and layers one after the other, and large images late
    // (https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication).
    private static readonly TimeSpan MayComeYet = TimeSpan.FromMinutes(10);

    /// <summary>The scan if the job is done with this; null if its layers are read elsewhere now. Throws what keeps the job from being done.</summary>
    /// <param name="job">An open job that this process holds.</param>
    /// <param name="target">What its name points at, if that was asked just now.</param>
    /// <param name="here">What few unknown bytes are said to be read by.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Scan?> AdvanceAsync(ScanJob job, ScanTarget? target, ScanRoute here, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(settings.TimeoutSeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var done = new CancellationTokenSource();
        var progress = new JobProgress(jobs, job, settings, time, logger);
        Task kept = progress.KeepAsync(done.Token);
        try
        {
            return await ScanTelemetry.PhaseAsync(SpanNames.Step, span =>
            {
                span?.SetTag(SpanTags.Job, job.Id);
                return AdvanceAsync(job, target, here, progress, both.Token);
            });
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw ScanException.TookTooLong(settings);
        }
        finally
        {
            await done.CancelAsync();
            await kept;
        }
    }

    /// <summary>
    /// Ends a job with the reason of its failure; one that has ended stays as it ended, and one that was refused under one of several names goes on under
    /// the next.
    /// </summary>
    public async Task FailAsync(string jobId, Exception failure, CancellationToken cancellationToken)
    {
        if (failure is RegistryException && await furtherNames.TakeNextAsync(jobId, cancellationToken) is { } renamed)
        {
            logger.LogInformation(
                "Scan goes on under another name {Job} {Image}: {Reason}",
                jobId,
                HostileText.Plain(renamed.ImageName),
                HostileText.Plain(failure.Message, MaxLoggedMessage));
            await queues.SendAsync(renamed, cancellationToken);
            return;
        }

        bool isForeseen = IsForeseen(failure);
        logger.Log(
            isForeseen ? LogLevel.Warning : LogLevel.Error,
            "Scan failed {Job}: {Reason}",
            HostileText.Plain(jobId),
            isForeseen ? HostileText.Plain(failure.Message, MaxLoggedMessage) : HostileText.Plain(failure.ToString(), MaxLoggedFailure));
        await CloseAsync(
            jobId,
            job => job with
            {
                State = ScanJobState.Failed,
                ErrorMessage = ReasonOf(failure),
                RegistryFailure = (failure as RegistryException)?.Failure,
            },
            cancellationToken,
            failure);
    }

    /// <summary>Has the job put together if all of its layers are read. Of many who ask at once, one sends the message.</summary>
    public async Task JoinIfCompleteAsync(string jobId, CancellationToken cancellationToken)
    {
        if (!await jobs.AllLayersDoneAsync(jobId, cancellationToken))
        {
            return;
        }

        bool isFirst = false;
        ScanJob? joined = await jobs.UpdateAsync(
            jobId,
            job => (isFirst = job is { State: ScanJobState.Reading, Holder: null }) ? job with { State = ScanJobState.Joining } : job,
            cancellationToken);
        if (joined is not null && isFirst)
        {
            await queues.SendAsync(joined, cancellationToken);
        }
    }

    /// <summary>
    /// What a job says of a failure, for all who ask after it. What nobody foresaw is not quoted: its text may hold anything, as the names of our own
    /// machines.
    /// </summary>
    public static string ReasonOf(Exception failure) => IsForeseen(failure) ? failure.Message : "internal error: the log says more";

    /// <summary>Whether a failure may pass, so that another try is worth its while.</summary>
    public static bool MayPass(Exception failure) => failure switch
    {
        RegistryException registry => registry.Failure == RegistryFailure.Unavailable,
        ScanException or AdvisoryDatabaseException => false,
        _ => true,
    };

    /// <summary>
    /// The same for that job. Of one that a registry's event has just begun it may pass, too, that there is no such image; with another name left it goes
    /// on under that at once, and a registry that lends its login asks for what it has.
    /// </summary>
    public bool MayPass(Exception failure, ScanJob job) =>
        MayPass(failure)
        || (failure is RegistryException { Failure: RegistryFailure.NotFound }
            && job is { IsBackground: true, FurtherNames: [], SealedLogin: null }
            && time.GetUtcNow() - job.CreatedAt < MayComeYet);

    /// <summary>The kind of a failure, for those who count: that of the registry, else its type.</summary>
    internal static string KindOf(Exception failure) => failure is RegistryException registry ? $"{registry.Failure}" : failure.GetType().Name;

    private static bool IsForeseen(Exception failure) =>
        failure is RegistryException or ScanException or StorageException or AdvisoryDatabaseException or OperationCanceledException;

    private async Task<Scan?> AdvanceAsync(
        ScanJob job, ScanTarget? target, ScanRoute here, JobProgress progress, CancellationToken cancellationToken)
    {
        ScanRequest request = await RequestOfAsync(job, cancellationToken);
        IImageSource source = sources.Open(job, request.Image);
        target ??= await scanner.ResolveAsync(request, source, cancellationToken);
        ScanPlan plan = await scanner.PlanAsync(request, source, target, cancellationToken);
        progress.Plan(plan);
        (ScanRoute route, string reason) = RouteOf(job, plan, here);
        Activity.Current?.SetTag(SpanTags.Route, NameOf(route));
        if (job.FanOuts == 0)
        {
            ScanMetrics.LayersKnown(plan.Known.Count);
        }

        if (route == ScanRoute.Layers && plan.Unread.Count > 0)
        {
            return await ScanTelemetry.PhaseAsync(SpanNames.DealOut, async _ =>
            {
                await DealOutAsync(job, plan, progress, reason, cancellationToken);
                return (Scan?)null;
            });
        }

        // Whoever deals layers out leaves the signatures to the one that puts them together.
        Scan scan = await FinishAsync(request, target, plan, progress, cancellationToken);
        var named = new HashSet<string>(StringComparer.Ordinal);
        List<ImageReference> unjudged = [request.Image];
        while (await CloseAsync(
            job.Id,
            open => open.FurtherNames.All(named.Contains) && (unjudged.Count == 0 || !open.AwaitsVerdict)
                ? progress.ApplyTo(open) with { State = ScanJobState.Done, Route = route, RouteReason = reason, ResultId = scan.Id.ToString() }
                : open,
            cancellationToken) is { IsOpen: true } unfinished)
        {
            // The image has them before the job is done: whoever comes with one more by then finds the job open.
            unjudged.AddRange(
                await furtherNames.AddAsync(scan, target.Descriptor.Digest, unfinished.FurtherNames.Except(named), cancellationToken));
            named.UnionWith(unfinished.FurtherNames);
            if (unfinished.AwaitsVerdict)
            {
                // A process that dies here leaves it to whoever takes the job up.
                await notifications.JudgeAsync(scan, unfinished, target.Descriptor.Digest, unjudged, cancellationToken);
                unjudged.Clear();
            }
        }

        return scan;
    }

    // Signatures are asked for beside the reading of layers. Where that fails nobody is asked any more, and nothing of it outlives the step.
    private async Task<Scan> FinishAsync(
        ScanRequest request, ScanTarget target, ScanPlan plan, JobProgress progress, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task signed = ScanTelemetry.PhaseAsync(SpanNames.Signatures, async _ =>
        {
            await signatures.FetchAsync(request, plan.Manifest ?? plan.Answer!.Manifest, target.Descriptor.Digest, failed.Token);
            return true;
        });
        try
        {
            Scan scan = await scanner.FinishAsync(plan, progress, cancellationToken);
            await signed;
            return scan;
        }
        finally
        {
            await failed.CancelAsync();
            await signed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ScanRequest> RequestOfAsync(ScanJob job, CancellationToken cancellationToken)
    {
        var request = ScanRequest.Of(job);
        return job is { Force: true, FanOuts: > 0 } ? request with { LayersRead = await jobs.LayersDoneAsync(job.Id, cancellationToken) } : request;
    }

    private (ScanRoute Route, string Reason) RouteOf(ScanJob job, ScanPlan plan, ScanRoute here)
    {
        if (plan.Unread.Count == 0)
        {
            return job.Route is { } before
                ? (before, job.RouteReason)
                : (ScanRoute.Known, plan.Answer is null ? "all its layers are known" : "it was stored meanwhile");
        }

        string bytes = $"{plan.UnreadBytes:N0} unknown bytes, and Scan__InlineBytes is {settings.InlineBytes:N0}";
        return plan.UnreadBytes <= settings.InlineBytes ? (here, bytes)
            : job.FanOuts < MaxFanOuts ? (ScanRoute.Layers, bytes)
            : (here, $"{bytes}, but its layers were dealt out {job.FanOuts} times already");
    }

    private async Task DealOutAsync(ScanJob job, ScanPlan plan, JobProgress progress, string reason, CancellationToken cancellationToken)
    {
        await jobs.DealOutAsync(
            job.Id, [.. plan.Unread.Select(layer => new JobLayer(layer.Digest, layer.MediaType, layer.Size))], cancellationToken);
        await Parallel.ForEachAsync(
            plan.Unread, cancellationToken, async (layer, token) => await queues.SendLayerAsync(job, layer.Digest, token));

        // The last that its holder does: from here on it is whoever reads its last layer that brings it forward.
        ScanJob? dealt = await jobs.UpdateAsync(
            job.Id,
            open => open.IsOpen
                ? progress.ApplyTo(open) with
                {
                    State = ScanJobState.Reading,
                    Holder = null,
                    Route = ScanRoute.Layers,
                    RouteReason = reason,
                    FanOuts = open.FanOuts + 1,
                }
                : open,
            cancellationToken);
        if (dealt is { IsOpen: true } && dealt.IsBackground != job.IsBackground)
        {
            // Somebody has come meanwhile who waits for it.
            await Parallel.ForEachAsync(plan.Unread, cancellationToken, async (layer, token) => await queues.SendLayerAsync(dealt, layer.Digest, token));
        }

        logger.LogInformation("Scan dealt out {Job} {Image}, {Layers} layers", job.Id, HostileText.Plain(job.ImageName), plan.Unread.Count);
        await JoinIfCompleteAsync(job.Id, cancellationToken);
    }

    private async Task<ScanJob?> CloseAsync(string jobId, Func<ScanJob, ScanJob> change, CancellationToken cancellationToken, Exception? failure = null)
    {
        DateTimeOffset? endedAt = null;
        ScanJob? closed = await jobs.CloseAsync(
            jobId,
            job =>
            {
                ScanJob changed = change(job);
                endedAt = changed.IsOpen ? null : time.GetUtcNow();
                return changed.IsOpen ? job : changed with { Holder = null, FinishedAt = endedAt };
            },
            MayAnswerOthers,
            cancellationToken);

        // Once for each job: one that another has ended meanwhile is another's.
        if (endedAt is not null && closed?.FinishedAt == endedAt)
        {
            ScanMetrics.ScanEnded(
                closed.State == ScanJobState.Done ? "done" : "failed",
                NameOf(closed.Route),
                closed.Route == ScanRoute.Known ? "layers" : "none",
                failure is null ? "" : KindOf(failure),
                endedAt - closed.CreatedAt);
        }

        return closed;
    }

    private static string NameOf(ScanRoute? route) => route switch
    {
        ScanRoute.Known => "known",
        ScanRoute.Inline => "inline",
        ScanRoute.Queue => "queue",
        ScanRoute.Layers => "layers",
        _ => "none",
    };

    /// <summary>Whether a job that has ended answers whoever forces its target again, for a while.</summary>
    public static bool MayAnswerOthers(ScanJob ended) => ended is { State: ScanJobState.Done, Force: true, Unheard: true };
}
