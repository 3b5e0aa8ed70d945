using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// Certificates that bear the name of their issuer, as openssl makes them when it is asked twice with the same subject. OpenSSL takes such a
/// one for an end of the chain; Go, and so cosign, looks whose key has signed it.
/// </summary>
internal static class NamesakeIssuer
{
    private const string AnyUsage = "2.5.29.37.0";
    private const string NameConstraints = "2.5.29.30";

    // Basic constraints, key usage, extended key usage, subjectAltName.
    private static readonly string[] KnownExtensions = ["2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17"];

    // ECDSA and RSA with SHA-256, SHA-384, SHA-512, by the kind of key that makes them (https://www.rfc-editor.org/rfc/rfc5758#section-3.2,
    // https://www.rfc-editor.org/rfc/rfc4055#section-5). What a certificate says of its own signature is whatever its maker wrote there.
    private static readonly Dictionary<string, string[]> SignatureAlgorithms = new()
    {
        ["1.2.840.10045.2.1"] = ["1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4"],
        ["1.2.840.113549.1.1.1"] = ["1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13"],
    };

    /// <summary>The authority that has signed the certificate, which has its very name; null if there is none.</summary>
    public static X509Certificate2? Find(X509Certificate2 leaf, IEnumerable<X509Certificate2> anchors, DateTimeOffset at, string usage) =>
        leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData) && MaySign(leaf, usage)
            ? anchors.FirstOrDefault(anchor => IsAuthority(anchor, at, usage) && HasSigned(anchor, leaf))
            : null;

    private static bool MaySign(X509Certificate2 certificate, string usage) =>
        certificate.Extensions.All(extension => !extension.Critical || KnownExtensions.Contains(extension.Oid?.Value))
        && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .All(usages => usages.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(one => one.Value == usage || one.Value == AnyUsage));

    // Version 1 knows no extensions, so that its roots cannot say that they are any. Constraints on names are not worked out here: an authority that
    // has some is none.
    private static bool IsAuthority(X509Certificate2 anchor, DateTimeOffset at, string usage) =>
        at >= anchor.NotBefore
        && at <= anchor.NotAfter
        && MaySign(anchor, usage)
        && anchor.Extensions.OfType<X509KeyUsageExtension>().All(usages => usages.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
        && anchor.Extensions.All(extension => extension.Oid?.Value != NameConstraints)
        && (anchor.Version < 3 || anchor.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority));

    private static bool HasSigned(X509Certificate2 anchor, X509Certificate2 leaf)
    {
        if (!anchor.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData)
            || !SignatureAlgorithms.GetValueOrDefault(anchor.PublicKey.Oid.Value ?? "", []).Contains(leaf.SignatureAlgorithm.Value))
        {
            return false;
        }

        try
        {
            AsymmetricKeyParameter key = PublicKeyFactory.CreateKey(anchor.PublicKey.ExportSubjectPublicKeyInfo());
            return new Org.BouncyCastle.X509.X509Certificate(leaf.RawData).IsSignatureValid(key);
        }
        catch (Exception e) when (e is GeneralSecurityException or SecurityUtilityException or CryptoException
            or ArgumentException or IOException or InvalidOperationException or InvalidCastException)
        {
            return false;
        }
    }
}
