using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures;

/// <summary>PEM (https://www.rfc-editor.org/rfc/rfc7468) that anybody may have written.</summary>
internal static class PemBlocks
{
    private const string CertificateLabel = "CERTIFICATE";
    private const string PublicKeyLabel = "PUBLIC KEY";

    /// <summary>
    /// The one public key of a text, as SubjectPublicKeyInfo; null if there is none or anything behind it: what
    /// https://github.com/stackrox/stackrox/blob/4.5.0/pkg/signatures/cosign_sig_verifier.go takes for a key.
    /// </summary>
    public static byte[]? TryPublicKey(string pem) =>
        Read(pem, 2) is [(PublicKeyLabel, var der)] && EndsWithBlock(pem) ? der : null;

    /// <summary>The keys of a text of several.</summary>
    public static IReadOnlyList<byte[]> PublicKeys(string pem, int most) =>
        [.. Read(pem, most).Where(block => block.Label == PublicKeyLabel).Select(block => block.Der)];

    /// <summary>The certificates as DER; null if there is none, something else among them, or more than <paramref name="most"/>.</summary>
    public static IReadOnlyList<byte[]>? TryCertificates(ReadOnlyMemory<byte> pem, int most) => TryCertificates(Encoding.UTF8.GetString(pem.Span), most);

    public static IReadOnlyList<byte[]>? TryCertificates(string pem, int most)
    {
        List<(string Label, byte[] Der)> blocks = Read(pem, most + 1);
        return blocks.Count > 0 && blocks.Count <= most && blocks.All(block => block.Label == CertificateLabel && IsCertificate(block.Der))
            ? [.. blocks.Select(block => block.Der)]
            : null;
    }

    /// <summary>The first block, a certificate or a key as a transparency log holds it; null if there is none.</summary>
    public static byte[]? TryFirst(byte[] bytes) => Read(Encoding.UTF8.GetString(bytes), 1) is [var block] ? block.Der : null;

    public static string OfCertificates(IEnumerable<byte[]> certificates) =>
        string.Concat(certificates.Select(der => PemEncoding.WriteString(CertificateLabel, der) + "\n"));

    private static bool IsCertificate(byte[] der)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool EndsWithBlock(string pem) => pem.TrimEnd().EndsWith($"-----END {PublicKeyLabel}-----", StringComparison.Ordinal);

    private static List<(string Label, byte[] Der)> Read(string text, int most)
    {
        var blocks = new List<(string Label, byte[] Der)>();
        ReadOnlySpan<char> rest = text;
        while (blocks.Count < most && PemEncoding.TryFind(rest, out PemFields fields))
        {
            byte[] der = new byte[fields.DecodedDataLength];
            if (Convert.TryFromBase64Chars(rest[fields.Base64Data], der, out int written))
            {
                blocks.Add((HostileText.Plain(rest[fields.Label].ToString()), der[..written]));
            }

            rest = rest[fields.Location.End..];
        }

        return blocks;
    }
}
