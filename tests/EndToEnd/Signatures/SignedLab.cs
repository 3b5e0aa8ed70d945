using System.Net;
using System.Net.Http.Json;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>The app beside a real registry, into which images are pushed and signed as cosign does it.</summary>
internal sealed class SignedLab : IAsyncDisposable
{
    private SignedLab(ScanApp app, DockerRegistry registry)
    {
        App = app;
        Registry = registry;
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
        using var images = new SignedImages(Registry.Host, repository);
        foreach (MadeBlob blob in image.Layers.Append(image.Config))
        {
            await images.PutBlobAsync(blob.Bytes.ToArray(), blob.MediaType, null, Token);
        }

        await images.PutManifestAsync(tag, image.Manifest.Bytes.ToArray(), image.Manifest.MediaType, Token);
    }

    /// <summary>Puts signatures beside an image, under cosign's tag (https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md).</summary>
    public async Task SignAsync(PushedImage image, params Signature[] signatures)
    {
        using var images = new SignedImages(Registry.Host, image.Repository);
        await images.AttachAsync(image.Digest, Token, signatures);
    }

    public async Task PushManifestAsync(string repository, string tag, MadeBlob manifest)
    {
        using var images = new SignedImages(Registry.Host, repository);
        await images.PutManifestAsync(tag, manifest.Bytes.ToArray(), manifest.MediaType, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Registry.DisposeAsync();
    }
}

/// <summary>An image in a registry.</summary>
internal sealed record PushedImage(string Host, string Repository, Digest Digest)
{
    public string Name => $"{Host}/{Repository}:1";

    /// <summary>What cosign signs of it.</summary>
    public byte[] Payload => PayloadFor(Digest);

    /// <summary>What it would sign of another image in the same repository.</summary>
    public byte[] PayloadFor(Digest digest) => SignedImages.PayloadOf($"{Host}/{Repository}", digest);

    public Signature SignedBy(OpenSslKey key) => key.SignatureOf(Payload);
}
