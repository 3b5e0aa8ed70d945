namespace ImageScan.Core.Images;

/// <summary>
/// One platform's image: its configuration and its layers, oldest first
/// (https://github.com/opencontainers/image-spec/blob/main/manifest.md).
/// </summary>
/// <param name="Digest">
/// The digest of this platform's manifest; null for a <c>docker save</c> archive, which has none.
/// </param>
/// <param name="Index">The digest of the index (or manifest list) that it was chosen from; null if the name points at it directly.</param>
/// <param name="Config">The configuration blob.</param>
/// <param name="Layers">The layer blobs, oldest first, as compressed in the registry.</param>
public sealed record ImageManifest(Digest? Digest, Digest? Index, Descriptor Config, IReadOnlyList<Descriptor> Layers);
