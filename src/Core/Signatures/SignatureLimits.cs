namespace ImageScan.Core.Signatures;

/// <summary>
/// How much of what lies beside an image is read as signatures; what is beyond a limit is left out and said
/// (<see cref="FetchedSignatures.Problems"/>).
/// </summary>
public sealed record SignatureLimits
{
    /// <summary>Artifacts that refer to one image and are looked at; StackRox stops at 50 too.</summary>
    public int Referrers { get; init; } = 50;

    /// <summary>Signatures of one image.</summary>
    public int SignaturesPerImage { get; init; } = 100;

    /// <summary>Bytes of what was signed; a simple signing document has some 250.</summary>
    public int SignaturePayloadBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of one bundle, be it a sigstore bundle or a transparency log's.</summary>
    public int SignatureBundleBytes { get; init; } = 512 * 1024;

    /// <summary>Certificates in one chain.</summary>
    public int SignatureChainCertificates { get; init; } = 10;

    /// <summary>Bytes of a certificate or of a chain as PEM.</summary>
    public int SignatureChainBytes { get; init; } = 64 * 1024;

    /// <summary>Paths from certificates to authorities that are looked for in one answer of one integration; what is beyond is not verified.</summary>
    public int SignatureChainBuilds { get; init; } = 200;
}
