using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Clusters;

/// <summary>Says that this cluster is there; nothing where this deployment is none. For a timer, each minute, and for <see cref="ClusterPulse"/>.</summary>
public sealed class ClusterHeartbeat(ClusterStore clusters, ClusterSettings settings)
{
    /// <summary>When the Functions host runs it, as NCRONTAB: a deployment that has scaled to zero has no other pulse.</summary>
    public const string Schedule = "40 * * * * *";

    /// <summary>Which form of queue messages this version writes and reads; raised when an older one could not read them.</summary>
    public const int MessageForm = 1;

    /// <summary>One heartbeat. Throws <see cref="StorageException"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.IsCluster)
        {
            await clusters.BeatAsync(settings.Name, ScannerVersion.Product, MessageForm, cancellationToken);
        }
    }
}
