using System.Formats.Asn1;
using System.Security.Cryptography;
using ImageScan.Core.Signatures.Verification;

namespace ImageScan.Core.Signatures;

/// <summary>What keeps that which somebody wants to trust from ever verifying anything; looked at when it is handed in.</summary>
internal static class TrustChecks
{
    /// <summary>
    /// Why no signature can be verified by a key; null if it is RSA, ECDSA on P-256, P-384 or P-521, or Ed25519. <paramref name="what"/> says what it is,
    /// in StackRox's words.
    /// </summary>
    public static string? ReasonAgainstKey(string pem, string what)
    {
        if (PemBlocks.TryPublicKey(pem) is not { } key)
        {
            return $"failed to decode PEM block containing {what}";
        }

        try
        {
            _ = VerifyingKey.Read(key);
            AsnDecoder.ReadSequence(key, AsnEncodingRules.DER, out _, out _, out int read);
            return read == key.Length ? null : $"failed to parse {what}: x509: trailing data after ASN.1 of public-key";
        }
        catch (UnverifiedException unusable)
        {
            return $"failed to parse {what}: {unusable.Message}";
        }
    }

    /// <summary>
    /// Why a text is no list of certificates, which may be empty; null if it is one. As
    /// https://github.com/sigstore/sigstore/blob/v1.8.3/pkg/cryptoutils/certificate.go says it.
    /// </summary>
    public static string? ReasonAgainstCertificates(string pem, int most)
    {
        ReadOnlySpan<char> rest = pem.AsSpan().Trim();
        for (int i = 0; rest.Length > 0; i++)
        {
            if (i == most)
            {
                return $"it has more than {most} certificates";
            }

            if (!PemEncoding.TryFind(rest, out PemFields fields))
            {
                return "error during PEM decoding";
            }

            rest = rest[fields.Location.End..].Trim();
        }

        return pem.AsSpan().IsWhiteSpace() || PemBlocks.TryCertificates(pem, most) is not null ? null : "x509: malformed certificate";
    }

    /// <summary>Whether a transparency log can be asked there; "" is no address.</summary>
    public static bool IsLogAddress(string url) => LogAddress.TryRead(url) is not null;

    /// <summary>Why a pattern is refused, as Go says it; null if it is fine.</summary>
    public static string? ReasonAgainstPattern(string pattern) => Re2Pattern.ReasonAgainst(pattern);
}
