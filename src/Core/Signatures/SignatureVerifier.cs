using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures;

/// <summary>Says of an image's signatures whether they are those of somebody trusted.</summary>
public sealed class SignatureVerifier(SignatureSettings settings, SignatureLimits limits, TimeProvider time)
{
    /// <summary>What the integration says: one result, never an exception but for <paramref name="cancellationToken"/>.</summary>
    /// <param name="integration">Whose signatures are trusted.</param>
    /// <param name="signature">What was found beside the image.</param>
    /// <param name="images">The digests that may have been signed: the manifest's, and the index's if the image was chosen from one.</param>
    /// <param name="names">All names of the image.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<VerificationResult> VerifyAsync(
        SignatureIntegration integration,
        ImageSignature signature,
        IReadOnlyList<Digest> images,
        IReadOnlyList<ImageReference> names,
        CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{settings} {limits} {time}");
}
