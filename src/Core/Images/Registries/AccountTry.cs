namespace ImageScan.Core.Images.Registries;

/// <summary>One way to read an image: by an account, or by the settings alone, and perhaps first at a mirror.</summary>
/// <param name="account">The account; null for the settings alone.</param>
/// <param name="source">The image at its registry.</param>
/// <param name="mirror">The same image at the mirror; null if there is none.</param>
/// <param name="mirrorName">Its full name there; "" if there is none.</param>
internal sealed class AccountTry(RegistryAccount? account, IImageSource source, IImageSource? mirror, string mirrorName)
{
    private readonly IImageSource _source = new Place(source, account is null ? null : new ImageOrigin(account.Id, account.Name, ""));
    private readonly Place? _mirror = mirror is null || account is null ? null : new Place(mirror, new ImageOrigin(account.Id, account.Name, mirrorName));
    private bool _mirrorIsOff;

    /// <summary>
    /// Asks the mirror, and the registry if that has no answer. A mirror that fails otherwise than by not having the image is not asked again. Throws
    /// <see cref="RegistryException"/>, also where the account cannot be used.
    /// </summary>
    public async Task<T> AskAsync<T>(Func<IImageSource, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (account?.Problem is { } problem)
        {
            throw new RegistryException(problem) { Failure = RegistryFailure.AccountUnusable };
        }

        if (_mirror is not null && !_mirrorIsOff)
        {
            try
            {
                return await ask(_mirror);
            }
            catch (RegistryException failure)
            {
                _mirrorIsOff = failure.Failure != RegistryFailure.NotFound;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await ask(_source);
    }

    /// <summary>A source that says where it is.</summary>
    private sealed class Place(IImageSource source, ImageOrigin? origin) : IImageSource
    {
        public ImageOrigin? Origin => origin;

        public Task<Descriptor> ResolveAsync(CancellationToken cancellationToken) => source.ResolveAsync(cancellationToken);

        public Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken) =>
            source.ReadManifestAsync(target, platform, cancellationToken);

        public Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken) =>
            source.ReadConfigAsync(manifest, cancellationToken);

        public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) => source.OpenBlobAsync(blob, cancellationToken);
    }
}
