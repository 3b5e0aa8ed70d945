using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>The authorities of keyless signatures, out of the settings or those of the public Sigstore instance.</summary>
internal static class FulcioAuthorities
{
    /// <summary>The roots, which are those that signed themselves, and what is below them. Throws <see cref="SettingException"/>.</summary>
    public static CertificateAuthorities Of(SignatureSettings settings)
    {
        string pem = settings.FulcioRoots.Length == 0 ? PublicSigstore.FulcioPem() : TextOf(settings.FulcioRoots);
        IReadOnlyList<byte[]> certificates = PemBlocks.TryCertificates(pem, 100)
            ?? throw new SettingException("Signatures__FulcioRoots holds no certificates; it must be PEM, or the path of a PEM file.");
        ILookup<bool, byte[]> bySelfSigned = certificates.ToLookup(IsSelfSigned);
        return bySelfSigned.Contains(true)
            ? new CertificateAuthorities([.. bySelfSigned[true]], [.. bySelfSigned[false]])
            : throw new SettingException("Signatures__FulcioRoots holds no root: a certificate that signed itself.");
    }

    /// <summary>The SHA-256 of the authorities' PEM, in hexadecimal.</summary>
    public static string HashOf(CertificateAuthorities authorities) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.ASCII.GetBytes(PemBlocks.OfCertificates([.. authorities.Anchors, .. authorities.Between]))));

    private static string TextOf(string setting)
    {
        if (setting.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            // Settings of App Service are of one line.
            return setting.Replace("\\n", "\n", StringComparison.Ordinal);
        }

        try
        {
            return File.ReadAllText(setting, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SettingException($"Signatures__FulcioRoots is '{setting}', which cannot be read: {e.Message}");
        }
    }

    private static bool IsSelfSigned(byte[] der)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        return certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
    }
}
