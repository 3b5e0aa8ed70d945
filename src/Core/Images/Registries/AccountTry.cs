namespace ImageScan.Core.Images.Registries;

/// <summary>
/// One way to read an image: by an account, or by the settings alone, and first at its mirrors, in their order. Every method throws
/// <see cref="RegistryException"/>, also where the account cannot be used.
/// </summary>
/// <param name="account">The account; null for the settings alone.</param>
/// <param name="source">The image at its registry.</param>
/// <param name="mirrors">The same image at mirrors; empty if there are none.</param>
/// <param name="resolvesAtMirrors">Whether mirrors may say what the name points at.</param>
internal sealed class AccountTry(RegistryAccount? account, RegistryImageSource source, IReadOnlyList<MirrorPlace> mirrors, bool resolvesAtMirrors)
{
    public Task<Descriptor> ResolveAsync(CancellationToken cancellationToken) =>
        AskAsync(
        resolvesAtMirrors ? mirrors : [],
        (place, mirror) => mirror is null ? place.ResolveAsync(cancellationToken) : place.ResolveReadAsync(cancellationToken),
        cancellationToken);

    /// <summary>The manifest and where it came from; null where nothing is known of such places.</summary>
    public Task<(ImageManifest Manifest, ImageOrigin? Origin)> ReadManifestAsync(
        Descriptor target, Platform platform, CancellationToken cancellationToken) => AskAsync(
            mirrors,
            async (place, mirror) => (await place.ReadManifestAsync(target, platform, cancellationToken), OriginOf(mirror)),
            cancellationToken);

    public Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken) =>
        AskAsync(mirrors, (place, _) => place.ReadConfigAsync(manifest, cancellationToken), cancellationToken);

    /// <summary>The bytes of a layer from one onwards, unverified.</summary>
    public Task<OpenedBlob> OpenLayerAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => AskAsync(
        mirrors.Where(mirror => mirror.IsTrustedWith(blob.Digest)),
        async (place, mirror) => new OpenedBlob(await place.OpenLayerAsync(blob, offset, cancellationToken), mirror),
        cancellationToken);

    private async Task<T> AskAsync<T>(
        IEnumerable<MirrorPlace> asked, Func<RegistryImageSource, MirrorPlace?, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (account?.Problem is { } problem)
        {
            throw new RegistryException(problem) { Failure = RegistryFailure.AccountUnusable };
        }

        foreach (MirrorPlace mirror in asked.Where(mirror => !mirror.IsOff))
        {
            try
            {
                return await ask(mirror.Source, mirror);
            }
            catch (RegistryException failure)
            {
                mirror.Fail(failure);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return await ask(source, null);
    }

    private ImageOrigin? OriginOf(MirrorPlace? mirror) =>
        account is null && mirror is null ? null : new ImageOrigin(account?.Id ?? "", account?.Name ?? "", mirror?.Name ?? "");
}
