namespace ImageScan.Core.Signatures;

/// <summary>What was found beside an image that says who signed it.</summary>
/// <param name="Signatures">The signatures, each once, in the order in which they were found; one at least.</param>
/// <param name="Fetched">When the registry was asked.</param>
public sealed record ImageSignature(IReadOnlyList<CosignSignature> Signatures, DateTimeOffset Fetched);

/// <summary>
/// One signature as cosign keeps it
/// (https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md), as the registry had it: nothing in it is believed yet.
/// </summary>
public sealed record CosignSignature
{
    /// <summary>The signature itself: base64 undone.</summary>
    public ReadOnlyMemory<byte> RawSignature { get; init; }

    /// <summary>What was signed: a "simple signing" document, or the statement of an envelope.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The signer's certificate as PEM; empty where a bare key signed.</summary>
    public ReadOnlyMemory<byte> CertificatePem { get; init; }

    /// <summary>The certificates between it and a root as PEM; may be empty.</summary>
    public ReadOnlyMemory<byte> ChainPem { get; init; }

    /// <summary>The transparency log's promise that it has the signature, as JSON; empty if there is none.</summary>
    public ReadOnlyMemory<byte> RekorBundle { get; init; }

    public SignatureFormat Format { get; init; }

    /// <summary>The whole bundle (https://github.com/sigstore/protobuf-specs) as JSON where it was found as one; else empty.</summary>
    public ReadOnlyMemory<byte> SigstoreBundle { get; init; }
}

/// <summary>How what was signed is written.</summary>
public enum SignatureFormat
{
    Unspecified,

    /// <summary>https://github.com/containers/image/blob/main/docs/containers-signature.5.md</summary>
    SimpleSigning,

    /// <summary>https://github.com/secure-systems-lab/dsse/blob/master/envelope.md</summary>
    DeadSimpleSigningEnvelope,
}
