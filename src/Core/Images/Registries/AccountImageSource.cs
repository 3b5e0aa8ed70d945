namespace ImageScan.Core.Images.Registries;

/// <summary>
/// One image in a registry that may be read in more ways than one: by several accounts, of which the next is tried when one is refused, and first
/// at mirrors. What a tag points at is what the first to answer says, a mirror or the registry; from there on all that comes is checked against its
/// digest, so that it is the same whichever way it came.
/// </summary>
internal sealed class AccountImageSource(AccountWays<AccountTry> ways) : IImageSource
{
    public ImageOrigin? Origin { get; private set; }

    public Task<Descriptor> ResolveAsync(CancellationToken cancellationToken) =>
        ways.AskAsync(way => way.ResolveAsync(cancellationToken), cancellationToken);

    public async Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken)
    {
        (ImageManifest manifest, Origin) = await ways.AskAsync(way => way.ReadManifestAsync(target, platform, cancellationToken), cancellationToken);
        return manifest;
    }

    public Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken) =>
        ways.AskAsync(way => way.ReadConfigAsync(manifest, cancellationToken), cancellationToken);

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        OpenedBlob first = await OpenFromAsync(0, cancellationToken);
        if (first.Mirror is null)
        {
            return new VerifiedStream(first.Body, blob);
        }

        var relayed = new RelayedBody(blob, first, OpenFromAsync);
        return new VerifiedStream(relayed, blob, relayed.Distrust);

        Task<OpenedBlob> OpenFromAsync(long offset, CancellationToken token) => ways.AskAsync(way => way.OpenLayerAsync(blob, offset, token), token);
    }
}
