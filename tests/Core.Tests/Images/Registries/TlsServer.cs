using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>A server on 127.0.0.1 that shows a certificate and answers each request with the same, then closes.</summary>
internal sealed class TlsServer : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly SslStreamCertificateContext _certificate;
    private readonly string _answer;
    private readonly ClientCertificates _clients;
    private readonly ConcurrentQueue<string?> _shown = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="certificate">What it shows.</param>
    /// <param name="answer">What it answers.</param>
    /// <param name="sent">What it shows beside its certificate; null for nothing.</param>
    /// <param name="clients">Whether it asks clients for theirs.</param>
    public TlsServer(
        X509Certificate2 certificate,
        string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        X509Certificate2Collection? sent = null,
        ClientCertificates clients = ClientCertificates.NotAsked)
    {
        _clients = clients;
        _certificate = SslStreamCertificateContext.Create(certificate, sent, offline: true);
        _answer = answer;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The heads of the requests that got through.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The thumbprints of the certificates that clients have shown; null for each that showed none.</summary>
    public IReadOnlyCollection<string?> Shown => _shown;

    /// <summary>An authority, with its key.</summary>
    public static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    /// <summary>An authority below another, with its key, or what would be one.</summary>
    public static X509Certificate2 MakeAuthority(string name, X509Certificate2 issuer, bool isAuthority = true, bool isExpired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return Signed(request, key, issuer, DateTimeOffset.UtcNow.AddHours(isExpired ? -1 : 24));
    }

    /// <summary>A server's certificate, with its key, signed by an authority.</summary>
    public static X509Certificate2 Make(X509Certificate2 authority, string host, string use = ServerAuthentication)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        return Signed(request, key, authority, DateTimeOffset.UtcNow.AddDays(1));
    }

    // Asks nothing of the authority, as one that is none would not either.
    private static X509Certificate2 Signed(CertificateRequest request, ECDsa key, X509Certificate2 authority, DateTimeOffset until)
    {
        using ECDsa signer = authority.GetECDsaPrivateKey()!;
        using X509Certificate2 signed = request.Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), DateTimeOffset.UtcNow.AddDays(-1), until, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = _certificate,
                    ClientCertificateRequired = _clients != ClientCertificates.NotAsked,
                    RemoteCertificateValidationCallback = (_, shown, _, _) => _clients != ClientCertificates.Demanded || shown is not null,
                });
                _shown.Enqueue((stream.RemoteCertificate as X509Certificate2)?.Thumbprint);
                byte[] buffer = new byte[8 * 1024];
                int read = await stream.ReadAsync(buffer);
                if (read > 0)
                {
                    _requests.Enqueue(Encoding.ASCII.GetString(buffer, 0, read));
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(_answer));
                }
            }
            catch (Exception refused) when (refused is IOException or AuthenticationException)
            {
                // The client does not believe the certificate.
            }
        }
    }
}

/// <summary>What a server wants to see of its clients.</summary>
internal enum ClientCertificates
{
    NotAsked,

    /// <summary>One if there is one.</summary>
    Asked,

    /// <summary>One, whosever.</summary>
    Demanded,
}
