using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageScan.Core.Scans.Signing;

/// <summary>Public keys and certificates as people hand them in.</summary>
internal static class PublicKeyPem
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const string Ed25519 = "1.3.101.112";

    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <summary>Reads one block of type <c>PUBLIC KEY</c> with nothing but white space after it; false for anything else.</summary>
    public static bool TryRead(string pem, [NotNullWhen(true)] out byte[]? der)
    {
        der = null;
        if (!PemEncoding.TryFind(pem, out PemFields fields) || !pem.AsSpan(fields.Location.End.Value).IsWhiteSpace() || pem[fields.Label] != "PUBLIC KEY")
        {
            return false;
        }

        der = Convert.FromBase64String(pem[fields.Base64Data]);
        return true;
    }

    /// <summary>Why nothing can be verified by a key; null if it is RSA, ECDSA on P-256, P-384 or P-521, or Ed25519.</summary>
    public static string? ReasonAgainst(byte[] der)
    {
        try
        {
            var key = PublicKey.CreateFromSubjectPublicKeyInfo(der, out int read);
            return read != der.Length ? "bytes follow it" : ReasonAgainst(key);
        }
        catch (Exception malformed) when (malformed is CryptographicException or AsnContentException)
        {
            return "it is no key that can be read";
        }
    }

    /// <summary>Whether base64 text is that of a certificate.</summary>
    public static bool IsCertificate(ReadOnlySpan<char> base64)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64.ToString()));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string? ReasonAgainst(PublicKey key)
    {
        switch (key.Oid.Value)
        {
            case Rsa:
                using (RSA? rsa = key.GetRSAPublicKey())
                {
                    return rsa?.KeySize <= IntegrationBounds.RsaBits ? null : $"an RSA key may have at most {IntegrationBounds.RsaBits} bits";
                }

            case EllipticCurve:
                // What is no named curve has parameters of its own.
                if (key.EncodedParameters?.RawData is not { Length: > 0 } parameters
                    || !Asn1Tag.TryDecode(parameters, out Asn1Tag tag, out _)
                    || tag != Asn1Tag.ObjectIdentifier
                    || !Curves.Contains(AsnDecoder.ReadObjectIdentifier(parameters, AsnEncodingRules.DER, out _)))
                {
                    return "its curve is none of P-256, P-384 and P-521";
                }

                using (ECDsa? ecdsa = key.GetECDsaPublicKey())
                {
                    return ecdsa is null ? "it is no key that can be read" : null;
                }

            case Ed25519:
                return key.EncodedKeyValue.RawData.Length == 32 ? null : "an Ed25519 key has 32 bytes";
            default:
                return "its algorithm is none of RSA, ECDSA and Ed25519";
        }
    }
}
