using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Storage;

/// <summary>
/// The queues over which scans go: those of this deployment, and of each cluster one for what somebody waits for and one for all else, which carry both
/// jobs and layers. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ScanQueues(StorageAccount account, TimeProvider time)
{
    /// <summary>Jobs to be brought forward.</summary>
    public WorkQueue Images { get; } = new(account, QueueNames.ImageScans);

    /// <summary>Layers to be read.</summary>
    public WorkQueue Layers { get; } = new(account, QueueNames.LayerScans);

    /// <summary>Jobs and layers of scans that nobody waits for.</summary>
    public WorkQueue Background { get; } = new(account, QueueNames.BackgroundScans);

    /// <summary>What registries tell of.</summary>
    public WorkQueue RegistryEvents { get; } = new(account, QueueNames.RegistryEvents);

    /// <summary>What of that could not be taken; nobody reads it.</summary>
    public WorkQueue KeptRegistryEvents { get; } = new(account, $"{QueueNames.RegistryEvents}-kept");

    /// <summary>The queue of a cluster, by its name.</summary>
    public WorkQueue Of(string cluster) => new(account, QueueNames.OfCluster(cluster));

    /// <summary>That of its scans that nobody waits for.</summary>
    public WorkQueue BackgroundOf(string cluster) => new(account, QueueNames.BackgroundOfCluster(cluster));

    /// <summary>Where the messages of the job go as long as nobody waits for it.</summary>
    public WorkQueue BackgroundOf(ScanJob job) => job.Cluster.Length > 0 ? BackgroundOf(job.Cluster) : Background;

    /// <summary>Has the job brought forward by whoever takes the message: an instance of its cluster if it has one.</summary>
    public Task SendAsync(ScanJob job, CancellationToken cancellationToken)
    {
        var trace = MessageTrace.Within(job.Traceparent);
        var message = new ScanMessage(job.Id) { Traceparent = trace.Parent, Tracestate = trace.State, SentAt = time.GetUtcNow() };
        return ImagesOf(job).SendAsync(message.ToJson(), cancellationToken);
    }

    /// <summary>Has a layer read for a job, where the job is done.</summary>
    public Task SendLayerAsync(ScanJob job, Digest layer, CancellationToken cancellationToken)
    {
        var trace = MessageTrace.Within(job.Traceparent);
        var message = new LayerMessage(job.Id, layer.ToString()) { Traceparent = trace.Parent, Tracestate = trace.State, SentAt = time.GetUtcNow() };
        return LayersOf(job).SendAsync(message.ToJson(), cancellationToken);
    }

    /// <summary>Where the messages of that job go.</summary>
    public WorkQueue ImagesOf(ScanJob job) => QueueOf(job, Images);

    /// <summary>Where the messages of its layers go.</summary>
    public WorkQueue LayersOf(ScanJob job) => QueueOf(job, Layers);

    private WorkQueue QueueOf(ScanJob job, WorkQueue ours) =>
        job.IsBackground ? BackgroundOf(job) : job.Cluster.Length > 0 ? Of(job.Cluster) : ours;
}
