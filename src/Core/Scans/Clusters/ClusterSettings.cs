using ImageScan.Core.Results;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Clusters;

/// <summary>Whether this deployment is a cluster of another one, and when others count as connected: <c>Cluster__Name</c> and so on.</summary>
public sealed record ClusterSettings
{
    /// <summary>
    /// The flat setting from which the Functions head binds its cluster's queue. A name with <c>__</c> or <c>:</c> would be resolved by the host, but
    /// not by the scale controller, which then never wakes the app (https://github.com/MicrosoftDocs/azure-docs/issues/71095,
    /// https://github.com/Azure/azure-functions-dotnet-worker/issues/849).
    /// </summary>
    public const string QueueSetting = "ClusterQueue";

    private const int BeatsInTime = 3;

    /// <summary>The name under which others delegate scans to this deployment; "" if it is nobody's cluster.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Seconds for which a cluster counts as connected after a heartbeat. There is one each third of it, so that one may be lost in a busy
    /// storage account and another be late, since the timer of an app that has scaled to zero waits for its start.
    /// </summary>
    public int ConnectedSeconds { get; init; } = 180;

    /// <summary>Whether this deployment takes its work from a cluster's queue.</summary>
    public bool IsCluster => Name.Length > 0;

    /// <summary>From one heartbeat to the next.</summary>
    public TimeSpan BeatEvery => TimeSpan.FromSeconds(ConnectedSeconds) / BeatsInTime;

    /// <summary>Whether its heartbeats have come of late.</summary>
    public bool IsConnected(Cluster cluster) => cluster.Silence <= TimeSpan.FromSeconds(ConnectedSeconds);

    /// <summary>
    /// These settings. Throws <see cref="SettingException"/> for a name from which no queue can be made, and where the Functions head would read
    /// another queue: <paramref name="boundQueue"/> is what <see cref="QueueSetting"/> says, null or "" where no trigger is bound.
    /// </summary>
    public ClusterSettings Checked(string? boundQueue)
    {
        if (!IsCluster)
        {
            return this;
        }

        if (!QueueNames.CanNameCluster(Name))
        {
            throw new SettingException(
                $"Cluster__Name is '{Name}'; it must be up to {QueueNames.MaxClusterCharacters} small letters, digits and single dashes between them, "
                    + $"without -background or {QueueNames.PoisonSuffix} at its end, since these end names of queues.");
        }

        string queue = QueueNames.OfCluster(Name);
        return string.IsNullOrEmpty(boundQueue) || boundQueue == queue
            ? this
            : throw new SettingException($"{QueueSetting} is '{boundQueue}'; with Cluster__Name '{Name}' it must be {queue}.");
    }
}
