namespace ImageScan.Core.Images.Archives;

/// <summary>An OCI image layout on disk (https://github.com/opencontainers/image-spec/blob/main/image-layout.md).</summary>
internal sealed class OciLayoutSource : IImageSource
{
    public const string IndexPath = "index.json";
    public const string MarkerPath = "oci-layout";

    private readonly ArchiveContent _content;
    private readonly Descriptor _target;
    private readonly ManifestDocument? _index;
    private readonly string _archive;
    private readonly ImageLimits _limits;

    private OciLayoutSource(ArchiveContent content, string archive, ImageLimits limits, Descriptor target, ManifestDocument? index)
    {
        _content = content;
        _archive = archive;
        _limits = limits;
        _target = target;
        _index = index;
    }

    /// <summary>
    /// The image of that name in the layout (a tag, a full name or a digest); without a name the only one. Throws
    /// <see cref="RegistryException"/>, naming what there is, if there is none or more than one.
    /// </summary>
    public static async Task<OciLayoutSource> OpenAsync(
        ArchiveContent content, string archive, string? name, ImageLimits limits, CancellationToken cancellationToken)
    {
        byte[] bytes = await content.DocumentAsync(IndexPath, limits.ManifestBytes, nameof(ImageLimits.ManifestBytes), cancellationToken)
            ?? throw new RegistryException($"{archive} is no OCI layout: it has no {IndexPath}.") { Failure = RegistryFailure.NotFound };
        var digest = Digest.OfBytes(bytes);
        var document = ManifestDocument.Decode(bytes, digest, MediaTypes.OciIndex, limits);
        List<IndexEntry> entries = [.. document.Index!.Where(entry => name is null || IsNamed(entry, name))];
        if (entries.Count == 1)
        {
            return new OciLayoutSource(content, archive, limits, entries[0].Target, null);
        }

        // Without names the layout itself is the index of one image's platforms.
        bool onePerPlatform = entries.Count > 1 && entries.Select(entry => (entry.RefName, entry.ImageName)).Distinct().Count() == 1;
        return onePerPlatform
            ? new OciLayoutSource(content, archive, limits, new Descriptor(MediaTypes.OciIndex, digest, bytes.Length), document with { Index = entries })
            : throw new RegistryException(
                $"{archive} holds {(entries.Count == 0 ? "no such image" : "several images")}: choose one of {Names(document.Index!)}.")
            {
                Failure = RegistryFailure.NotFound,
            };
    }

    public Task<Descriptor> ResolveAsync(CancellationToken cancellationToken) => Task.FromResult(_target);

    public Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken) =>
        IndexWalk.ImageAsync(target, platform, _archive, _limits, next => ReadAsync(next, cancellationToken));

    public Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken) =>
        _content.ConfigAsync(manifest.Config, ArchiveContent.BlobPath(manifest.Config.Digest), cancellationToken);

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new VerifiedStream(_content.OpenBlob(blob), blob));

    // Where the layout itself is the index, only those of its entries count that have the name.
    private async Task<ManifestDocument> ReadAsync(Descriptor document, CancellationToken cancellationToken) =>
        document == _target && _index is not null ? _index : await _content.ManifestAsync(document, cancellationToken);

    private static bool IsNamed(IndexEntry entry, string name) =>
        entry.RefName == name || entry.ImageName == name || entry.Target.Digest.ToString() == name;

    private static string Names(IReadOnlyList<IndexEntry> entries) =>
        HostileText.Plain(string.Join(", ", entries.Take(20).Select(entry => entry.ImageName ?? entry.RefName ?? entry.Target.Digest.ToString())), 1000);
}
