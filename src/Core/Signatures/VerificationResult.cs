namespace ImageScan.Core.Signatures;

/// <summary>What one integration says of an image's signatures.</summary>
public sealed record VerificationResult
{
    /// <summary>The integration's id.</summary>
    public required string VerifierId { get; init; }

    /// <summary>The integration's name.</summary>
    public required string VerifierName { get; init; }

    public required VerificationOutcome Outcome { get; init; }

    /// <summary>Why it is not verified; "" if it is.</summary>
    public string Description { get; init; } = "";

    /// <summary>
    /// Whether what stood in the way may pass by itself, such as a transparency log that did not answer or a time budget that was used up, so that
    /// looking again later may say something else.
    /// </summary>
    public bool MayPass { get; init; }

    /// <summary>When it was looked at.</summary>
    public required DateTimeOffset VerifiedAt { get; init; }

    /// <summary>The full names of the image for which the signature speaks, ordered.</summary>
    public IReadOnlyList<string> VerifiedReferences { get; init; } = [];
}

/// <summary>
/// As <c>storage.ImageSignatureVerificationResult.Status</c>
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/image.proto).
/// </summary>
public enum VerificationOutcome
{
    Unset,
    Verified,

    /// <summary>No signature is one of the trusted.</summary>
    Failed,

    /// <summary>An algorithm, of the signature or of the image's digest, that cannot be verified.</summary>
    InvalidAlgorithm,

    /// <summary>What was found cannot be read as a signature.</summary>
    Corrupted,

    /// <summary>The integration itself is wrong, or something else went wrong.</summary>
    Error,
}
