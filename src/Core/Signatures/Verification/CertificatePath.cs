using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>Whom certificates must come from.</summary>
/// <param name="Anchors">The certificates that are trusted, as DER.</param>
/// <param name="Between">Certificates that may lie between.</param>
internal sealed record CertificateAuthorities(IReadOnlyList<byte[]> Anchors, IReadOnlyList<byte[]> Between);

/// <summary>Whether a certificate may sign code and comes from a trusted authority; nothing is fetched for it, revocation included.</summary>
internal static class CertificatePath
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    // MD2, MD5 and SHA-1 with RSA, SHA-1 with DSA and ECDSA: others than the owner can make such a certificate.
    private static readonly string[] WeakAlgorithms =
        ["1.2.840.113549.1.1.2", "1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10040.4.3", "1.2.840.10045.4.1"];

    /// <summary>
    /// The key of the certificate's issuer, as SubjectPublicKeyInfo; the certificate's own where it is itself trusted. Throws
    /// <see cref="UnverifiedException"/> (Failed) where it is not to be trusted at that time, and <see cref="CryptographicException"/> if one of the
    /// certificates is none.
    /// </summary>
    /// <param name="certificate">The certificate that is looked at, as DER.</param>
    /// <param name="authorities">Whom it must come from.</param>
    /// <param name="brought">Certificates that the signature brings along, as DER.</param>
    /// <param name="at">When it was used.</param>
    /// <param name="builds">How many paths may still be looked for.</param>
    public static byte[] IssuerKey(
        byte[] certificate, CertificateAuthorities authorities, IEnumerable<byte[]> brought, DateTimeOffset at, ChainBuilds builds)
    {
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(certificate);
        if (at < leaf.NotBefore || at > leaf.NotAfter)
        {
            throw UnverifiedException.Failed(
                $"the certificate is valid from {leaf.NotBefore.ToUniversalTime():u} to {leaf.NotAfter.ToUniversalTime():u}, not at {at.ToUniversalTime():u}");
        }

        builds.Spend();
        using X509Chain chain = ChainAt(at);
        var loaded = new List<X509Certificate2>();
        try
        {
            // One after the other, so that those before one that cannot be loaded are disposed.
            foreach (byte[] der in authorities.Anchors.Concat(authorities.Between).Concat(brought))
            {
                loaded.Add(X509CertificateLoader.LoadCertificate(der));
            }

            X509Certificate2[] anchors = [.. loaded.Take(authorities.Anchors.Count)];
            X509Certificate2[] between = [.. loaded.Skip(anchors.Length).Where(one => !IsSelfIssued(one))];
            chain.ChainPolicy.CustomTrustStore.AddRange(anchors);
            chain.ChainPolicy.ExtraStore.AddRange(anchors);
            chain.ChainPolicy.ExtraStore.AddRange(between);
            bool built = chain.Build(leaf);
            if (!built && chain.ChainElements.Count == 1 && NamesakeIssuer.Find(leaf, anchors, at, CodeSigning) is { } issuer)
            {
                RefuseWeak([leaf]);
                return issuer.PublicKey.ExportSubjectPublicKeyInfo();
            }

            EnsureTrusted(chain, built, authorities, at);
            return chain.ChainElements[Math.Min(1, chain.ChainElements.Count - 1)].Certificate.PublicKey.ExportSubjectPublicKeyInfo();
        }
        finally
        {
            foreach (X509Certificate2 used in loaded.Concat(chain.ChainElements.Select(element => element.Certificate)))
            {
                used.Dispose();
            }
        }
    }

    // A root that is not trusted ends no path that is; OpenSSL would follow it beyond an authority that is trusted without its root, where Go stops.
    private static bool IsSelfIssued(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static X509Chain ChainAt(DateTimeOffset at)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        // A certificate may name an address for its issuer's; none is asked.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CodeSigning));
        return chain;
    }

    private static void EnsureTrusted(X509Chain chain, bool built, CertificateAuthorities authorities, DateTimeOffset at)
    {
        // An authority below a root may be trusted without the root, as in Go's pools of roots; to .NET the chain then lacks its end.
        bool endsAtAnchor = chain.ChainElements.Count > 0
            && authorities.Anchors.Any(anchor => chain.ChainElements[^1].Certificate.RawDataMemory.Span.SequenceEqual(anchor));
        X509ChainStatusFlags status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (!endsAtAnchor || !(built || status == X509ChainStatusFlags.PartialChain))
        {
            throw UnverifiedException.Failed($"cert verification failed: {(status == X509ChainStatusFlags.NoError ? "unknown authority" : status)}");
        }

        // Where a path ends for want of an issuer, OpenSSL does not look at the dates of its end
        // (https://github.com/openssl/openssl/blob/openssl-3.0.15/crypto/x509/x509_vfy.c, internal_verify).
        if (chain.ChainElements.Any(element => at < element.Certificate.NotBefore || at > element.Certificate.NotAfter))
        {
            throw UnverifiedException.Failed("cert verification failed: an authority was not valid then");
        }

        RefuseWeak(chain.ChainElements.SkipLast(1).Select(element => element.Certificate));
    }

    private static void RefuseWeak(IEnumerable<X509Certificate2> certificates)
    {
        if (certificates.Any(certificate => WeakAlgorithms.Contains(certificate.SignatureAlgorithm.Value)))
        {
            throw UnverifiedException.Failed("cert verification failed: a certificate is signed with a broken algorithm");
        }
    }
}
