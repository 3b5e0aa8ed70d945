using System.Text.Json;

namespace ImageScan.Core.Images.Archives;

/// <summary>
/// An archive of <c>docker save</c> (https://github.com/moby/docker-image-spec/blob/main/spec.md, "Combined Image JSON + Filesystem Changeset
/// Format"). Its layers are named by path only, so they are hashed once before anything else.
/// </summary>
internal sealed class DockerArchiveSource : IImageSource
{
    public const string ListPath = "manifest.json";

    private readonly ArchiveContent _content;
    private readonly Descriptor _config;
    private readonly string _configPath;
    private readonly IReadOnlyList<string> _layerPaths;
    private readonly Digest? _manifestDigest;
    private readonly Dictionary<Digest, string> _pathOf = [];

    private DockerArchiveSource(ArchiveContent content, Descriptor config, SavedImage image, Digest? manifestDigest)
    {
        _content = content;
        _config = config;
        _configPath = image.ConfigPath;
        _layerPaths = image.LayerPaths;
        _manifestDigest = manifestDigest;
    }

    /// <summary>
    /// The image of that name in the archive; without a name the only one. Throws <see cref="RegistryException"/>, naming what there is, if
    /// there is none or more than one.
    /// </summary>
    public static async Task<DockerArchiveSource> OpenAsync(
        ArchiveContent content, string archive, string? name, ImageLimits limits, CancellationToken cancellationToken)
    {
        byte[] list = await content.DocumentAsync(ListPath, limits.ManifestBytes, nameof(ImageLimits.ManifestBytes), cancellationToken)
            ?? throw NotFound($"{archive} is no archive of docker save: it has no {ListPath} (archives of Docker before 1.10 are not read).");
        List<SavedImage> all = ReadList(list, archive, limits);
        List<SavedImage> named = [.. all.Where(saved => name is null || saved.Names.Any(has => IsNamed(has, name)))];
        if (named.Count != 1)
        {
            string names = HostileText.Plain(string.Join(", ", all.SelectMany(saved => saved.Names.DefaultIfEmpty(saved.ConfigPath)).Take(20)), 1000);
            throw NotFound($"{archive} holds {(named.Count == 0 ? "no such image" : "several images")}: choose one of {names}.");
        }

        SavedImage image = named[0];
        byte[] configBytes = await content.DocumentAsync(image.ConfigPath, limits.ConfigBytes, nameof(ImageLimits.ConfigBytes), cancellationToken)
            ?? throw NotFound($"{archive} does not hold its image configuration {HostileText.Quote(image.ConfigPath)}.");
        var config = new Descriptor(MediaTypes.DockerConfig, Digest.OfBytes(configBytes), configBytes.Length);
        Digest? manifest = await ManifestOfAsync(content, config.Digest, limits, cancellationToken);
        return new DockerArchiveSource(content, config, image, manifest);
    }

    /// <summary>The configuration: its digest is what Docker calls the image's id, and all the identity such an archive has.</summary>
    public Task<Descriptor> ResolveAsync(CancellationToken cancellationToken) => Task.FromResult(_config);

    /// <summary>The archive's one image, whatever the platform: there is no other to choose.</summary>
    public async Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken)
    {
        var layers = new List<Descriptor>();
        foreach (string path in _layerPaths)
        {
            Descriptor layer = await _content.DescribeLayerAsync(path, cancellationToken);
            _pathOf[layer.Digest] = path;
            layers.Add(layer);
        }

        return new ImageManifest(_manifestDigest, null, _config, layers);
    }

    public Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken) =>
        _content.ConfigAsync(_config, _configPath, cancellationToken);

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        string path = _pathOf.GetValueOrDefault(blob.Digest, ArchiveContent.BlobPath(blob.Digest));
        return Task.FromResult<Stream>(new VerifiedStream(_content.OpenBlob(blob, path), blob));
    }

    private static List<SavedImage> ReadList(byte[] bytes, string archive, ImageLimits limits)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = limits.JsonDepth });
            return [.. document.RootElement.Items().Take(limits.IndexEntries).Select(item => ReadSaved(item, archive, limits))];
        }
        catch (JsonException e)
        {
            throw new RegistryException($"{ListPath} in {archive} cannot be read: {HostileText.Plain(e.Message)}", e);
        }
    }

    private static SavedImage ReadSaved(JsonElement item, string archive, ImageLimits limits)
    {
        JsonElement layers = item.Member("Layers");
        List<string> paths = [.. layers.Items().Take(limits.LayersPerImage + 1).Select(layer => layer.Text() ?? "")];
        return paths.Count <= limits.LayersPerImage
            ? new SavedImage(item.Member("Config").Text() ?? "", [.. item.Member("RepoTags").Items().Select(tag => tag.Text() ?? "")], paths)
            : throw new RegistryException($"{archive} has an image of more than {limits.LayersPerImage} layers (LayersPerImage).");
    }

    /// <summary>
    /// Docker 25 and later save an OCI layout beside the list: the digest of the manifest there that has this configuration; null without one.
    /// </summary>
    private static async Task<Digest?> ManifestOfAsync(ArchiveContent content, Digest config, ImageLimits limits, CancellationToken cancellationToken)
    {
        byte[]? index = await content.DocumentAsync(OciLayoutSource.IndexPath, limits.ManifestBytes, nameof(ImageLimits.ManifestBytes), cancellationToken);
        if (index is null)
        {
            return null;
        }

        var open = new Queue<(IndexEntry Entry, int Depth)>(EntriesOf(index, limits).Select(entry => (entry, 0)));
        for (int seen = 0; seen < limits.IndexEntries && open.TryDequeue(out (IndexEntry Entry, int Depth) next); seen++)
        {
            // Of an index only the saved platform's blobs are there.
            if (next.Entry.IsAttestation || !content.Has(ArchiveContent.BlobPath(next.Entry.Target.Digest)))
            {
                continue;
            }

            ManifestDocument document = await content.ManifestAsync(next.Entry.Target, cancellationToken);
            if (document.Image?.Config.Digest == config)
            {
                return document.Image.Digest;
            }

            foreach (IndexEntry entry in next.Depth < limits.IndexDepth ? document.Index ?? [] : [])
            {
                open.Enqueue((entry, next.Depth + 1));
            }
        }

        return null;
    }

    private static IReadOnlyList<IndexEntry> EntriesOf(byte[] index, ImageLimits limits) =>
        ManifestDocument.Decode(index, Digest.OfBytes(index), MediaTypes.OciIndex, limits).Index ?? [];

    private static bool IsNamed(string has, string name) =>
        has == name || has == $"{DockerHub.Name}/{name}" || has == $"{DockerHub.Name}/library/{name}";

    private static RegistryException NotFound(string message) => new(message) { Failure = RegistryFailure.NotFound };

    private sealed record SavedImage(string ConfigPath, IReadOnlyList<string> Names, IReadOnlyList<string> LayerPaths);
}
