using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Clusters;

/// <summary>
/// Takes one message of a cluster's queue, which carries both jobs and layers: the cluster has one queue, so that its deployment needs one name.
/// </summary>
public sealed class ClusterQueueHandler(ScanQueueHandler images, LayerQueueHandler layers)
{
    /// <summary>Does what the message says; throws as <see cref="ScanQueueHandler.HandleAsync"/> and <see cref="LayerQueueHandler.HandleAsync"/> do.</summary>
    public Task HandleAsync(string message, CancellationToken cancellationToken) =>
        IsLayer(message) ? layers.HandleAsync(message, cancellationToken) : images.HandleAsync(message, cancellationToken);

    /// <summary>Takes a message that was delivered too often.</summary>
    public Task HandlePoisonAsync(string message, CancellationToken cancellationToken) =>
        IsLayer(message) ? layers.HandlePoisonAsync(message, cancellationToken) : images.HandlePoisonAsync(message, cancellationToken);

    // A layer's message says all that a job's does, and more.
    private static bool IsLayer(string message) => LayerMessage.TryParse(message, out _);
}
