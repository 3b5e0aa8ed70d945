using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Notes which names of images are gone. Events of registries come late, twice and out of order, so each registry is asked, and only what it does not know
/// is gone. An image without any other name is marked: it is not matched again by the clock, and goes sooner if
/// <see cref="RetentionSettings.RemovedDays"/> says so. Whatever finds it there again takes the mark back.
/// </summary>
public sealed class RemovedImages(
    ScanStore store, ImageList list, RegistryClient registries, ScanDelegation delegation, ILogger<RemovedImages> logger)
{
    /// <summary>
    /// Looks after a name of which a registry says that it has it no longer: with a digest, that manifest or index and all its tags in the repository; else
    /// the tag. What cannot be asked stays as it is, and so does what a cluster would have to ask. Throws <see cref="StorageException"/>.
    /// </summary>
    public async Task MarkAsync(ImageReference told, CancellationToken cancellationToken)
    {
        if (await IsOfClusterAsync(told, cancellationToken))
        {
            logger.LogInformation("Image not looked after, since a cluster reads its registry {Image}", HostileText.Plain(told.FullName));
            return;
        }

        foreach (Digest image in await ImagesOfAsync(told, cancellationToken))
        {
            await MarkAsync(image, told, cancellationToken);
        }
    }

    // An index is stored under what it answers with.
    private async Task<IReadOnlyList<Digest>> ImagesOfAsync(ImageReference told, CancellationToken cancellationToken)
    {
        if (told.Digest is { } digest)
        {
            return [digest, .. await store.ManifestsOfAsync(digest, cancellationToken)];
        }

        var images = new List<Digest>();
        await foreach (string id in list.NamedAsync(told.FullName, cancellationToken))
        {
            if (Digest.TryParse(id, out Digest? image))
            {
                images.Add(image);
            }
        }

        return images;
    }

    private async Task MarkAsync(Digest image, ImageReference told, CancellationToken cancellationToken)
    {
        ImageReference[] names =
            [.. (await store.FindAsync(image, cancellationToken))?.Names.Where(name => IsOfRepository(name, told)) ?? []];
        if (names.Length == 0)
        {
            return;
        }

        bool isAllGone = await IsGoneAsync($"{told.Registry}/{told.Remote}@{image}", cancellationToken);
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (IGrouping<string, ImageReference> tag in names.GroupBy(name => name.Tag))
        {
            // Who tells of a digest means all tags that stood for it, and one of an index may be gone while its images stay.
            bool isMeant = tag.Key.Length > 0 && (told.Digest is not null || tag.Key == told.Tag);
            if (isAllGone || (isMeant && await IsGoneAsync($"{told.Registry}/{told.Remote}:{tag.Key}", cancellationToken)))
            {
                gone.UnionWith(tag.Select(name => name.FullName));
            }
        }

        if (gone.Count > 0 && await store.MarkGoneAsync(image, name => gone.Contains(name.FullName), cancellationToken))
        {
            logger.LogInformation("Image is gone from its registries {Digest}", image);
        }
    }

    private async Task<bool> IsGoneAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            if (ImageReference.TryParse(name, out ImageReference? image, out _))
            {
                await registries.Open(image).ResolveAsync(cancellationToken);
            }

            return false;
        }
        catch (RegistryException failure)
        {
            bool isGone = failure.Failure == RegistryFailure.NotFound;
            if (!isGone)
            {
                logger.LogWarning(
                    "Image left as it is, since nobody could say whether it is gone {Image}: {Reason}",
                    HostileText.Plain(name),
                    HostileText.Plain(failure.Message, 1_000));
            }

            return isGone;
        }
    }

    private async Task<bool> IsOfClusterAsync(ImageReference told, CancellationToken cancellationToken)
    {
        try
        {
            return await delegation.ConfiguredAsync(told, cancellationToken) is not null;
        }
        catch (DelegationException)
        {
            // It is one that cannot be reached now.
            return true;
        }
    }

    private static bool IsOfRepository(ImageReference known, ImageReference told) => (known.Registry, known.Remote) == (told.Registry, told.Remote);
}
