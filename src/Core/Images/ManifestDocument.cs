using System.Text.Json;

namespace ImageScan.Core.Images;

/// <summary>A manifest or an index, decoded and found fit: exactly one of <see cref="Image"/> and <see cref="Index"/> is set.</summary>
internal sealed record ManifestDocument(ImageManifest? Image, IReadOnlyList<IndexEntry>? Index)
{
    private const int MaxMediaTypeCharacters = 255;

    /// <summary>
    /// Decodes the bytes behind <paramref name="digest"/>. Throws <see cref="RegistryException"/> for what is no image: schema 1, artifacts,
    /// documents that can be read in two ways, more entries than the limits allow.
    /// </summary>
    /// <param name="bytes">The document; its digest has been checked.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="contentType">What the registry calls it; "" if it did not say.</param>
    /// <param name="limits">The bounds that apply.</param>
    public static ManifestDocument Decode(ReadOnlyMemory<byte> bytes, Digest digest, string contentType, ImageLimits limits)
    {
        using JsonDocument document = Parse(bytes, digest, limits);
        JsonElement root = document.RootElement;
        string mediaType = MediaTypeOf(root, contentType, digest);
        bool hasIndex = root.Member("manifests").ValueKind == JsonValueKind.Array;
        bool hasImage = root.Member("config").ValueKind == JsonValueKind.Object || root.Member("layers").ValueKind == JsonValueKind.Array;

        // A document that is both can be pulled as one image and scanned as another
        // (https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh).
        if (hasIndex && hasImage)
        {
            throw Refused($"{digest} is a manifest and an index at once.");
        }

        if (MediaTypes.IsSchema1(mediaType) || root.Member("fsLayers").ValueKind == JsonValueKind.Array)
        {
            throw Refused(
                $"{digest} is a Docker schema 1 manifest, which carries no verifiable configuration; push the image again with a current client.");
        }

        if (hasIndex && !MediaTypes.IsManifest(mediaType))
        {
            return new ManifestDocument(null, ReadIndex(root, digest, limits));
        }

        if (hasImage && !MediaTypes.IsIndex(mediaType))
        {
            return new ManifestDocument(ReadImage(root, digest, limits), null);
        }

        throw Refused($"{digest} is no image manifest and no index (media type {HostileText.Quote(mediaType)}).");
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes, Digest digest, ImageLimits limits)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = limits.JsonDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new RegistryException($"{digest} is no manifest: {HostileText.Plain(e.Message)}", e);
        }
    }

    // The header and the document must agree, or two clients see two things; a header of no known type says nothing.
    private static string MediaTypeOf(JsonElement root, string contentType, Digest digest)
    {
        string declared = root.Member("mediaType").Text() ?? "";
        bool known = MediaTypes.IsIndex(contentType) || MediaTypes.IsManifest(contentType);
        if (known && declared.Length > 0 && declared != contentType)
        {
            throw Refused($"{digest} is served as {contentType} but calls itself {HostileText.Quote(declared)}.");
        }

        return declared.Length > 0 ? declared : contentType;
    }

    private static List<IndexEntry> ReadIndex(JsonElement root, Digest digest, ImageLimits limits)
    {
        JsonElement manifests = root.Member("manifests");
        if (manifests.GetArrayLength() > limits.IndexEntries)
        {
            throw Refused($"The index {digest} has {manifests.GetArrayLength()} entries; at most {limits.IndexEntries} are read (IndexEntries).");
        }

        return [.. manifests.EnumerateArray().Select(entry => ReadEntry(entry, digest))];
    }

    private static IndexEntry ReadEntry(JsonElement entry, Digest index)
    {
        JsonElement platform = entry.Member("platform");
        JsonElement annotations = entry.Member("annotations");

        // BuildKit's attestations stand beside the images (https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md).
        bool attestation = annotations.Member("vnd.docker.reference.type").Text() is not null
            || (platform.Member("os").Text() == "unknown" && platform.Member("architecture").Text() == "unknown");
        return new IndexEntry(
            ReadDescriptor(entry, index),
            platform.ValueKind == JsonValueKind.Object ? ReadPlatform(platform) : null,
            attestation,
            annotations.Member("org.opencontainers.image.ref.name").Text(),
            annotations.Member("io.containerd.image.name").Text());
    }

    private static Platform ReadPlatform(JsonElement platform) => new(
        platform.Member("os").Text() ?? "",
        platform.Member("architecture").Text() ?? "",
        platform.Member("variant").Text() is { Length: > 0 } variant ? variant : null);

    private static ImageManifest ReadImage(JsonElement root, Digest digest, ImageLimits limits)
    {
        JsonElement layers = root.Member("layers");
        if (layers.ValueKind == JsonValueKind.Array && layers.GetArrayLength() > limits.LayersPerImage)
        {
            throw Refused($"{digest} has {layers.GetArrayLength()} layers; at most {limits.LayersPerImage} are read (LayersPerImage).");
        }

        // A "urls" list of a foreign layer is not even read: no address found in data is asked for.
        Descriptor config = ReadDescriptor(root.Member("config"), digest);
        List<Descriptor> layerList = [.. layers.Items().Select(layer => ReadDescriptor(layer, digest))];
        if (WhatElseItIs(root, config, layerList) is string artifact)
        {
            throw Refused($"{digest} is {artifact}, not an image.");
        }

        return new ImageManifest(digest, null, config, layerList);
    }

    /// <summary>What the manifest holds if not an image; null if it is one.</summary>
    private static string? WhatElseItIs(JsonElement root, Descriptor config, List<Descriptor> layers)
    {
        if (config.MediaType.StartsWith("application/vnd.cncf.helm.", StringComparison.Ordinal))
        {
            return "a Helm chart";
        }

        if (layers.Exists(layer => layer.MediaType == "application/vnd.dev.cosign.simplesigning.v1+json"))
        {
            return "a cosign signature";
        }

        if (layers.Exists(layer => layer.MediaType == "application/vnd.in-toto+json"))
        {
            return "a build attestation";
        }

        // Clients before Docker 1.10 pushed the configuration as plain bytes.
        bool imageConfig = config.MediaType is MediaTypes.OciConfig or MediaTypes.DockerConfig
            || (config.MediaType == MediaTypes.OctetStream && layers.Exists(layer => MediaTypes.IsLayer(layer.MediaType)));
        if (!imageConfig)
        {
            string type = root.Member("artifactType").Text() is { Length: > 0 } artifactType ? artifactType : config.MediaType;
            return $"an artifact of type {HostileText.Quote(type)}";
        }

        return layers.Count > 0 && layers.TrueForAll(layer => !MediaTypes.IsLayer(layer.MediaType))
            ? $"an artifact with content of type {HostileText.Quote(layers[0].MediaType)}"
            : null;
    }

    private static Descriptor ReadDescriptor(JsonElement element, Digest document)
    {
        string mediaType = element.Member("mediaType").Text() ?? "";
        string digestText = element.Member("digest").Text() ?? "";
        if (!Digest.TryParse(digestText, out Digest? digest))
        {
            throw Refused($"{document} points at content without a usable digest ({HostileText.Quote(digestText)}).");
        }

        if (element.Member("size").Whole() is not (>= 0 and var size))
        {
            throw Refused($"{document} gives no usable size for {digest}.");
        }

        return mediaType.Length <= MaxMediaTypeCharacters
            ? new Descriptor(mediaType, digest, size)
            : throw Refused($"{document} gives {digest} a media type of {mediaType.Length} characters.");
    }

    private static RegistryException Refused(string message) => new(message);
}

/// <summary>One entry of an index.</summary>
/// <param name="Target">The manifest or index it points at.</param>
/// <param name="Platform">What it runs on; null if the index does not say.</param>
/// <param name="IsAttestation">Whether it speaks about another entry instead of being an image.</param>
/// <param name="RefName">Its name in an OCI layout; null if it has none.</param>
/// <param name="ImageName">Its full name in a layout made by containerd; null if it has none.</param>
internal sealed record IndexEntry(Descriptor Target, Platform? Platform, bool IsAttestation, string? RefName, string? ImageName);
