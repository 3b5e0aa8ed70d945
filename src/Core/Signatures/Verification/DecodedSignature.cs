namespace ImageScan.Core.Signatures.Verification;

/// <summary>A signature with everything that it brings taken apart; nothing of it is believed yet.</summary>
internal sealed record DecodedSignature
{
    /// <summary>What the signature is over: the payload, or the payload in its envelope.</summary>
    public required byte[] SignedBytes { get; init; }

    public required byte[] Payload { get; init; }

    public required byte[] Raw { get; init; }

    public required SignedClaim Claim { get; init; }

    /// <summary>The signer's certificate as DER; null if a bare key signed.</summary>
    public byte[]? Certificate { get; init; }

    /// <summary>Certificates that may lie between it and a root, as DER.</summary>
    public IReadOnlyList<byte[]> Chain { get; init; } = [];

    /// <summary>What transparency logs have of it.</summary>
    public IReadOnlyList<RekorEntry> LogEntries { get; init; } = [];

    /// <summary>Takes a signature apart. Throws <see cref="UnverifiedException"/>: Corrupted where that cannot be done.</summary>
    public static DecodedSignature Of(CosignSignature signature, SignatureLimits limits) =>
        signature.Format == SignatureFormat.DeadSimpleSigningEnvelope ? OfBundle(signature, limits) : OfSimpleSigning(signature, limits);

    private static DecodedSignature OfBundle(CosignSignature signature, SignatureLimits limits)
    {
        SigstoreBundle bundle = SigstoreBundle.TryRead(signature.SigstoreBundle, limits, out string reason)
            ?? throw UnverifiedException.Corrupted($"corrupted signature: {reason}");
        if (bundle.PayloadType != DeadSimpleSigning.InToto)
        {
            throw UnverifiedException.Corrupted("corrupted signature: the envelope holds no in-toto statement");
        }

        return new DecodedSignature
        {
            SignedBytes = DeadSimpleSigning.SignedBytes(bundle.PayloadType, bundle.Payload),
            Payload = bundle.Payload,
            Raw = bundle.Signature,
            Claim = SignedClaim.OfStatement(bundle.Payload),
            Certificate = bundle.Certificates is [var certificate, ..] ? certificate : null,
            Chain = [.. bundle.Certificates.Skip(1)],
            LogEntries = bundle.Entries,
        };
    }

    private static DecodedSignature OfSimpleSigning(CosignSignature signature, SignatureLimits limits)
    {
        // What the fetcher could not decode has no payload either.
        if (signature.RawSignature.IsEmpty || signature.Payload.IsEmpty)
        {
            throw UnverifiedException.Corrupted("corrupted signature: it cannot be decoded");
        }

        byte[] payload = signature.Payload.ToArray();
        return new DecodedSignature
        {
            SignedBytes = payload,
            Payload = payload,
            Raw = signature.RawSignature.ToArray(),
            Claim = SignedClaim.OfSimpleSigning(payload),
            Certificate = Certificates(signature.CertificatePem, limits) is [var certificate, ..] ? certificate : null,
            Chain = Certificates(signature.ChainPem, limits),
            LogEntries = signature.RekorBundle.IsEmpty || RekorEntry.OfAnnotation(signature.RekorBundle) is not { } entry ? [] : [entry],
        };
    }

    private static IReadOnlyList<byte[]> Certificates(ReadOnlyMemory<byte> pem, SignatureLimits limits) =>
        pem.IsEmpty
            ? []
            : PemBlocks.TryCertificates(pem, limits.SignatureChainCertificates)
                ?? throw UnverifiedException.Corrupted("corrupted signature: its certificates cannot be read");
}
