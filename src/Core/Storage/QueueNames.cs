namespace ImageScan.Core.Storage;

/// <summary>The queues; constants, since the triggers of both heads bind them.</summary>
public static class QueueNames
{
    /// <summary>Jobs to be brought forward: <see cref="ScanMessage"/>.</summary>
    public const string ImageScans = "image-scans";

    /// <summary>Layers to be read: <see cref="LayerMessage"/>.</summary>
    public const string LayerScans = "layer-scans";

    /// <summary>Jobs and layers of scans that nobody waits for: <see cref="ScanMessage"/> and <see cref="LayerMessage"/>.</summary>
    public const string BackgroundScans = "background-scans";

    /// <summary>What registries tell of over Event Grid, and what webhooks have stored of a large request.</summary>
    public const string RegistryEvents = "registry-events";

    /// <summary>What is to be sent out after scans: <see cref="NotificationMessage"/>.</summary>
    public const string Notifications = "notifications";

    /// <summary>Where the Functions host puts a message that failed too often: the queue's name and this.</summary>
    public const string PoisonSuffix = "-poison";

    public const string ImageScansPoison = ImageScans + PoisonSuffix;

    public const string LayerScansPoison = LayerScans + PoisonSuffix;

    public const string BackgroundScansPoison = BackgroundScans + PoisonSuffix;

    public const string RegistryEventsPoison = RegistryEvents + PoisonSuffix;

    public const string NotificationsPoison = Notifications + PoisonSuffix;

    /// <summary>
    /// The queue of the cluster that this deployment is, as a trigger names it: by a setting whose value is <see cref="OfCluster"/>
    /// (https://learn.microsoft.com/azure/azure-functions/functions-bindings-expressions-patterns#binding-expressions---app-settings).
    /// </summary>
    public const string ClusterBinding = "%ClusterQueue%";

    public const string ClusterPoisonBinding = ClusterBinding + PoisonSuffix;

    /// <summary>That of its scans that nobody waits for: <see cref="BackgroundOfCluster"/>.</summary>
    public const string ClusterBackgroundBinding = ClusterBinding + BackgroundSuffix;

    public const string ClusterBackgroundPoisonBinding = ClusterBackgroundBinding + PoisonSuffix;

    /// <summary>The longest name of a cluster: that of its longest poison queue has 63 characters then.</summary>
    public static int MaxClusterCharacters { get; } = MaxCharacters - ClusterPrefix.Length - BackgroundSuffix.Length - PoisonSuffix.Length;

    private const int MaxCharacters = 63;
    private const string ClusterPrefix = "scan-";
    private const string BackgroundSuffix = "-background";

    /// <summary>The queue from which a cluster takes what somebody waits for, by the cluster's name.</summary>
    public static string OfCluster(string cluster) => ClusterPrefix + cluster;

    /// <summary>The queue from which it takes what nobody waits for.</summary>
    public static string BackgroundOfCluster(string cluster) => OfCluster(cluster) + BackgroundSuffix;

    /// <summary>
    /// Whether a cluster may have that name: its queues must be legal ones (small letters, digits and single dashes within, at most 63;
    /// https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata#queue-names) and nobody else's, as the poison queue of another.
    /// </summary>
    public static bool CanNameCluster(string name) =>
        name.Length > 0
        && name.Length <= MaxClusterCharacters
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
        && name[0] != '-'
        && name[^1] != '-'
        && !name.Contains("--", StringComparison.Ordinal)
        && !name.EndsWith(BackgroundSuffix, StringComparison.Ordinal)
        && !name.EndsWith(PoisonSuffix, StringComparison.Ordinal);
}
