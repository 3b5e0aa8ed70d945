using ImageScan.Core.Images;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Scans.Signing;

/// <summary>Who signed an image, and what that is worth.</summary>
/// <param name="Signature">What was found; null if nothing was, or nobody's signatures are trusted.</param>
/// <param name="Results">What each integration says of it, ordered by its id; empty without a signature.</param>
public sealed record ImageTrust(ImageSignature? Signature, IReadOnlyList<VerificationResult> Results)
{
    public static ImageTrust None { get; } = new(null, []);
}

/// <summary>Asks a registry for the signatures of an image, as <see cref="SignatureFetcher"/> does.</summary>
public delegate Task<FetchedSignatures> SignatureFetch(ImageReference name, IReadOnlyList<Digest> images, CancellationToken cancellationToken);

/// <summary>What says which signatures are good.</summary>
/// <param name="VerifyAsync">Says what an integration makes of a signature.</param>
/// <param name="Stamp">The same only for those who would say the same of it, at the same time.</param>
public sealed record SignatureJudge(SignatureVerification VerifyAsync, string Stamp);

/// <summary>Says what an integration makes of a signature, as <see cref="SignatureVerifier"/> does.</summary>
public delegate Task<VerificationResult> SignatureVerification(
    SignatureIntegration integration,
    ImageSignature signature,
    IReadOnlyList<Digest> images,
    IReadOnlyList<ImageReference> names,
    CancellationToken cancellationToken);
