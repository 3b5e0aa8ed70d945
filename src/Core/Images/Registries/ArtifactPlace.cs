using System.Text.Json;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// One way to what lies beside the images of a repository. What is not there is null; all other failures are a
/// <see cref="RegistryException"/>, as everywhere.
/// </summary>
internal sealed class ArtifactPlace
{
    private readonly string _repository;
    private readonly RegistryConnection _connection;
    private readonly RegistryImageSource _source;
    private readonly ImageLimits _limits;

    public ArtifactPlace(string repository, RegistryConnection connection, RegistryImageSource source, ImageLimits limits, string? problem)
    {
        _repository = repository;
        _connection = connection;
        _source = source;
        _limits = limits;
        Problem = problem;
    }

    /// <summary>Why this way cannot be taken; null if it can.</summary>
    public string? Problem { get; }

    /// <summary>The artifact under a tag; null if there is none, or none that can hold contents (an index, schema 1).</summary>
    public Task<RegistryArtifact?> FindAsync(string tag, CancellationToken cancellationToken) => FindAsync(tag, null, cancellationToken);

    /// <summary>The artifact with that digest, verified; null if there is none.</summary>
    public Task<RegistryArtifact?> FindAsync(Descriptor manifest, CancellationToken cancellationToken) =>
        FindAsync(manifest.Digest.ToString(), manifest, cancellationToken);

    /// <summary>
    /// What refers to an image: by the referrers API, or where a registry has none, under the tag that clients keep instead
    /// (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers, "Referrers Tag Schema"). Of an answer in
    /// pages the first is read.
    /// </summary>
    public async Task<ArtifactReferrers> ReferrersAsync(Digest subject, CancellationToken cancellationToken)
    {
        try
        {
            var request = new RegistryRequest(
                "failed to get the referrers", HttpMethod.Get, $"v2/{_repository}/referrers/{subject}", [MediaTypes.OciIndex]);
            (string mediaType, byte[] bytes) = await _connection.ReadAsync(request, _limits.ManifestBytes + 1, cancellationToken);
            if (mediaType == MediaTypes.OciIndex)
            {
                return ReferrersIn(bytes, subject);
            }
        }
        catch (RegistryException e) when (e.StatusCode is 400 or 404 or 405 or 406)
        {
            // The codes of registries that have no such API, as go-containerregistry knows them
            // (https://github.com/google/go-containerregistry/blob/main/pkg/v1/remote/referrers.go).
        }

        // The tag is cut to what a tag may be: algorithm up to 32 characters, hash up to 64.
        string tag = $"{subject.Algorithm}-{subject.Hex[..Math.Min(64, subject.Hex.Length)]}";
        return await OrNullAsync(() => _source.GetManifestAsync(tag, null, null, cancellationToken)) is (_, { } index)
            ? ReferrersIn(index, subject)
            : new ArtifactReferrers([], 0);
    }

    /// <summary>A blob's bytes, verified; null if there is none. Throws <see cref="RegistryException"/> for more than <paramref name="maxBytes"/>.</summary>
    public async Task<byte[]?> ReadBlobAsync(Descriptor blob, int maxBytes, string limit, CancellationToken cancellationToken)
    {
        VerifiedStream.RefuseOversize(blob, maxBytes, limit);
        try
        {
            return await _source.ReadBlobAsync(blob, "failed to get a blob", cancellationToken);
        }
        catch (RegistryException e) when (e.Failure == RegistryFailure.NotFound)
        {
            return null;
        }
    }

    private static async Task<(Descriptor? Descriptor, byte[]? Bytes)> OrNullAsync(Func<Task<(Descriptor Descriptor, byte[] Bytes)>> readAsync)
    {
        try
        {
            return await readAsync();
        }
        catch (RegistryException e) when (e.Failure == RegistryFailure.NotFound)
        {
            return (null, null);
        }
    }

    private async Task<RegistryArtifact?> FindAsync(string name, Descriptor? expected, CancellationToken cancellationToken)
    {
        (Descriptor? manifest, byte[]? bytes) =
            await OrNullAsync(() => _source.GetManifestAsync(name, expected?.Digest, expected?.Size, cancellationToken));
        if (manifest is null || bytes is null)
        {
            return null;
        }

        using JsonDocument document = Parse(bytes, manifest.Digest);
        JsonElement root = document.RootElement;
        string type = root.Member("artifactType").Text() is { Length: > 0 } artifactType
            ? artifactType
            : root.Member("config").Member("mediaType").Text() ?? "";
        return root.Member("layers").ValueKind == JsonValueKind.Array
            ? new RegistryArtifact(manifest, type, [.. root.Member("layers").Items().Take(_limits.LayersPerImage).Select(LayerOf).OfType<ArtifactLayer>()])
            : null;
    }

    private ArtifactReferrers ReferrersIn(byte[] bytes, Digest subject)
    {
        if (bytes.Length > _limits.ManifestBytes)
        {
            throw new RegistryException($"The referrers of {subject} have more than {_limits.ManifestBytes} bytes (ManifestBytes).");
        }

        using JsonDocument document = Parse(bytes, subject);
        JsonElement manifests = document.RootElement.Member("manifests");
        ArtifactReferrer[] referrers = [.. manifests.Items().Take(_limits.IndexEntries).Select(ReferrerOf).OfType<ArtifactReferrer>()];
        int all = manifests.ValueKind == JsonValueKind.Array ? manifests.GetArrayLength() : 0;
        return new ArtifactReferrers(referrers, all - referrers.Length);
    }

    private JsonDocument Parse(byte[] bytes, Digest digest)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = _limits.JsonDepth });
        }
        catch (JsonException e)
        {
            throw new RegistryException($"What was read for {digest} is no JSON: {HostileText.Plain(e.Message)}", e) { Failure = RegistryFailure.Corrupt };
        }
    }

    private static ArtifactReferrer? ReferrerOf(JsonElement entry) =>
        DescriptorOf(entry) is { } manifest ? new ArtifactReferrer(manifest, entry.Member("artifactType").Text() ?? "") : null;

    private static ArtifactLayer? LayerOf(JsonElement layer)
    {
        if (DescriptorOf(layer) is not { } blob)
        {
            return null;
        }

        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty member in layer.Member("annotations").Members())
        {
            if (member.NameText() is { } name && member.Value.Text() is { } value)
            {
                annotations[name] = value;
            }
        }

        return new ArtifactLayer(blob, annotations);
    }

    private static Descriptor? DescriptorOf(JsonElement element) =>
        Digest.TryParse(element.Member("digest").Text(), out Digest? digest) && element.Member("size").Whole() is >= 0 and var size
            ? new Descriptor(element.Member("mediaType").Text() ?? "", digest, size)
            : null;
}
