using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Names of images that are looked at by the clock: what a tag points at now is scanned unless it is stored. A name costs a HEAD of its registry,
/// which Docker Hub does not count (https://docs.docker.com/docker-hub/usage/pulls/), and a scan where its tag has moved.
/// </summary>
public sealed class WatchedImages(
    WatchStore store,
    ScanDispatcher scans,
    ScanDelegation delegation,
    WatchSettings settings,
    ScanSettings scanSettings,
    ClusterSettings ownCluster,
    TimeProvider time,
    ILogger<WatchedImages> logger)
{
    /// <summary>
    /// When the Functions host runs it, as NCRONTAB: every five minutes. A run takes only those names whose hours are over, so what one run leaves
    /// or a stopped one has not got to is taken by the next.
    /// </summary>
    public const string Schedule = "50 */5 * * * *";

    /// <summary>From one run to the next by <see cref="Schedule"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    // StackRox's reprocessor takes five at a time, too
    // (https://github.com/stackrox/stackrox/blob/4.5.0/central/reprocessor/reprocessor.go). A second for each of five are 300 a minute.
    private const int AtOnce = 5;
    private static readonly TimeSpan ShortestLook = TimeSpan.FromSeconds(1);

    // A Functions host ends a run after the functionTimeout of host.json.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    /// <summary>Scans an image as for a caller who waits, and watches its name from then on. Throws what keeps a scan from being done.</summary>
    public async Task AddAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var patience = new ScanPatience(TimeSpan.FromSeconds(scanSettings.WaitSeconds));
        await scans.ScanAsync(await RequestOfAsync(image, cancellationToken), patience, cancellationToken);
        await store.AddAsync(image, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>
    /// Looks at the names that were not looked at for <see cref="WatchSettings.Hours"/> and returns how many those were. Scans that this begins go
    /// over the queue and are not waited for. May run twice, or beside itself: two looks begin one scan. Throws <see cref="StorageException"/>.
    /// </summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // The names are those of the deployment that people ask; it gives a cluster what is the cluster's.
        if (ownCluster.IsCluster)
        {
            return 0;
        }

        long started = time.GetTimestamp();
        DateTimeOffset now = time.GetUtcNow();
        List<string> due = await store.NotLookedAtAsync(now - TimeSpan.FromHours(settings.Hours), now + Interval, cancellationToken);
        int looked = 0;
        await Parallel.ForEachAsync(
            due.TakeWhile(_ => time.GetElapsedTime(started) < LongestRun),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (name, token) =>
            {
                await Task.WhenAll(LookAsync(name, token), Task.Delay(ShortestLook, time, token));
                Interlocked.Increment(ref looked);
            });
        return looked;
    }

    private async Task LookAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(name, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The unit of work of a run: whatever it was, the next name is another's, and this one has its turn again after its hours.
            logger.LogWarning("Watched image not looked at {Image}: {Reason}", HostileText.Plain(name), HostileText.Plain(failure.Message, 1_000));
        }

        await store.MarkAsync(name, time.GetUtcNow(), cancellationToken);
    }

    private async Task BeginAsync(string name, CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(name, out ImageReference? image, out string? reason))
        {
            throw new ScanException($"its name cannot be read: {reason}");
        }

        try
        {
            ScanRequest request = await RequestOfAsync(image, cancellationToken);
            await scans.ScanAsync(request, new ScanPatience(TimeSpan.Zero, OverQueue: true), cancellationToken);
        }
        catch (ScanPendingException pending) when (pending.Job is { } job)
        {
            logger.LogInformation("Watched image has changed {Image}, scan {Job} begun", HostileText.Plain(name), job.Id);
        }
    }

    private async Task<ScanRequest> RequestOfAsync(ImageReference image, CancellationToken cancellationToken)
    {
        Cluster? cluster = await delegation.ConfiguredAsync(image, cancellationToken);
        return new ScanRequest(image) { Cluster = cluster?.Name ?? "" };
    }
}
