using System.Collections.Concurrent;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>
/// Turns what a registry says into scans that nobody waits for, and marks what is gone. Events of one digest are one scan; of each that is taken
/// everything is stored when it returns.
/// </summary>
public sealed class RegistryEvents(
    ScanDispatcher scans,
    ScanDelegation delegation,
    RemovedImages removed,
    RegistryClient registries,
    ScanQueues queues,
    ClusterSettings ownCluster,
    TimeProvider time,
    ILogger<RegistryEvents> logger) : IDisposable
{
    /// <summary>
    /// For how long after its begin a request is worked on: ACR waits five seconds for its answer, Harbor three
    /// (https://github.com/MicrosoftDocs/azure-docs/issues/54638,
    /// https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/).
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1_500);

    // Each is a handful of requests to storage.
    private const int AtOnce = 32;

    // A HEAD each, of all requests together: callers have most of the connections to a host (RegistryClient__RequestsPerHost).
    private const int AskedAtOnce = 2;

    private readonly SemaphoreSlim _asking = new(AskedAtOnce);

    /// <summary>
    /// Does what the events ask for; what is not begun after <see cref="Patience"/>, or is to be delegated and to no cluster that there is, is stored as a
    /// message and done by the queue. Throws <see cref="StorageException"/>; and <see cref="DelegationException"/>, all others being done, if nobody waits.
    /// </summary>
    /// <param name="source">Which webhook tells of them: it says of which registries they may be.</param>
    /// <param name="events">What it tells.</param>
    /// <param name="began">When it began to tell, by the clock of elapsed time; null if nobody waits.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<EventOutcome> TakeAsync(
        WebhookSource source, IReadOnlyList<RegistryEvent> events, long? began, CancellationToken cancellationToken)
    {
        List<NamedEvent> named = [.. events.Select(said => NamedEvent.Of(said, source.Registries)).OfType<NamedEvent>()];
        if (named.Count < events.Count)
        {
            LogDropped(source, events);
        }

        await ResolveAsync(named, began, cancellationToken);
        IReadOnlyList<EventTask> tasks = EventTask.Of(named);
        var jobs = new ConcurrentDictionary<EventTask, ScanJob?>();
        var late = new ConcurrentBag<EventTask>();
        var refusals = new ConcurrentQueue<DelegationException>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(tasks, options, async (task, token) =>
        {
            // Of what is gone the registry is asked, for which nobody waits.
            if (IsOver(began) || (task.IsDelete && began is not null))
            {
                late.Add(task);
                return;
            }

            try
            {
                jobs[task] = await DoAsync(task, token);
            }
            catch (DelegationException refusal)
            {
                // Many senders never send again: what the operator has to mend must not lose a push.
                refusals.Enqueue(refusal);
                late.Add(task);
            }
        });
        if (refusals.TryPeek(out DelegationException? refused))
        {
            logger.LogWarning("Webhook {Webhook} has told of what no cluster takes: {Reason}", source.Provider.Name, HostileText.Plain(refused.Message));
            if (began is null)
            {
                throw refused;
            }
        }

        await StoreAsync(source, [.. late.SelectMany(task => task.Events)], cancellationToken);
        return new EventOutcome
        {
            Jobs = [.. tasks.Where(task => jobs.GetValueOrDefault(task) is not null).Select(task => new EventJob(jobs[task]!, task.Images[0]))],
            Accepted = named.Count,
            Later = late.Sum(task => task.Events.Count),
            Dropped = events.Count - named.Count,
        };
    }

    public void Dispose() => _asking.Dispose();

    private async Task<ScanJob?> DoAsync(EventTask task, CancellationToken cancellationToken)
    {
        if (task.IsDelete)
        {
            await removed.MarkAsync(task.Images[0], cancellationToken);
            return null;
        }

        Cluster? cluster = await delegation.ConfiguredToWaitAsync(task.Images[0], cancellationToken);
        var request = new ScanRequest(task.Images[0]) { Cluster = cluster?.Name ?? "", IsBackground = true, AwaitsVerdict = task.IsQuarantined };
        return await scans.BeginAsync(request, [.. task.Images.Skip(1)], cancellationToken);
    }

    // Of an event without a digest the registry is asked, so that two names of one image are one scan. Where it does not say in time, the scan will ask.
    private async Task ResolveAsync(List<NamedEvent> named, long? began, CancellationToken cancellationToken)
    {
        TimeSpan left = began is { } then ? Patience - time.GetElapsedTime(then) : Patience;
        int[] unresolved = [.. named.Index().Where(item => item.Item.NeedsDigest).Select(item => item.Index)];
        if (unresolved.Length == 0 || left <= TimeSpan.Zero)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(left, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            unresolved, options, async (i, _) => named[i] = await ResolvedAsync(named[i], both.Token, cancellationToken));
    }

    private async Task<NamedEvent> ResolvedAsync(NamedEvent named, CancellationToken wait, CancellationToken cancellationToken)
    {
        if (wait.IsCancellationRequested)
        {
            return named;
        }

        try
        {
            // A registry of a cluster is the cluster's to ask.
            if (await delegation.ConfiguredToWaitAsync(named.Image, wait) is not null)
            {
                return named;
            }

            await _asking.WaitAsync(wait);
            try
            {
                return named.With((await registries.Open(named.Image).ResolveAsync(wait)).Digest);
            }
            finally
            {
                _asking.Release();
            }
        }
        catch (Exception unknown) when (unknown is RegistryException or DelegationException or StorageException
            || (unknown is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return named;
        }
    }

    private async Task StoreAsync(WebhookSource source, IReadOnlyList<RegistryEvent> late, CancellationToken cancellationToken)
    {
        if (late.Count > 0)
        {
            await Parallel.ForEachAsync(
                StoredEvents.MessagesOf(source.Provider.Name, late),
                cancellationToken,
                async (message, token) => await queues.RegistryEvents.SendAsync(message, token));
            logger.LogInformation("Webhook {Webhook} has told of what is done later: {Events} events wait in a queue", source.Provider.Name, late.Count);
        }
    }

    // What a cluster stored, the deployment whose cluster it is would read, which knows nothing of its webhooks; so that it does all at once.
    private bool IsOver(long? began) => !ownCluster.IsCluster && began is { } then && time.GetElapsedTime(then) > Patience;

    private void LogDropped(WebhookSource source, IReadOnlyList<RegistryEvent> events)
    {
        RegistryEvent[] foreign = [.. events.Where(said => source.Registries.Find(said.Host) is null)];
        RegistryEvent first = foreign.Length > 0 ? foreign[0] : events.First(said => NamedEvent.Of(said, source.Registries) is null);
        logger.LogWarning(
            "Webhook {Webhook} told of registries that it may not speak for {Foreign} times of {Events}; passed over is also what is no name. "
                + "The first: {Host} {Repository}",
            source.Provider.Name,
            foreign.Length,
            events.Count,
            HostileText.Quote(first.Host),
            HostileText.Quote(first.Repository));
    }
}
