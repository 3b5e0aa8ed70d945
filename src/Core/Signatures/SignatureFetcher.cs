using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Signatures;

/// <summary>Looks for the signatures that lie beside an image: under cosign's tag and among the artifacts that refer to it.</summary>
public sealed class SignatureFetcher(RegistryClient registries, SignatureSettings settings, SignatureLimits limits, TimeProvider time)
{
    /// <summary>
    /// The signatures of an image in the repository of <paramref name="name"/>. Never throws for what a registry says; only
    /// <paramref name="cancellationToken"/> ends it otherwise.
    /// </summary>
    /// <param name="name">The image's name: registry and repository are looked at.</param>
    /// <param name="images">The digests under which it may be signed: its manifest's, and the index's if it was chosen from one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<FetchedSignatures> FetchAsync(ImageReference name, IReadOnlyList<Digest> images, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{registries} {settings} {limits} {time}");
}
