using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// What we show to a registry that asks for a certificate when the connection is made, as Docker does with a registry's <c>client.cert</c> and
/// <c>client.key</c> (https://docs.docker.com/engine/security/certificates/).
/// </summary>
public sealed class ClientCertificate
{
    private readonly SslStreamCertificateContext _context;

    private ClientCertificate(SslStreamCertificateContext context)
    {
        _context = context;
    }

    /// <summary>
    /// Reads a certificate, what may follow it of its authorities, and its key. Throws <see cref="FormatException"/> with a reason that tells nothing
    /// of the key if they cannot be read or do not belong together.
    /// </summary>
    public static ClientCertificate Read(string certificatePem, string keyPem)
    {
        if (certificatePem.Length > RegistryTrust.MaxAuthorityCharacters || keyPem.Length > RegistryTrust.MaxAuthorityCharacters)
        {
            throw new FormatException($"longer than {RegistryTrust.MaxAuthorityCharacters} characters");
        }

        try
        {
            X509Certificate2 own = Portable(X509Certificate2.CreateFromPem(certificatePem, keyPem));
            var all = new X509Certificate2Collection();
            all.ImportFromPem(certificatePem);
            return new ClientCertificate(SslStreamCertificateContext.Create(own, [.. all.Skip(1)], offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException("a certificate and its own key are needed, both in PEM and the key without a password");
        }
    }

    internal void ApplyTo(SocketsHttpHandler handler) => handler.SslOptions.ClientCertificateContext = _context;

    // TLS on Windows takes no key that lives in memory alone (https://github.com/dotnet/runtime/issues/23749).
    private static X509Certificate2 Portable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
