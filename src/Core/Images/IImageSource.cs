namespace ImageScan.Core.Images;

/// <summary>
/// One image in one place: a name in a registry, or an archive on disk. Everything it hands out has been checked against its
/// digest and size, or throws while it is read.
/// </summary>
public interface IImageSource
{
    /// <summary>
    /// What the name points at now: a manifest or an index. Costs one HEAD, which Docker Hub does not count as a pull.
    /// Throws <see cref="RegistryException"/>.
    /// </summary>
    Task<Descriptor> ResolveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The manifest behind <paramref name="target"/>, chosen by <paramref name="platform"/> if that is an index. Throws
    /// <see cref="RegistryException"/>, also for artifacts that are no image and for an index without the platform.
    /// </summary>
    Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken);

    /// <summary>The configuration blob, decoded. Throws <see cref="RegistryException"/>.</summary>
    Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken);

    /// <summary>
    /// The blob's bytes as they are stored. The stream throws <see cref="RegistryException"/> when they end early, go on too long, or,
    /// at the end, when their digest is another. The caller disposes it.
    /// </summary>
    Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>Where the manifest came from; null before one was asked for, and where nothing is known of such places.</summary>
    ImageOrigin? Origin => null;
}
