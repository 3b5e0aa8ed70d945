using ImageScan.Core.Images;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Removes an image: its result first, so that nobody sees it from then on, then what belongs to it alone, and of its layers those that no other
/// image has. A removal that ends half-way is finished by the sweep. When a CVE was first seen under an operating system stays: it is no image's own.
/// </summary>
public sealed class ImageRemoval(
    ScanStore scans, ChangeStore changes, SignatureStore signatures, LayerStore layers, ILogger<ImageRemoval> logger)
{
    /// <summary>Removes a stored image; false if there is none. Throws <see cref="StorageException"/>.</summary>
    public Task<bool> RemoveAsync(Digest image, CancellationToken cancellationToken) => RemoveAsync(image, null, cancellationToken);

    /// <summary>Removes an image that was last asked for before that moment; false if it was asked for since, or there is none.</summary>
    internal async Task<bool> RemoveAsync(Digest image, DateTimeOffset? usedBefore, CancellationToken cancellationToken) =>
        await FollowAsync(image, await scans.RemoveAsync(image, usedBefore, cancellationToken), cancellationToken);

    /// <summary>Removes an image that registries no longer had before that moment; false if one has it again, or there is none.</summary>
    internal async Task<bool> RemoveGoneAsync(Digest image, DateTimeOffset removedBefore, CancellationToken cancellationToken) =>
        await FollowAsync(image, await scans.RemoveGoneAsync(image, removedBefore, cancellationToken), cancellationToken);

    private async Task<bool> FollowAsync(Digest image, RemovedScan? removed, CancellationToken cancellationToken)
    {
        if (removed is null)
        {
            return false;
        }

        await changes.RemoveAsync(image, cancellationToken);
        await signatures.RemoveAsync(image, cancellationToken);
        await Parallel.ForEachAsync(
            removed.Layers, cancellationToken, async (layer, token) => await layers.ReleaseAsync(layer, removed, token));
        logger.LogInformation("Image removed {Digest} with {Layers} layers", image, removed.Layers.Count);
        return true;
    }
}
