using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>Signed images that together have every field of a signature and bring out every status that a scan can give.</summary>
internal static class ImagesOfEverySignature
{
    private const string BundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    /// <summary>Has a key and certificates trusted, puts the images into the registry, and returns their names.</summary>
    public static async Task<IReadOnlyList<string>> PushAsync(ScanApp app)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var odd = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = RootOf(rootKey);
        await TrustAsync(app, new { name = "key", cosign = new { publicKeys = new[] { new { name = "k", publicKeyPemEnc = key.ExportSubjectPublicKeyInfoPem() } } } });
        await TrustAsync(app, new
        {
            name = "certificates",
            cosignCertificates = new[] { new { certificateChainPemEnc = root.ExportCertificatePem(), certificateIdentity = ".*", certificateOidcIssuer = ".*" } },
        });
        string good = Push(app, "good", payload => Layer(payload, Base64(key, payload), root.ExportCertificatePem(), root.ExportCertificatePem(), "{}"));
        Refer(app, "made/signed-good", TestImages.OfNpm("signed-good@1.0.0").Manifest.Digest);
        return
        [
            good,
            Push(app, "odd", payload => Layer(payload, Base64(odd, payload), CertificateOf(odd, root))),
            Push(app, "corrupted", payload => Layer(payload, "@@@")),
        ];
    }

    private static string Push(ScanApp app, string what, Func<byte[], (MadeBlob Blob, object Layer)> sign)
    {
        string repository = $"made/signed-{what}";
        MadeImage image = TestImages.OfNpm($"signed-{what}@1.0.0");
        string name = app.Registry.Push(repository, "1", image);
        byte[] payload = Encoding.UTF8.GetBytes(
            $$$"""{"critical":{"identity":{"docker-reference":"{{{app.Registry.Host}}}/{{{repository}}}"},"image":{"docker-manifest-digest":"{{{image.Manifest.Digest}}}"},"type":"cosign container image signature"},"optional":null}""");
        (MadeBlob blob, object layer) = sign(payload);
        app.Registry.Push(repository, $"sha256-{image.Manifest.Digest.Hex}.sig", Artifact(blob, layer, MediaTypes.OciConfig));
        return name;
    }

    // A bundle of somebody else's, by the tag that stands for the referrers API where a registry has none.
    private static void Refer(ScanApp app, string repository, Digest image)
    {
        byte[] bundle = JsonSerializer.SerializeToUtf8Bytes(new
        {
            mediaType = BundleType,
            verificationMaterial = new { publicKey = new { hint = "" } },
            dsseEnvelope = new
            {
                payload = Convert.ToBase64String("{}"u8),
                payloadType = "application/vnd.in-toto+json",
                signatures = new[] { new { sig = Convert.ToBase64String("a signature"u8) } },
            },
        });
        var blob = new MadeBlob(BundleType, bundle);
        MadeImage artifact = Artifact(blob, new { mediaType = BundleType, digest = $"{blob.Digest}", size = bundle.Length }, "application/vnd.oci.empty.v1+json");
        app.Registry.Push(repository, "bundle", artifact);
        byte[] index = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = MediaTypes.OciIndex,
            manifests = new[]
            {
                new { mediaType = MediaTypes.OciManifest, digest = $"{artifact.Manifest.Digest}", size = artifact.Manifest.Bytes.Length, artifactType = BundleType },
            },
        });
        app.Registry.Content.AddManifest(repository, $"sha256-{image.Hex}", new MadeBlob(MediaTypes.OciIndex, index));
    }

    private static MadeImage Artifact(MadeBlob blob, object layer, string configType)
    {
        var config = new MadeBlob(configType, "{}"u8.ToArray());
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = MediaTypes.OciManifest,
            config = new { mediaType = configType, digest = $"{config.Digest}", size = config.Bytes.Length },
            layers = new[] { layer },
        });
        return new MadeImage(new MadeBlob(MediaTypes.OciManifest, manifest), config, [blob]);
    }

    private static (MadeBlob Blob, object Layer) Layer(byte[] payload, string signature, string certificate = "", string chain = "", string bundle = "")
    {
        var blob = new MadeBlob("application/vnd.dev.cosign.simplesigning.v1+json", payload);
        var annotations = new Dictionary<string, string>
        {
            ["dev.cosignproject.cosign/signature"] = signature,
            ["dev.sigstore.cosign/certificate"] = certificate,
            ["dev.sigstore.cosign/chain"] = chain,
            ["dev.sigstore.cosign/bundle"] = bundle,
        };
        return (blob, new
        {
            mediaType = blob.MediaType,
            digest = $"{blob.Digest}",
            size = payload.Length,
            annotations = annotations.Where(annotation => annotation.Value.Length > 0).ToDictionary(),
        });
    }

    private static string Base64(ECDsa key, byte[] payload) =>
        Convert.ToBase64String(key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private static X509Certificate2 RootOf(ECDsa key)
    {
        var request = new CertificateRequest("CN=root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
    }

    private static string CertificateOf(ECDsa key, X509Certificate2 root)
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=odd", key, HashAlgorithmName.SHA256)
            .Create(root, Now.AddDays(-1), Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return certificate.ExportCertificatePem();
    }

    private static async Task TrustAsync(ScanApp app, object integration)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/signatureintegrations") { Content = JsonContent.Create(integration) };
        ApiAnswer answer = await app.SendAsync(request);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }
}
