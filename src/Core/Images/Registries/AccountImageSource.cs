namespace ImageScan.Core.Images.Registries;

/// <summary>
/// One image in a registry that may be read in more ways than one: by several accounts, of which the next is tried when one is refused, and first
/// at a mirror. What a tag points at is what the first to answer says, a mirror or the registry; from there on all that comes is checked against its
/// digest, so that it is the same whichever way it came.
/// </summary>
/// <param name="triesAsync">The ways, in their order; at least one.</param>
internal sealed class AccountImageSource(Func<CancellationToken, Task<IReadOnlyList<AccountTry>>> triesAsync) : IImageSource
{
    private readonly AccountWays<AccountTry> _ways = new(triesAsync);

    public ImageOrigin? Origin { get; private set; }

    public Task<Descriptor> ResolveAsync(CancellationToken cancellationToken) =>
        AskAsync(source => source.ResolveAsync(cancellationToken), cancellationToken);

    public async Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken)
    {
        (ImageManifest manifest, Origin) = await AskAsync(
            async source => (await source.ReadManifestAsync(target, platform, cancellationToken), source.Origin), cancellationToken);
        return manifest;
    }

    public Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken) =>
        AskAsync(source => source.ReadConfigAsync(manifest, cancellationToken), cancellationToken);

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        AskAsync(source => source.OpenBlobAsync(blob, cancellationToken), cancellationToken);

    private Task<T> AskAsync<T>(Func<IImageSource, Task<T>> ask, CancellationToken cancellationToken) =>
        _ways.AskAsync(way => way.AskAsync(ask, cancellationToken), cancellationToken);
}
