using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ImageScan.EndToEnd.Integrations;

/// <summary>Certificates made for a test.</summary>
internal static class Certificates
{
    /// <summary>A certificate of nobody, in PEM as a JSON string.</summary>
    public static string AnyAsJson()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return JsonSerializer.Serialize(certificate.ExportCertificatePem());
    }
}
