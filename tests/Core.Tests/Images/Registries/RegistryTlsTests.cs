using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>What settings say of a registry's certificates and ours, with real handshakes.</summary>
public sealed class RegistryTlsTests : IDisposable
{
    private const string Host = "registry.test";
    private const string Elsewhere = "elsewhere.test";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority = TlsServer.MakeAuthority("our own");
    private readonly X509Certificate2 _stranger = TlsServer.MakeAuthority("nobody's");
    private readonly X509Certificate2 _client;

    public RegistryTlsTests()
    {
        _client = TlsServer.Make(_authority, "scanner", ClientAuthentication);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RegistrySettings Listed => new() { CertificateAuthority = _authority.ExportCertificatePem() };

    private RegistrySettings WithClient => Listed with { ClientCertificate = _client.ExportCertificatePem(), ClientKey = KeyOf(_client) };

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        _client.Dispose();
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\\n")]
    public async Task BelievesTheAuthorityOfTheSettings(string lineEnd)
    {
        using X509Certificate2 certificate = TlsServer.Make(_authority, Host);
        using var server = new TlsServer(certificate);
        string pem = _authority.ExportCertificatePem().Replace("\n", lineEnd, StringComparison.Ordinal);

        await AskAsync(server.Port, Listed with { CertificateAuthority = pem });

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("none", Host)]
    [InlineData("a stranger", Host)]
    [InlineData("our own", Elsewhere)]
    public async Task BelievesNobodyElseAndSaysWhichSettingHelps(string authority, string name)
    {
        using X509Certificate2 certificate = TlsServer.Make(_authority, name);
        using var server = new TlsServer(certificate);
        RegistrySettings settings = authority switch
        {
            "our own" => Listed,
            "a stranger" => new RegistrySettings { CertificateAuthority = _stranger.ExportCertificatePem() },
            _ => new RegistrySettings(),
        };

        var refused = await Assert.ThrowsAsync<RegistryException>(() => AskAsync(server.Port, settings));

        Assert.Contains("Registries__0__CertificateAuthority", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task BelievesAnythingOfTheRegistryItselfIfToldTo()
    {
        using X509Certificate2 certificate = TlsServer.Make(_stranger, Elsewhere);
        using var elsewhere = new TlsServer(certificate);
        using var server = new TlsServer(certificate, Redirecting(elsewhere.Port));

        var refused = await Assert.ThrowsAsync<RegistryException>(
            () => AskAsync(server.Port, new RegistrySettings { SkipTlsVerification = true }, elsewhere.Port));

        Assert.Contains("no secure connection", refused.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task ShowsItsCertificateToTheRegistryThatDemandsOne()
    {
        using X509Certificate2 certificate = TlsServer.Make(_authority, Host);
        using var server = new TlsServer(certificate, clients: ClientCertificates.Demanded);

        await Assert.ThrowsAsync<RegistryException>(() => AskAsync(server.Port, Listed));
        await AskAsync(server.Port, WithClient);

        Assert.Equal([_client.Thumbprint], server.Shown);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("redirect")]
    [InlineData("realm")]
    public async Task ShowsItToNobodyElse(string how)
    {
        using X509Certificate2 other = TlsServer.Make(_authority, Elsewhere);
        using var elsewhere = new TlsServer(other, Answer("200 OK", "", "{\"token\":\"t\"}"), clients: ClientCertificates.Asked);
        using X509Certificate2 certificate = TlsServer.Make(_authority, Host);
        string answer = how == "redirect"
            ? Redirecting(elsewhere.Port)
            : Answer("401 Unauthorized", $"WWW-Authenticate: Bearer realm=\"https://{Elsewhere}:{elsewhere.Port}/token\"\r\n");
        using var server = new TlsServer(certificate, answer, clients: ClientCertificates.Asked);

        await Record.ExceptionAsync(() => AskAsync(server.Port, WithClient, elsewhere.Port));

        Assert.All(server.Shown, shown => Assert.Equal(_client.Thumbprint, shown));
        Assert.NotEmpty(server.Shown);
        Assert.Equal([null], elsewhere.Shown);
    }

    // Who manages integrations could have a server of his own asked as that registry.
    [Fact]
    public async Task ShowsItToNobodyForAnAccountThatSaysWhoIsBelieved()
    {
        using X509Certificate2 certificate = TlsServer.Make(_stranger, Host);
        using var server = new TlsServer(certificate, clients: ClientCertificates.Asked);
        using RegistryClient client = Client([WithClient with { Host = $"{Host}:{server.Port}" }]);

        await client.TestAsync(
            new RegistryAccount("id", "name", $"{Host}:{server.Port}") { Trust = new RegistryTrust(false, _stranger.ExportCertificatePem()) }, "v2/", Token);

        Assert.Equal([null], server.Shown);
    }

    // Else the certificate would open a registry that goes by it alone to any login at all.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ShowsItToNobodyForALoginThatIsLentOrTested(bool isTest)
    {
        using X509Certificate2 certificate = TlsServer.Make(_authority, Host);
        using var server = new TlsServer(certificate, clients: ClientCertificates.Asked);
        string host = $"{Host}:{server.Port}";
        using RegistryClient client = Client([WithClient with { Host = host }]);
        RegistryAccount account = new("id", "name", host) { Credential = new RegistryCredential("ann", "any") };
        Assert.True(ImageReference.TryParse($"{host}/n:1", out ImageReference? reference, out _));

        await Record.ExceptionAsync(() => isTest
            ? client.TestAsync(account, "v2/", Token)
            : client.Open(reference, account with { OnlyAtHome = new Uri($"https://{host}") }).ResolveAsync(Token));

        Assert.NotEmpty(server.Shown);
        Assert.All(server.Shown, Assert.Null);
    }

    [Fact]
    public void FindsWhatCannotBeUsedAtTheStartAndTellsNothingOfKeys()
    {
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string certificate = _client.ExportCertificatePem();
        string key = KeyOf(_client);
        using ECDsa own = _client.GetECDsaPrivateKey()!;
        string locked = own.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1));
        (RegistrySettings Settings, string Setting)[] wrong =
        [
            (new() { CertificateAuthority = "x" }, "Registries__1__CertificateAuthority cannot be used: "),
            (new() { CertificateAuthority = _authority.ExportCertificatePem() + key }, "Registries__1__CertificateAuthority cannot be used: "),
            (new() { ClientCertificate = certificate }, "Registries__1__ClientCertificate with Registries__1__ClientKey cannot be used: "),
            (new() { ClientKey = key }, "Registries__1__ClientCertificate with Registries__1__ClientKey cannot be used: "),
            (new() { ClientCertificate = certificate, ClientKey = another.ExportPkcs8PrivateKeyPem() }, "Registries__1__ClientCertificate with "),
            (new() { ClientCertificate = certificate, ClientKey = locked }, "Registries__1__ClientCertificate with "),
            (new() { ClientCertificate = certificate, ClientKey = new string(' ', 40_000) }, "Registries__1__ClientCertificate with "),
            (new() { Mirrors = "https://mirror.example.com" }, "Registries__1__Mirrors holds \"https://mirror.example.com\""),
            (new() { Mirrors = string.Join(',', Enumerable.Range(0, 11).Select(i => $"m{i}.example.com")) }, "Registries__1__Mirrors holds 11 mirrors"),
        ];

        foreach ((RegistrySettings settings, string expected) in wrong)
        {
            var refused = Assert.Throws<FormatException>(
                () => Client([new RegistrySettings { Host = "x.io" }, settings with { Host = Host }]));
            Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(key.Split('\n')[1], refused.ToString(), StringComparison.Ordinal);
        }

        Client([WithClient with { Host = Host, Mirrors = " m.example.com:5000/cache , docker.io/x," }]).Dispose();
    }

    [Fact]
    public void TellsNothingOfTheKeyInItsText()
    {
        var trust = new RegistryTrust(false, "") { Client = ClientCertificate.Read(_client.ExportCertificatePem(), KeyOf(_client)) };

        Assert.DoesNotContain("PRIVATE", $"{trust} {WithClient}", StringComparison.Ordinal);
        Assert.NotEqual(RegistryTrust.System, trust);
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Answer(string status, string headers, string body = "") =>
        $"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    private static string Redirecting(int port) => Answer("307 Temporary Redirect", $"Location: https://{Elsewhere}:{port}/x\r\n");

    private static RegistryClient Client(IReadOnlyList<RegistrySettings> registries)
    {
        var settings = new RegistryClientSettings { Retries = 0, Resumptions = 0 };
        return new RegistryClient(
            registries,
            settings,
            TimeProvider.System,
            credentials: null,
            RegistryClient.Guarded(settings, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));
    }

    /// <summary>Asks for an empty blob of the registry; another host may be connected to, of which the settings say nothing.</summary>
    private static async Task AskAsync(int port, RegistrySettings settings, int elsewhere = 1)
    {
        using RegistryClient client = Client([settings with { Host = $"{Host}:{port}" }, new RegistrySettings { Host = $"{Elsewhere}:{elsewhere}" }]);
        Assert.True(ImageReference.TryParse($"{Host}:{port}/n", out ImageReference? name, out _));
        await using Stream blob = await client.Open(name).OpenBlobAsync(FakeRegistry.DescriptorOf([]), Token);
    }
}
