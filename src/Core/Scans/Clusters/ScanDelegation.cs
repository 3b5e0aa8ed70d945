using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Clusters;

/// <summary>
/// Finds the cluster that a scan belongs to. Every method throws <see cref="DelegationException"/> if there is one and it cannot be asked, and
/// <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ScanDelegation(ClusterStore clusters, DelegationStore delegation, ClusterSettings settings)
{
    /// <summary>The cluster that a caller names by its id or its exact name, connected or not.</summary>
    public async Task<Cluster> NamedAsync(string idOrName, CancellationToken cancellationToken) =>
        DelegationRules.Find(await clusters.ListAsync(cancellationToken), idOrName)
        ?? throw new DelegationException(
            DelegationFailure.ClusterUnknown, $"cluster {HostileText.Quote(idOrName)} not found, ensure cluster exists and have access");

    /// <summary>That cluster, if it can be asked now.</summary>
    public Cluster Reachable(Cluster cluster)
    {
        if (!settings.IsConnected(cluster))
        {
            throw NotConnected(cluster.Id);
        }

        return SupportsDelegation(cluster)
            ? cluster
            : throw new DelegationException(
                DelegationFailure.NotSupported, $"cluster {HostileText.Quote(cluster.Id)} does not support delegated scanning");
    }

    /// <summary>
    /// The cluster to which the configuration gives the image; null if it is scanned here, as all is that a cluster itself is asked for.
    /// </summary>
    public async Task<Cluster?> ConfiguredAsync(ImageReference image, CancellationToken cancellationToken) =>
        await ConfiguredToWaitAsync(image, cancellationToken) is { } cluster ? Reachable(cluster) : null;

    /// <summary>
    /// The same for a scan that nobody waits for: the cluster need not be connected now, since its queue keeps the work until it is.
    /// </summary>
    public async Task<Cluster?> ConfiguredToWaitAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (settings.IsCluster || DelegationRules.ClusterIdOf(await delegation.FindRecentAsync(cancellationToken), image) is not { } id)
        {
            return null;
        }

        if (id.Length == 0)
        {
            throw new DelegationException(
                DelegationFailure.NoClusterNamed, "no ad-hoc cluster ID specified in the delegated scanning config");
        }

        IReadOnlyList<Cluster> all = await clusters.ListAsync(cancellationToken);
        return all.FirstOrDefault(cluster => cluster.Id == id) ?? throw NotConnected(id);
    }

    /// <summary>Whether scans can be given to a cluster now.</summary>
    public bool IsValid(Cluster cluster) => settings.IsConnected(cluster) && SupportsDelegation(cluster);

    private static bool SupportsDelegation(Cluster cluster) => cluster.MessageForm >= ClusterHeartbeat.MessageForm;

    private static DelegationException NotConnected(string id) =>
        new(DelegationFailure.NotConnected, $"no connection to {HostileText.Quote(id)}");
}
