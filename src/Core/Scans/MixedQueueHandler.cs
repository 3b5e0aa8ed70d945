using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans;

/// <summary>
/// Takes one message of a queue that carries both jobs and layers: those of a cluster, so that its deployment needs one name, and those of scans nobody
/// waits for.
/// </summary>
public sealed class MixedQueueHandler(ScanQueueHandler images, LayerQueueHandler layers)
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
