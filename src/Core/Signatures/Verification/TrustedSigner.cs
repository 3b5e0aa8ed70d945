using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>One of those whose signatures an integration trusts: a key, or whoever has a certificate that fits.</summary>
internal sealed class TrustedSigner
{
    private VerifyingKey? Key { get; init; }

    /// <summary>The one certificate that may sign, as DER; null for those that signatures bring along.</summary>
    private byte[]? Certificate { get; init; }

    /// <summary>Whom certificates must come from; null for a bare key.</summary>
    private CertificateAuthorities? Authorities { get; init; }

    private IdentityRule? Identity { get; init; }

    /// <summary>The certificate logs of which one must have the certificate; null if none need have it.</summary>
    private IReadOnlyList<VerifyingKey>? CertificateLogs { get; init; }

    /// <summary>
    /// A key of an integration. Throws <see cref="UnverifiedException"/>: Error for what is no key, in StackRox's words, InvalidAlgorithm for
    /// one that cannot be used.
    /// </summary>
    public static TrustedSigner Of(TrustedKey key)
    {
        byte[] spki = PemBlocks.TryPublicKey(key.Pem)
            ?? throw UnverifiedException.Error($"failed to decode PEM block containing public key {HostileText.Quote(key.Name)}");
        return new TrustedSigner { Key = Configured(spki, $"parsing DER encoded public key {HostileText.Quote(key.Name)}") };
    }

    /// <summary>
    /// A rule about certificates: with certificate and chain the last of the chain is the root, with a chain alone any of it, else Fulcio's
    /// roots (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/signatures/cosign_sig_verifier.go, cosignCheckOptsFromCert). Throws
    /// <see cref="UnverifiedException"/> (Error).
    /// </summary>
    /// <param name="trusted">The rule.</param>
    /// <param name="fulcio">The authorities of keyless signatures.</param>
    /// <param name="limits">Bounds on chains.</param>
    public static TrustedSigner Of(TrustedCertificate trusted, CertificateAuthorities fulcio, SignatureLimits limits)
    {
        IReadOnlyList<byte[]> chain = CertificatesOf(trusted.ChainPem, limits, "failed to unmarshal certificate chain PEM");
        byte[]? certificate = CertificatesOf(trusted.CertificatePem, limits, "failed to unmarshal certificate from PEM") is [var first, ..] ? first : null;
        CertificateAuthorities authorities = (certificate, chain) switch
        {
            (_, []) => fulcio,
            (null, _) => new CertificateAuthorities(chain, []),
            _ => new CertificateAuthorities([chain[^1]], [.. chain.SkipLast(1)]),
        };
        return new TrustedSigner
        {
            Key = certificate is null ? null : KeyOf(certificate),
            Certificate = certificate,
            Authorities = authorities,
            Identity = IdentityRule.Of(trusted),
            CertificateLogs = trusted.RequiresCertificateLog ? Logs(trusted.CertificateLogKeyPem, PublicSigstore.CertificateLogPem()) : null,
        };
    }

    /// <summary>The keys of logs: those given, else the public ones. Throws <see cref="UnverifiedException"/> (Error) for what are none.</summary>
    public static IReadOnlyList<VerifyingKey> Logs(string pem, string publicPem)
    {
        VerifyingKey[] keys = [.. PemBlocks.PublicKeys(pem.Length > 0 ? pem : publicPem, 8).Select(key => Configured(key, "parsing a log's public key"))];
        return keys.Length > 0 ? keys : throw UnverifiedException.Error("failed to decode PEM block containing a log's public key");
    }

    /// <summary>
    /// The key with which this signer would have signed, and its certificate. Throws <see cref="UnverifiedException"/> where the signature
    /// brings none that is needed.
    /// </summary>
    public (VerifyingKey Key, byte[]? Certificate) KeyFor(DecodedSignature signature)
    {
        if (Key is not null)
        {
            return (Key, Certificate);
        }

        byte[] certificate = signature.Certificate ?? throw UnverifiedException.Failed("no certificate found on signature");
        return (KeyOf(certificate), certificate);
    }

    /// <summary>Throws <see cref="UnverifiedException"/> unless the certificate was one to be trusted at that time; nothing for a bare key.</summary>
    public void EnsureTrusted(byte[]? certificate, DecodedSignature signature, DateTimeOffset at, ChainBuilds builds)
    {
        if (Authorities is null || certificate is null)
        {
            return;
        }

        try
        {
            byte[] issuer = CertificatePath.IssuerKey(certificate, Authorities, signature.Chain, at, builds);
            using X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(certificate);
            Identity?.Ensure(loaded);
            if (CertificateLogs is not null)
            {
                CertificateLogProof.Ensure(certificate, issuer, CertificateLogs);
            }
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            throw UnverifiedException.Corrupted("corrupted signature: its certificate cannot be read");
        }
    }

    private static VerifyingKey KeyOf(byte[] certificate)
    {
        try
        {
            using X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(certificate);
            return VerifyingKey.Read(loaded.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            throw UnverifiedException.Corrupted("corrupted signature: its certificate cannot be read");
        }
    }

    // What cannot be read in a setting is the setting's fault; what cannot be used is said as it is.
    private static VerifyingKey Configured(byte[] spki, string what)
    {
        try
        {
            return VerifyingKey.Read(spki);
        }
        catch (UnverifiedException e) when (e.Outcome == VerificationOutcome.Corrupted)
        {
            throw UnverifiedException.Error($"{what}: {e.Message}");
        }
    }

    private static IReadOnlyList<byte[]> CertificatesOf(string pem, SignatureLimits limits, string failure) =>
        pem.Length == 0 ? [] : PemBlocks.TryCertificates(pem, limits.SignatureChainCertificates) ?? throw UnverifiedException.Error(failure);
}
