using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Whose certificates are believed, with real handshakes.</summary>
public sealed class RegistryTrustTests : IDisposable
{
    private const string Host = "registry.test";
    private const string Elsewhere = "elsewhere.test";

    private readonly X509Certificate2 _authority = TlsServer.MakeAuthority("our own");
    private readonly X509Certificate2 _stranger = TlsServer.MakeAuthority("nobody's");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task BelievesTheAuthoritiesOfTheAccountBesideThoseOfTheSystem()
    {
        using X509Certificate2 certificate = TlsServer.Make(_authority, Host);
        using var server = new TlsServer(certificate);
        using RegistryClient client = Client(server.Port);

        await TestAsync(client, server.Port, new RegistryTrust(false, _stranger.ExportCertificatePem() + "\n" + _authority.ExportCertificatePem()));

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("the system's alone", Host)]
    [InlineData("a stranger", Host)]
    [InlineData("our own", Elsewhere)]
    public async Task BelievesNobodyElse(string authority, string name)
    {
        using X509Certificate2 certificate = TlsServer.Make(_authority, name);
        using var server = new TlsServer(certificate);
        using RegistryClient client = Client(server.Port);
        RegistryTrust trust = authority switch
        {
            "our own" => new RegistryTrust(false, _authority.ExportCertificatePem()),
            "a stranger" => new RegistryTrust(false, _stranger.ExportCertificatePem()),
            _ => RegistryTrust.System,
        };

        var refused = await Assert.ThrowsAsync<RegistryException>(() => TestAsync(client, server.Port, trust));

        Assert.Contains("no secure connection", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    // Go and Docker take a certificate of the list as an end, whatever is above it; the server may send what that is.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BelievesAnAuthorityThatIsNoRoot(bool sendsTheRest)
    {
        using X509Certificate2 middle = TlsServer.MakeAuthority("middle", _authority);
        using X509Certificate2 issuing = TlsServer.MakeAuthority("issuing", middle);
        using X509Certificate2 certificate = TlsServer.Make(issuing, Host);
        using var server = new TlsServer(certificate, sent: sendsTheRest ? [issuing, middle, _authority] : null);
        using RegistryClient client = Client(server.Port);

        await TestAsync(client, server.Port, new RegistryTrust(false, issuing.ExportCertificatePem()));

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("another of its name")]
    [InlineData("expired")]
    [InlineData("no authority")]
    [InlineData("for another use")]
    public async Task BelievesNoAuthorityThatIsNoRootWithAnyOtherFault(string fault)
    {
        using X509Certificate2 issuing = TlsServer.MakeAuthority("issuing", _authority, isAuthority: fault != "no authority", isExpired: fault == "expired");
        using X509Certificate2 namesake = TlsServer.MakeAuthority("issuing", _authority);
        using X509Certificate2 certificate = TlsServer.Make(
            fault == "another of its name" ? namesake : issuing, Host, fault == "for another use" ? "1.3.6.1.5.5.7.3.4" : "1.3.6.1.5.5.7.3.1");
        using var server = new TlsServer(certificate);
        using RegistryClient client = Client(server.Port);

        await Assert.ThrowsAsync<RegistryException>(() => TestAsync(client, server.Port, new RegistryTrust(false, issuing.ExportCertificatePem())));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task OpensNoConnectionOfALooserTrustToAStricterOne()
    {
        using X509Certificate2 certificate = TlsServer.Make(_stranger, Host);
        using var server = new TlsServer(certificate);
        using RegistryClient client = Client(server.Port);

        await TestAsync(client, server.Port, new RegistryTrust(SkipsVerification: true, ""));

        await Assert.ThrowsAsync<RegistryException>(() => TestAsync(client, server.Port, RegistryTrust.System));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task BelievesAnythingOnlyOfTheRegistryItself()
    {
        using X509Certificate2 certificate = TlsServer.Make(_stranger, Elsewhere);
        using var elsewhere = new TlsServer(certificate);
        using X509Certificate2 own = TlsServer.Make(_stranger, Host);
        using var server = new TlsServer(
            own, $"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://{Elsewhere}:{elsewhere.Port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using RegistryClient client = Client(server.Port, elsewhere.Port);

        var refused = await Assert.ThrowsAsync<RegistryException>(() => TestAsync(client, server.Port, new RegistryTrust(SkipsVerification: true, "")));

        Assert.Contains("no secure connection", refused.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public void ReadsNothingButAFewCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string certificate = _authority.ExportCertificatePem();

        Assert.Single(RegistryTrust.ReadAuthorities(certificate));
        Assert.All(
            [
                "", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", certificate + key.ExportPkcs8PrivateKeyPem(),
                string.Concat(Enumerable.Repeat(certificate + "\n", 11)), new string(' ', 33 * 1024),
            ],
            pem => Assert.Throws<FormatException>(() => RegistryTrust.ReadAuthorities(pem)));
    }

    [Fact]
    public void KeepsABoundedNumberOfConnectionsApart()
    {
        using var doors = new RegistryDoors(_ => new SocketsHttpHandler());
        for (int i = 0; i < 1_000; i++)
        {
            doors.For((AddressRule)(i % 3), new RegistryTrust(false, _authority.ExportCertificatePem() + new string('\n', i)));
        }

        Assert.InRange(doors.Others, 1, 200);
    }

    private static RegistryClient Client(params IEnumerable<int> ports)
    {
        var settings = new RegistryClientSettings { Retries = 0 };
        IEnumerable<string> hosts = ports.SelectMany(port => new[] { $"{Host}:{port}", $"{Elsewhere}:{port}" });
        return new RegistryClient(
            [.. hosts.Select(host => new RegistrySettings { Host = host })],
            settings,
            TimeProvider.System,
            credentials: null,
            RegistryClient.Guarded(settings, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));
    }

    private static Task TestAsync(RegistryClient client, int port, RegistryTrust trust) =>
        client.TestAsync(new RegistryAccount("id", "name", $"{Host}:{port}") { Trust = trust }, "v2/", Token);
}
