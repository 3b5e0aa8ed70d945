namespace ImageScan.Core.Images.Registries;

/// <summary>One image in a registry (https://github.com/opencontainers/distribution-spec/blob/main/spec.md).</summary>
internal sealed class RegistryImageSource(
    ImageReference reference,
    RegistryConnection connection,
    RegistryClientSettings settings,
    TimeProvider time) : IImageSource
{
    private readonly ImageLimits _limits = settings.Limits;

    public async Task<Descriptor> ResolveAsync(CancellationToken cancellationToken)
    {
        string name = reference.Digest?.ToString() ?? reference.Tag;
        Descriptor? answered;
        try
        {
            var head = new RegistryRequest("failed to get the manifest digest", HttpMethod.Head, ManifestPath(name), MediaTypes.Manifests);
            using HttpResponseMessage response = await connection.SendAsync(head, cancellationToken);
            answered = DescriptorIn(response);
        }
        catch (RegistryException e) when (e.StatusCode is 405 or 501)
        {
            answered = null;
        }

        // Old registries answer HEAD without a digest or not at all: then the bytes themselves say it.
        return answered ?? (await GetManifestAsync(name, reference.Digest, null, cancellationToken)).Descriptor;
    }

    /// <summary>
    /// As <see cref="ResolveAsync"/>, and what it says is read and hashed: size and digest are those of bytes that are to be had here, whatever the headers
    /// of a HEAD say. Throws <see cref="RegistryException"/> if there are none.
    /// </summary>
    internal async Task<Descriptor> ResolveReadAsync(CancellationToken cancellationToken)
    {
        Digest digest = (await ResolveAsync(cancellationToken)).Digest;
        return (await GetManifestAsync(digest.ToString(), digest, null, cancellationToken)).Descriptor;
    }

    public Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken) =>
        IndexWalk.ImageAsync(target, platform, reference.FullName, _limits, next => ReadAsync(next, cancellationToken));

    public async Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken)
    {
        VerifiedStream.RefuseOversize(manifest.Config, _limits.ConfigBytes, nameof(ImageLimits.ConfigBytes));
        byte[] bytes = await ReadBlobAsync(manifest.Config, "failed to get the image configuration", cancellationToken);
        return ImageConfigReader.Decode(bytes, manifest.Config.Digest, _limits);
    }

    /// <summary>A small blob, verified, whose size the caller has found small enough. Throws <see cref="RegistryException"/>.</summary>
    internal async Task<byte[]> ReadBlobAsync(Descriptor blob, string purpose, CancellationToken cancellationToken) =>
        await VerifiedStream.ReadAllAsync(await OpenAsync(blob, 0, purpose, HostUse.Document, cancellationToken), blob, cancellationToken);

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        new VerifiedStream(await OpenLayerAsync(blob, 0, cancellationToken), blob);

    /// <summary>The bytes of a layer from one onwards, unverified. Throws <see cref="RegistryException"/>.</summary>
    internal Task<Stream> OpenLayerAsync(Descriptor blob, long offset, CancellationToken cancellationToken) =>
        OpenAsync(blob, offset, "failed to get a layer", HostUse.Layer, cancellationToken);

    private async Task<Stream> OpenAsync(Descriptor blob, long start, string purpose, HostUse use, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(purpose, HttpMethod.Get, BlobPath(blob.Digest), [], Use: use);
        RegistryRequest From(long offset) => offset == 0 ? request : request with { RangeFrom = offset, Use = HostUse.RestOfLayer };
        var body = new ResumableBody(blob, start, (offset, token) => connection.SendAsync(From(offset), token), connection, settings, time);
        try
        {
            await body.OpenAsync(cancellationToken);
            return body;
        }
        catch
        {
            await body.DisposeAsync();
            throw;
        }
    }

    private async Task<ManifestDocument> ReadAsync(Descriptor target, CancellationToken cancellationToken)
    {
        (Descriptor descriptor, byte[] bytes) = await GetManifestAsync(target.Digest.ToString(), target.Digest, target.Size, cancellationToken);
        return ManifestDocument.Decode(bytes, descriptor.Digest, descriptor.MediaType, _limits);
    }

    /// <summary>The manifest's bytes, hashed and, where we know what they should be, checked.</summary>
    internal async Task<(Descriptor Descriptor, byte[] Bytes)> GetManifestAsync(string name, Digest? expected, long? size, CancellationToken cancellationToken)
    {
        if (size > _limits.ManifestBytes)
        {
            throw TooLong(name);
        }

        var get = new RegistryRequest("failed to get the manifest", HttpMethod.Get, ManifestPath(name), MediaTypes.Manifests);
        (string mediaType, byte[] bytes) = await connection.ReadAsync(get, _limits.ManifestBytes + 1, cancellationToken);
        if (bytes.Length > _limits.ManifestBytes)
        {
            throw TooLong(name);
        }

        var digest = Digest.OfBytes(bytes, expected);
        if (expected is not null && digest != expected)
        {
            throw new RegistryException($"The manifest {expected} was asked for; the bytes that came have {digest}.") { Failure = RegistryFailure.Corrupt };
        }

        if (size is not null && size != bytes.Length)
        {
            throw new RegistryException($"The manifest {digest} should have {size} bytes and has {bytes.Length}.") { Failure = RegistryFailure.Corrupt };
        }

        return (new Descriptor(mediaType, digest, bytes.Length), bytes);
    }

    private RegistryException TooLong(string name) =>
        new($"The manifest {HostileText.Plain(name)} of {HostileText.Plain(reference.FullName)} has more than {_limits.ManifestBytes} bytes (ManifestBytes).");

    /// <summary>What a HEAD says; null if it leaves out what we need. Throws <see cref="RegistryException"/> if it is another digest than asked for.</summary>
    private Descriptor? DescriptorIn(HttpResponseMessage response)
    {
        string? header = response.Headers.TryGetValues("Docker-Content-Digest", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
        if (!Digest.TryParse(header, out Digest? digest) || response.Content.Headers.ContentLength is not (> 0 and var size))
        {
            return null;
        }

        return reference.Digest is null || reference.Digest == digest
            ? new Descriptor(response.Content.Headers.ContentType?.MediaType ?? "", digest, size)
            : throw new RegistryException($"{HostileText.Plain(reference.FullName)} was asked for; the registry answers with {digest}.")
            {
                Failure = RegistryFailure.Corrupt,
            };
    }

    private string ManifestPath(string name) => $"v2/{reference.Remote}/manifests/{name}";

    private string BlobPath(Digest digest) => $"v2/{reference.Remote}/blobs/{digest}";
}
