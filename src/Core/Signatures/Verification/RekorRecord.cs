using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>What an entry of a transparency log says: that somebody has signed something. Its hash is of what was signed, in hexadecimal.</summary>
internal sealed record RekorRecord(string PayloadHash, IReadOnlyList<(byte[] Signature, byte[] Signer)> Signatures)
{
    private const int MaxSignatures = 4;

    /// <summary>
    /// Reads the kinds that image signatures have
    /// (https://github.com/sigstore/rekor/tree/main/pkg/types: hashedrekord, rekord and dsse 0.0.1, intoto 0.0.2); null for all others.
    /// </summary>
    public static RekorRecord? TryRead(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? document = SignatureJson.TryParse(body);
        JsonElement root = document?.RootElement ?? default;
        JsonElement spec = root.Member("spec");
        return (root.Member("kind").Text(), root.Member("apiVersion").Text()) switch
        {
            ("hashedrekord" or "rekord", "0.0.1") =>
                Of(spec.Member("data").Member("hash"), [(spec.Member("signature").Member("content").Base64(), KeyOf(spec))]),
            ("dsse", "0.0.1") => Of(
                spec.Member("payloadHash"),
                spec.Member("signatures").Items().Select(one => (one.Member("signature").Base64(), one.Member("verifier").Base64()))),

            // Signatures are base64 of base64 there (https://github.com/sigstore/rekor/blob/main/pkg/types/intoto/v0.0.2/entry.go).
            ("intoto", "0.0.2") => Of(
                spec.Member("content").Member("payloadHash"),
                spec.Member("content").Member("envelope").Member("signatures").Items()
                    .Select(one => (Twice(one.Member("sig")), one.Member("publicKey").Base64()))),
            _ => null,
        };
    }

    /// <summary>
    /// Whether exactly this is meant: what was signed, the signature, and who signed. An entry that names a certificate means its key, and
    /// that very certificate where one is to be believed.
    /// </summary>
    public bool IsAbout(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature, VerifyingKey key, byte[]? certificate)
    {
        if (!PayloadHash.Equals(Convert.ToHexStringLower(SHA256.HashData(payload)), StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach ((byte[] recorded, byte[] signer) in Signatures)
        {
            if (signature.SequenceEqual(recorded)
                && PemBlocks.TryFirst(signer) is { } der
                && (certificate is null ? IsKey(der, key) : der.AsSpan().SequenceEqual(certificate)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsKey(byte[] der, VerifyingKey key)
    {
        if (key.Is(der))
        {
            return true;
        }

        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            return key.Is(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static RekorRecord? Of(JsonElement hash, IEnumerable<(byte[]? Signature, byte[]? Signer)> signatures) =>
        hash.Member("algorithm").Text() == "sha256" && hash.Member("value").Text() is { } value
            ? new RekorRecord(
                value,
                [.. signatures.Take(MaxSignatures).Where(one => one is { Signature: not null, Signer: not null }).Select(one => (one.Signature!, one.Signer!))])
            : null;

    private static byte[]? KeyOf(JsonElement spec) => spec.Member("signature").Member("publicKey").Member("content").Base64();

    private static byte[]? Twice(JsonElement text) => text.Base64() is { } once ? SignatureJson.TryBase64(Encoding.UTF8.GetString(once)) : null;
}
