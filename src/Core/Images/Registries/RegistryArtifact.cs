namespace ImageScan.Core.Images.Registries;

/// <summary>
/// What lies beside an image: a manifest of any kind
/// (https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage).
/// </summary>
/// <param name="Manifest">The manifest itself; its digest has been checked.</param>
/// <param name="ArtifactType">What it is: its artifactType, or its configuration's media type; "" if it says neither.</param>
/// <param name="Layers">Its contents, at most as many as <see cref="ImageLimits.LayersPerImage"/>.</param>
public sealed record RegistryArtifact(Descriptor Manifest, string ArtifactType, IReadOnlyList<ArtifactLayer> Layers);

/// <summary>One content of an artifact.</summary>
/// <param name="Blob">Where it is.</param>
/// <param name="Annotations">What the manifest notes about it; a name that is there twice counts as it is written last.</param>
public sealed record ArtifactLayer(Descriptor Blob, IReadOnlyDictionary<string, string> Annotations);

/// <summary>An artifact that refers to an image.</summary>
/// <param name="Manifest">Where it is.</param>
/// <param name="ArtifactType">What the registry says it is; "" if it does not say.</param>
public sealed record ArtifactReferrer(Descriptor Manifest, string ArtifactType);

/// <summary>The artifacts that refer to an image.</summary>
/// <param name="Referrers">Them, in the registry's order.</param>
/// <param name="LeftOut">How many entries were none or were beyond <see cref="ImageLimits.IndexEntries"/>.</param>
public sealed record ArtifactReferrers(IReadOnlyList<ArtifactReferrer> Referrers, int LeftOut);
