using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes one message of the <c>background-scans</c> queue: scans that nobody waits for, as those that a registry's events begin. They have few places of
/// their own in a process, and begin no faster than <see cref="ScanSettings.BackgroundPerMinute"/>, so that a thousand of them take little from whoever
/// waits.
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
    /// Does what the message says if there is a place for it soon, and else puts it back at the end of the queue; throws as
    /// <see cref="MixedQueueHandler.HandleAsync"/> does.
    /// </summary>
    public async Task HandleAsync(string message, CancellationToken cancellationToken)
    {
        ScanJob? job = JobIdOf(message) is { } id ? await jobs.FindAsync(id, cancellationToken) : null;
        if (job is { IsOpen: true, IsBackground: false })
        {
            // Somebody waits for it by now, and it has another message in another queue.
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
            await LaterAsync(job, message, TimeSpan.Zero, cancellationToken);
            return;
        }

        try
        {
            if (isNew && !await _turns.TryTakeAsync(both.Token, cancellationToken))
            {
                await LaterAsync(job, message, TimeSpan.Zero, cancellationToken);
                return;
            }

            await work.HandleAsync(message, cancellationToken);
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
        if (JobIdOf(message) is { } id
            && await jobs.FindAsync(id, cancellationToken) is { IsOpen: true, IsBackground: true } job
            && time.GetUtcNow() - job.CreatedAt is var age && age < LongestPatience
            && await FailureOfAsync(job, message, cancellationToken) == RegistryFailure.Unavailable)
        {
            TimeSpan rest = TimeSpan.FromTicks(Math.Clamp((age / 4).Ticks, ShortestRest.Ticks, LongestRest.Ticks));
            logger.LogWarning("Scan {Job} {Image} rests for {Rest}, since its registry does not answer", job.Id, HostileText.Plain(job.ImageName), rest);
            await LaterAsync(job, message, rest, cancellationToken);
            return;
        }

        await work.HandlePoisonAsync(message, cancellationToken);
    }

    public void Dispose() => _places.Dispose();

    // The job changes, so that nobody thinks its message lost: from then on it is as old as the message.
    private async Task LaterAsync(ScanJob? job, string message, TimeSpan rest, CancellationToken cancellationToken)
    {
        if (job is not null)
        {
            await jobs.UpdateAsync(job.Id, open => open.IsOpen ? open with { Beats = open.Beats + 1 } : open, cancellationToken);
        }

        await queues.Background.SendLaterAsync(message, rest, cancellationToken);
    }

    private async Task<RegistryFailure?> FailureOfAsync(ScanJob job, string message, CancellationToken cancellationToken) =>
        !LayerMessage.TryParse(message, out LayerMessage? layer) ? job.RegistryFailure
        : Digest.TryParse(layer.Layer, out Digest? digest) ? (await jobs.FindLayerAsync(job.Id, digest, cancellationToken))?.RegistryFailure
        : null;

    // A layer's message says all that a job's does.
    private static string? JobIdOf(string message) => ScanMessage.TryParse(message, out ScanMessage? of) ? of.JobId : null;
}
