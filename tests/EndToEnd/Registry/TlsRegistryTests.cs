using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Integrations;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Signatures;

namespace ImageScan.EndToEnd.Registry;

/// <summary>A real registry with a certificate of an authority of one's own, which lets in nobody without one.</summary>
[Collection(StateServers.Name)]
public sealed class TlsRegistryTests(SharedAzurite azurite) : IDisposable
{
    private readonly OpenSsl _openSsl = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-tls-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _openSsl.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task IsReadWithWhatTheSettingsSayAndNotWithLess()
    {
        string rootKey = _openSsl.EcKey();
        string root = _openSsl.Root(rootKey);
        string serverKey = _openSsl.EcKey();
        string server = _openSsl.Certificate(serverKey, root, rootKey, "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
        string clientKey = _openSsl.EcKey();
        string client = _openSsl.Certificate(clientKey, root, rootKey, "extendedKeyUsage=clientAuth\n");
        await using DockerRegistry registry = await DockerRegistry.StartAsync(
            new DockerRegistrySetup { Tls = new DockerRegistryTls(server, serverKey, root) }, Token);
        string image = $"{registry.Host}/team/image:1";
        await PushAsync(image, root, client, clientKey);
        (string Name, string Value)[] settings =
        [
            ("RegistryClient:Retries", "0"),
            ("Registries:0:Host", registry.Host),
            ("Registries:0:CertificateAuthority", await File.ReadAllTextAsync(root, Token)),
        ];
        await using ScanApp without = await ScanApp.StartAsync(azurite, settings);
        await using ScanApp app = await ScanApp.StartAsync(
            azurite,
            [
                .. settings,
                ("Registries:0:ClientCertificate", await File.ReadAllTextAsync(client, Token)),
                ("Registries:0:ClientKey", (await File.ReadAllTextAsync(clientKey, Token)).Replace("\n", "\\n", StringComparison.Ordinal)),
            ]);

        ApiAnswer refused = await without.ScanAsync(image);
        ApiAnswer scanned = await app.ScanAsync(image);

        Assert.Equal(HttpStatusCode.InternalServerError, refused.Status);
        Assert.True(scanned.Status == HttpStatusCode.OK, scanned.Text);
        Assert.Equal(["left-pad 1.3.0"], scanned.Components);
    }

    // As docker, skopeo takes certificates from a folder (https://docs.docker.com/engine/security/certificates/).
    private async Task PushAsync(string image, string root, string client, string clientKey)
    {
        DirectoryInfo layout = _folder.CreateSubdirectory("layout");
        DirectoryInfo certificates = _folder.CreateSubdirectory("certificates");
        MadeLayout.Write(layout, TestImages.OfNpm("left-pad@1.3.0"));
        File.Copy(root, Path.Combine(certificates.FullName, "ca.crt"));
        File.Copy(client, Path.Combine(certificates.FullName, "client.cert"));
        File.Copy(clientKey, Path.Combine(certificates.FullName, "client.key"));
        await Skopeo.CopyAsync($"oci:{layout.FullName}", $"docker://{image}", Token, $"--dest-cert-dir={certificates.FullName}");
    }
}
