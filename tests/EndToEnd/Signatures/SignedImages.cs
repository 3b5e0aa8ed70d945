using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>Puts images and what lies beside them into a registry, by its API.</summary>
internal sealed class SignedImages(string host, string repository) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://{host}/") };

    /// <summary>Registry and repository, as a signer writes them.</summary>
    public string Repository => $"{host}/{repository}";

    public void Dispose() => _client.Dispose();

    /// <summary>An image without layers, under the tag; its digest.</summary>
    public Task<Digest> PushImageAsync(string tag, CancellationToken cancellationToken) =>
        PushAsync(tag, new { created = tag }, MediaTypes.OciConfig, [], cancellationToken);

    /// <summary>Cosign's document for an image.</summary>
    public byte[] Payload(Digest image) => PayloadOf(Repository, image);

    /// <summary>Cosign's document for an image in a repository that is named with its registry.</summary>
    public static byte[] PayloadOf(string repository, Digest image) => Encoding.UTF8.GetBytes(
        $$"""{"critical":{"identity":{"docker-reference":"{{repository}}"},"image":{"docker-manifest-digest":"{{image}}"},"type":"cosign container image signature"},"optional":null}""");

    /// <summary>Puts signatures under cosign's tag.</summary>
    public Task<Digest> AttachAsync(Digest image, CancellationToken cancellationToken, params Signature[] signatures) =>
        PushAsync($"sha256-{image.Hex}.sig", new { }, MediaTypes.OciConfig, signatures, cancellationToken);

    /// <summary>Puts a sigstore bundle beside the image, found by the tag that clients keep where a registry has no referrers API.</summary>
    public async Task ReferAsync(Digest image, string bundle, CancellationToken cancellationToken)
    {
        const string type = "application/vnd.dev.sigstore.bundle.v0.3+json";
        object blob = await PutBlobAsync(Encoding.UTF8.GetBytes(bundle), type, null, cancellationToken);
        object empty = await PutBlobAsync("{}"u8.ToArray(), "application/vnd.oci.empty.v1+json", null, cancellationToken);
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(
            new { schemaVersion = 2, mediaType = MediaTypes.OciManifest, artifactType = type, config = empty, layers = new[] { blob } });
        var digest = Digest.OfBytes(manifest);
        await PutManifestAsync(digest.ToString(), manifest, MediaTypes.OciManifest, cancellationToken);
        var entry = new { mediaType = MediaTypes.OciManifest, digest = digest.ToString(), size = manifest.Length, artifactType = type };
        byte[] index = JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 2, mediaType = MediaTypes.OciIndex, manifests = new[] { entry } });
        await PutManifestAsync($"sha256-{image.Hex}", index, MediaTypes.OciIndex, cancellationToken);
    }

    /// <summary>Puts a blob; its descriptor.</summary>
    public async Task<object> PutBlobAsync(byte[] bytes, string mediaType, Dictionary<string, string>? annotations, CancellationToken cancellationToken)
    {
        var digest = Digest.OfBytes(bytes);
        using HttpResponseMessage begun = await _client.PostAsync($"v2/{repository}/blobs/uploads/", null, cancellationToken);
        string location = begun.EnsureSuccessStatusCode().Headers.Location!.ToString();
        using var content = new ByteArrayContent(bytes);
        using HttpResponseMessage put = await _client.PutAsync($"{location}&digest={digest}", content, cancellationToken);
        put.EnsureSuccessStatusCode();
        return annotations is null
            ? new { mediaType, digest = digest.ToString(), size = bytes.Length }
            : new { mediaType, digest = digest.ToString(), size = bytes.Length, annotations };
    }

    /// <summary>Puts a manifest under a tag or its digest.</summary>
    public async Task PutManifestAsync(string name, byte[] manifest, string mediaType, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using HttpResponseMessage put = await _client.PutAsync($"v2/{repository}/manifests/{name}", content, cancellationToken);
        put.EnsureSuccessStatusCode();
    }

    private async Task<Digest> PushAsync(string tag, object config, string configType, Signature[] signatures, CancellationToken cancellationToken)
    {
        object configuration = await PutBlobAsync(JsonSerializer.SerializeToUtf8Bytes(config), configType, null, cancellationToken);
        var layers = new List<object>();
        foreach (Signature signature in signatures)
        {
            var annotations = new Dictionary<string, string>
            {
                ["dev.cosignproject.cosign/signature"] = signature.Base64,
                ["dev.sigstore.cosign/certificate"] = signature.CertificatePem,
                ["dev.sigstore.cosign/chain"] = signature.ChainPem,
            };
            layers.Add(await PutBlobAsync(
                signature.Payload,
                "application/vnd.dev.cosign.simplesigning.v1+json",
                annotations.Where(annotation => annotation.Value.Length > 0).ToDictionary(),
                cancellationToken));
        }

        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 2, mediaType = MediaTypes.OciManifest, config = configuration, layers });
        await PutManifestAsync(tag, manifest, MediaTypes.OciManifest, cancellationToken);
        return Digest.OfBytes(manifest);
    }
}

/// <summary>A signature as cosign puts it into a layer's annotations.</summary>
internal sealed record Signature(byte[] Payload, string Base64, string CertificatePem = "", string ChainPem = "");
