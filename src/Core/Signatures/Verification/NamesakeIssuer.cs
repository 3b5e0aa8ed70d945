using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Security;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// Certificates that bear the name of their issuer, as openssl makes them when it is asked twice with the same subject. OpenSSL takes such a
/// one for an end of the chain; Go, and so cosign, looks whose key has signed it.
/// </summary>
internal static class NamesakeIssuer
{
    private const string AnyUsage = "2.5.29.37.0";

    // Basic constraints, key usage, extended key usage, subjectAltName.
    private static readonly string[] KnownExtensions = ["2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17"];

    /// <summary>The authority that has signed the certificate, which has its very name; null if there is none.</summary>
    public static X509Certificate2? Find(X509Certificate2 leaf, IEnumerable<X509Certificate2> anchors, DateTimeOffset at, string usage) =>
        leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData) && MaySign(leaf, usage)
            ? anchors.FirstOrDefault(anchor => IsAuthority(anchor, at) && HasSigned(anchor, leaf))
            : null;

    private static bool MaySign(X509Certificate2 leaf, string usage) =>
        leaf.Extensions.All(extension => !extension.Critical || KnownExtensions.Contains(extension.Oid?.Value))
        && leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .All(usages => usages.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(one => one.Value == usage || one.Value == AnyUsage));

    // Version 1 knows no extensions, so that its roots cannot say that they are any.
    private static bool IsAuthority(X509Certificate2 anchor, DateTimeOffset at) =>
        at >= anchor.NotBefore
        && at <= anchor.NotAfter
        && (anchor.Version < 3 || anchor.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority));

    private static bool HasSigned(X509Certificate2 anchor, X509Certificate2 leaf)
    {
        if (!anchor.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData))
        {
            return false;
        }

        try
        {
            var signed = new Org.BouncyCastle.X509.X509Certificate(leaf.RawData);
            return signed.IsSignatureValid(PublicKeyFactory.CreateKey(anchor.PublicKey.ExportSubjectPublicKeyInfo()));
        }
        catch (Exception e) when (e is GeneralSecurityException or ArgumentException or IOException or InvalidOperationException)
        {
            return false;
        }
    }
}
