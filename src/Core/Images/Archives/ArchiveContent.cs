using System.Security.Cryptography;

namespace ImageScan.Core.Images.Archives;

/// <summary>Reads documents and blobs out of an image on disk, checked against their digests where they have one.</summary>
internal sealed class ArchiveContent(IArchiveFiles files, string archive, ImageLimits limits)
{
    /// <summary>Where a blob lies in an OCI layout. The digest's form has been checked, so this climbs nowhere.</summary>
    public static string BlobPath(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    public bool Has(string path) => files.Has(path);

    /// <summary>A whole document; null if it is not there. Throws <see cref="RegistryException"/> if it is too long.</summary>
    public async Task<byte[]?> DocumentAsync(string path, int maxBytes, string limit, CancellationToken cancellationToken)
    {
        if (Open(path) is not { } file)
        {
            return null;
        }

        await using (file.Content)
        {
            if (file.Size > maxBytes)
            {
                throw new RegistryException($"{HostileText.Plain(path)} in {archive} has {file.Size} bytes; at most {maxBytes} are read ({limit}).");
            }

            byte[] bytes = new byte[file.Size];
            try
            {
                await file.Content.ReadExactlyAsync(bytes, cancellationToken);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                throw Broken(path, e);
            }

            return bytes;
        }
    }

    /// <summary>A manifest or index by its digest. Throws <see cref="RegistryException"/>.</summary>
    public async Task<ManifestDocument> ManifestAsync(Descriptor target, CancellationToken cancellationToken)
    {
        VerifiedStream.RefuseOversize(target, limits.ManifestBytes, nameof(ImageLimits.ManifestBytes));
        byte[] bytes = await VerifiedStream.ReadAllAsync(OpenBlob(target), target, cancellationToken);
        return ManifestDocument.Decode(bytes, target.Digest, target.MediaType, limits);
    }

    /// <summary>A configuration that lies under its digest or under the given path. Throws <see cref="RegistryException"/>.</summary>
    public async Task<ImageConfig> ConfigAsync(Descriptor config, string path, CancellationToken cancellationToken)
    {
        VerifiedStream.RefuseOversize(config, limits.ConfigBytes, nameof(ImageLimits.ConfigBytes));
        byte[] bytes = await VerifiedStream.ReadAllAsync(OpenBlob(config, path), config, cancellationToken);
        return ImageConfigReader.Decode(bytes, config.Digest, limits);
    }

    /// <summary>A blob's bytes, unchecked. Throws <see cref="RegistryException"/> if it is not there.</summary>
    public Stream OpenBlob(Descriptor blob) => OpenBlob(blob, BlobPath(blob.Digest));

    /// <summary>A blob's bytes, unchecked, from where it lies. Throws <see cref="RegistryException"/> if it is not there.</summary>
    public Stream OpenBlob(Descriptor blob, string path) => Open(path)?.Content
        ?? throw new RegistryException($"{archive} does not hold {blob.Digest} ({HostileText.Plain(path)}).") { Failure = RegistryFailure.NotFound };

    /// <summary>
    /// Digest, size and kind of a layer that is named by its path. A path that is a digest is believed, since reading checks it; any other
    /// file is hashed. Throws <see cref="RegistryException"/> if it is not there.
    /// </summary>
    public async Task<Descriptor> DescribeLayerAsync(string path, CancellationToken cancellationToken)
    {
        if (Open(path) is not { } file)
        {
            throw new RegistryException($"{archive} names the layer {HostileText.Quote(path)} and does not hold it.") { Failure = RegistryFailure.NotFound };
        }

        await using (file.Content)
        {
            try
            {
                byte[] buffer = new byte[128 * 1024];
                int read = await file.Content.ReadAtLeastAsync(buffer, 4, throwOnEndOfStream: false, cancellationToken);
                string mediaType = LayerTypeOf(buffer.AsSpan(0, read));
                if (path.StartsWith("blobs/sha256/", StringComparison.Ordinal)
                    && Digest.TryParse($"sha256:{path["blobs/sha256/".Length..]}", out Digest? named))
                {
                    return new Descriptor(mediaType, named, file.Size);
                }

                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                long size = 0;
                while (read > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    size += read;
                    read = await file.Content.ReadAsync(buffer, cancellationToken);
                }

                return size == file.Size
                    ? new Descriptor(mediaType, Digest.OfSha256(hash.GetHashAndReset()), size)
                    : throw new EndOfStreamException($"it ends after {size} of {file.Size} bytes");
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                throw Broken(path, e);
            }
        }
    }

    // Archives do not say how a layer is compressed; its first bytes do (RFC 1952 and RFC 8878).
    private static string LayerTypeOf(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? MediaTypes.DockerLayerTarGzip
        : start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? MediaTypes.OciLayerTarZstd
        : MediaTypes.DockerLayerTar;

    private (Stream Content, long Size)? Open(string path)
    {
        try
        {
            return files.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Broken(path, e);
        }
    }

    private RegistryException Broken(string path, Exception cause) =>
        new($"{HostileText.Plain(path)} in {archive} cannot be read: {cause.Message}", cause) { Failure = RegistryFailure.Corrupt };
}
