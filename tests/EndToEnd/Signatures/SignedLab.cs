using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>The app beside a real registry, into which images are pushed and signed as cosign does it.</summary>
internal sealed class SignedLab : IAsyncDisposable
{
    private const string SimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";

    private readonly HttpClient _push;

    private SignedLab(ScanApp app, DockerRegistry registry)
    {
        App = app;
        Registry = registry;
        _push = new HttpClient { BaseAddress = new Uri($"http://{registry.Host}") };
    }

    public ScanApp App { get; }

    public DockerRegistry Registry { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SignedLab> StartAsync(SharedAzurite azurite, params IEnumerable<(string Name, string Value)> settings)
    {
        DockerRegistry registry = await DockerRegistry.StartAsync(Token);
        return new SignedLab(await ScanApp.StartAsync(azurite, settings), registry);
    }

    /// <summary>Adds an integration and returns its id.</summary>
    public async Task<string> TrustAsync(object integration)
    {
        ApiAnswer answer = await SendAsync("POST", "/v1/signatureintegrations", integration);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Id;
    }

    /// <summary>Trusts a key under a name.</summary>
    public Task<string> TrustAsync(string name, OpenSslKey key) =>
        TrustAsync(new { name, cosign = new { publicKeys = new[] { new { name, publicKeyPemEnc = key.PublicPem } } } });

    public async Task<ApiAnswer> SendAsync(string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };
        return await App.SendAsync(request);
    }

    /// <summary>Pushes an image that no other test has, and returns its name without a tag.</summary>
    public async Task<PushedImage> PushAsync(string repository)
    {
        MadeImage image = TestImages.OfNpm($"{repository.Replace('/', '-')}@1.0.0");
        await PushAsync(repository, "1", image);
        return new PushedImage(Registry.Host, repository, image.Manifest.Digest);
    }

    public async Task PushAsync(string repository, string tag, MadeImage image)
    {
        foreach (MadeBlob blob in image.Layers.Append(image.Config))
        {
            await PushBlobAsync(repository, blob.Bytes.ToArray());
        }

        await PushManifestAsync(repository, tag, image.Manifest);
    }

    /// <summary>Puts signatures beside an image, under cosign's tag (https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md).</summary>
    public async Task SignAsync(PushedImage image, params IReadOnlyList<MadeSignature> signatures)
    {
        byte[] config = "{}"u8.ToArray();
        var layers = new List<object>();
        foreach (MadeSignature signature in signatures)
        {
            var annotations = new Dictionary<string, string> { ["dev.cosignproject.cosign/signature"] = signature.Text };
            if (signature.CertificatePem is not null)
            {
                annotations["dev.sigstore.cosign/certificate"] = signature.CertificatePem;
            }

            Digest digest = await PushBlobAsync(image.Repository, signature.Payload);
            layers.Add(new { mediaType = SimpleSigning, digest = $"{digest}", size = signature.Payload.Length, annotations });
        }

        const string ManifestType = MediaTypes.OciManifest;
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = $"{await PushBlobAsync(image.Repository, config)}", size = config.Length },
            layers,
        });
        await PushManifestAsync(image.Repository, $"sha256-{image.Digest.Hex}.sig", new MadeBlob(ManifestType, manifest));
    }

    public async Task PushManifestAsync(string repository, string tag, MadeBlob manifest)
    {
        using var content = new ByteArrayContent(manifest.Bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(manifest.MediaType);
        using HttpResponseMessage answer = await _push.PutAsync($"/v2/{repository}/manifests/{tag}", content, Token);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Token));
    }

    public async ValueTask DisposeAsync()
    {
        _push.Dispose();
        await App.DisposeAsync();
        await Registry.DisposeAsync();
    }

    private async Task<Digest> PushBlobAsync(string repository, byte[] bytes)
    {
        var digest = Digest.OfBytes(bytes);
        using HttpResponseMessage begun = await _push.PostAsync($"/v2/{repository}/blobs/uploads/", null, Token);
        string place = begun.Headers.Location!.ToString();
        using HttpResponseMessage done = await _push.PutAsync(
            $"{place}{(place.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={digest}", new ByteArrayContent(bytes), Token);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
        return digest;
    }
}

/// <summary>An image in a registry.</summary>
internal sealed record PushedImage(string Host, string Repository, Digest Digest)
{
    public string Name => $"{Host}/{Repository}:1";

    /// <summary>What cosign signs of it.</summary>
    public byte[] Payload => PayloadFor(Digest);

    /// <summary>What it would sign of another image in the same repository.</summary>
    public byte[] PayloadFor(Digest digest) => Encoding.UTF8.GetBytes(
        $$$"""{"critical":{"identity":{"docker-reference":"{{{Host}}}/{{{Repository}}}"},"image":{"docker-manifest-digest":"{{{digest}}}"},"type":"cosign container image signature"},"optional":null}""");

    public MadeSignature SignedBy(OpenSslKey key) => MadeSignature.Of(key, Payload);
}

/// <summary>A signature that is to be put beside an image.</summary>
/// <param name="Payload">What is signed.</param>
/// <param name="Text">The signature, as base64 unless it is broken.</param>
internal sealed record MadeSignature(byte[] Payload, string Text)
{
    public string? CertificatePem { get; init; }

    public static MadeSignature Of(OpenSslKey key, byte[] payload) => new(payload, Convert.ToBase64String(key.Sign(payload)));
}
