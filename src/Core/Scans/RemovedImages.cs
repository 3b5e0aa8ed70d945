using ImageScan.Core.Images;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Notes which names of images are gone, as registries say. An image without any other is marked: it is not matched again by the clock, and goes sooner
/// if <see cref="RetentionSettings.RemovedDays"/> says so. Whatever finds it there again takes the mark back.
/// </summary>
public sealed class RemovedImages(ScanStore store, ImageList list, ILogger<RemovedImages> logger)
{
    /// <summary>
    /// A name that a registry no longer has: with a digest, that manifest with all its tags in the repository; else the tag alone. Throws
    /// <see cref="StorageException"/>.
    /// </summary>
    public async Task MarkAsync(ImageReference name, CancellationToken cancellationToken)
    {
        if (name.Digest is { } digest)
        {
            // An index is stored under what it answers with.
            await MarkAsync(digest, known => IsOfRepository(known, name), cancellationToken);
            if (await store.FindAliasAsync(digest, Platform.Default, cancellationToken) is { } manifest)
            {
                await MarkAsync(manifest, known => IsOfRepository(known, name), cancellationToken);
            }

            return;
        }

        await foreach (string id in list.NamedAsync(name.FullName, cancellationToken))
        {
            if (Digest.TryParse(id, out Digest? image))
            {
                await MarkAsync(image, known => IsOfRepository(known, name) && known.Tag == name.Tag, cancellationToken);
            }
        }
    }

    private async Task MarkAsync(Digest image, Func<ImageReference, bool> isGone, CancellationToken cancellationToken)
    {
        if (await store.MarkGoneAsync(image, isGone, cancellationToken))
        {
            logger.LogInformation("Image is gone from its registries {Digest}", image);
        }
    }

    private static bool IsOfRepository(ImageReference known, ImageReference name) => (known.Registry, known.Remote) == (name.Registry, name.Remote);
}
