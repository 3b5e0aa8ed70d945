using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes one message of the <c>background-scans</c> queue, or that of a cluster: scans that nobody waits for, as those that a registry's events begin. They
/// have few places of their own in a process, and begin no faster than <see cref="ScanSettings.BackgroundPerMinute"/>, so that a thousand of them take
/// little from whoever waits.
/// </summary>
public sealed class BackgroundQueueHandler(
    MixedQueueHandler work, JobStore jobs, ScanQueues queues, ScanSettings settings, TimeProvider time, ILogger<BackgroundQueueHandler> logger) : IDisposable
{
    /// <summary>
    /// How long a message is held for which there is no place; then it goes to the end of its queue. The Functions host has three at a time in work, and
    /// a held one keeps others out.
    /// </summary>
    internal static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a registry is asked again that does not answer, since nobody will ask for that scan again: as long as Event Grid tries to deliver
    /// (https://learn.microsoft.com/azure/event-grid/delivery-and-retry).
    /// </summary>
    internal static readonly TimeSpan LongestPatience = TimeSpan.FromHours(24);

    // Shorter than the five minutes after which JobSweep looks for a message that it does not see.
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(3);

    private readonly SemaphoreSlim _places = new(settings.BackgroundScans);
    private readonly TurnByTurn _turns = new(settings.BackgroundPerMinute, time);

    /// <summary>
    /// Does what the message says if there is a place for it soon, and else puts it back at the end of the queue; a scan whose registry does not answer
    /// rests. Throws all else that <see cref="MixedQueueHandler.HandleAsync"/> does.
    /// </summary>
    public async Task HandleAsync(string message, CancellationToken cancellationToken)
    {
        ScanJob? job = await FindJobAsync(message, cancellationToken);
        if (await HasLeftAsync(job, message, cancellationToken))
        {
            return;
        }

        bool isNew = job is { IsOpen: true, State: ScanJobState.Queued, Attempts: 0 };
        using var hold = new CancellationTokenSource(LongestHold, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(hold.Token, cancellationToken);
        try
        {
            await _places.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await PutBackAsync(job, message, cancellationToken);
            return;
        }

        try
        {
            if (isNew && !await _turns.TryTakeAsync(both.Token, cancellationToken))
            {
                await PutBackAsync(job, message, cancellationToken);
                return;
            }

            // Somebody may have come while it was held.
            if (!await HasLeftAsync(await FindJobAsync(message, cancellationToken), message, cancellationToken))
            {
                await WorkAsync(message, cancellationToken);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>
    /// Takes a message that was delivered too often. Where the registry did not answer it is tried again for a day, ever more seldom; all else has failed.
    /// </summary>
    public async Task HandlePoisonAsync(string message, CancellationToken cancellationToken)
    {
        ScanJob? job = await FindJobAsync(message, cancellationToken);
        if (await HasLeftAsync(job, message, cancellationToken))
        {
            return;
        }

        if (job is not null && MayRest(job) && (await TriesAsync(job, message, cancellationToken)).Failure == RegistryFailure.Unavailable)
        {
            await RestAsync(job, message, asked: null, cancellationToken);
            return;
        }

        await work.HandlePoisonAsync(message, cancellationToken);
    }

    public void Dispose() => _places.Dispose();

    // A registry that does not answer is left alone at once: each try may take a minute, and there are few places.
    private async Task WorkAsync(string message, CancellationToken cancellationToken)
    {
        try
        {
            await work.HandleAsync(message, cancellationToken);
        }
        catch (RegistryException failure)
        {
            ScanJob? job = await FindJobAsync(message, cancellationToken);
            if (await HasLeftAsync(job, message, cancellationToken))
            {
                return;
            }

            if (job is null || !MayRest(job))
            {
                throw;
            }

            await RestAsync(job, message, failure.RetryAfter, cancellationToken);
        }
    }

    // Somebody waits for it by now, and it has another message in another queue; or had a holder when he came, who has given it up since.
    private async Task<bool> HasLeftAsync(ScanJob? job, string message, CancellationToken cancellationToken)
    {
        if (job is not { IsOpen: true, IsBackground: false })
        {
            return false;
        }

        if (!IsLayer(message) && job is { Holder: null, State: ScanJobState.Queued or ScanJobState.Joining, Attempts: > 0 })
        {
            await queues.SendAsync(job, cancellationToken);
        }

        return true;
    }

    private bool MayRest(ScanJob job) => job is { IsOpen: true, IsBackground: true } && time.GetUtcNow() - job.CreatedAt < LongestPatience;

    private async Task RestAsync(ScanJob job, string message, TimeSpan? asked, CancellationToken cancellationToken)
    {
        TimeSpan byAge = (time.GetUtcNow() - job.CreatedAt) / 4;
        TimeSpan wanted = asked > byAge ? asked.Value : byAge;
        TimeSpan rest = TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, ShortestRest.Ticks, LongestRest.Ticks));
        if (LayerOf(message) is { } layer)
        {
            await jobs.UpdateLayerAsync(job.Id, layer, open => open with { Rests = open.Rests + 1 }, cancellationToken);
        }

        logger.LogWarning(
            "Scan {Job} {Image} rests for {Rest}, since its registry does not answer or has not got it yet", job.Id, HostileText.Plain(job.ImageName), rest);
        await SendLaterAsync(job, message, rest, open => IsLayer(message) ? open : open with { Rests = open.Rests + 1 }, cancellationToken);
    }

    // The queue counts anew what is put back, so that tries that have failed are counted in the job.
    private async Task PutBackAsync(ScanJob? job, string message, CancellationToken cancellationToken)
    {
        if (job is { IsOpen: true } && (await TriesAsync(job, message, cancellationToken)).Failed >= WorkQueue.MaxDequeueCount)
        {
            await HandlePoisonAsync(message, cancellationToken);
        }
        else
        {
            await SendLaterAsync(job, message, TimeSpan.Zero, open => open, cancellationToken);
        }
    }

    // The job changes, so that nobody thinks its message lost: from then on it is as old as the message.
    private async Task SendLaterAsync(
        ScanJob? job, string message, TimeSpan rest, Func<ScanJob, ScanJob> change, CancellationToken cancellationToken)
    {
        if (job is not null)
        {
            await jobs.UpdateAsync(job.Id, open => open.IsOpen ? change(open) with { Beats = open.Beats + 1 } : open, cancellationToken);
        }

        await (job is null ? queues.Background : queues.BackgroundOf(job)).SendLaterAsync(message, rest, cancellationToken);
    }

    // How often what the message asks for has failed, but for want of an answer of its registry; and the last time, of what.
    private async Task<(int Failed, RegistryFailure? Failure)> TriesAsync(ScanJob job, string message, CancellationToken cancellationToken)
    {
        if (!IsLayer(message))
        {
            return (job.ErrorMessage is null ? 0 : job.Attempts - job.FanOuts - job.Rests, job.RegistryFailure);
        }

        JobLayer? layer = LayerOf(message) is { } digest ? await jobs.FindLayerAsync(job.Id, digest, cancellationToken) : null;
        return (layer?.ErrorMessage is null ? 0 : layer.Attempts - layer.Rests, layer?.RegistryFailure);
    }

    private static bool IsLayer(string message) => LayerMessage.TryParse(message, out _);

    private static Digest? LayerOf(string message) =>
        LayerMessage.TryParse(message, out LayerMessage? of) && Digest.TryParse(of.Layer, out Digest? layer) ? layer : null;

    // A layer's message says all that a job's does.
    private async Task<ScanJob?> FindJobAsync(string message, CancellationToken cancellationToken) =>
        ScanMessage.TryParse(message, out ScanMessage? of) ? await jobs.FindAsync(of.JobId, cancellationToken) : null;
}
