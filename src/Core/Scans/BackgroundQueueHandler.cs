namespace ImageScan.Core.Scans;

/// <summary>
/// Takes one message of the <c>background-scans</c> queue: scans that nobody waits for, as those that a registry's events begin. They have few places of
/// their own in a process, so that a thousand of them take little from whoever waits.
/// </summary>
public sealed class BackgroundQueueHandler(MixedQueueHandler work, ScanSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _places = new(settings.BackgroundScans);

    /// <summary>Does what the message says when there is a place for it; throws as <see cref="MixedQueueHandler.HandleAsync"/> does.</summary>
    public async Task HandleAsync(string message, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            await work.HandleAsync(message, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Takes a message that was delivered too often.</summary>
    public Task HandlePoisonAsync(string message, CancellationToken cancellationToken) => work.HandlePoisonAsync(message, cancellationToken);

    public void Dispose() => _places.Dispose();
}
