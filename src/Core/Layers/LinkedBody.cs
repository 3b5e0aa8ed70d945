namespace ImageScan.Core.Layers;

/// <summary>A hard link read as the file it stands for.</summary>
/// <param name="Entry">The link's path, as a <see cref="LayerEntryKind.File"/> with the body's size.</param>
/// <param name="Content">The body, from its start.</param>
public sealed record LinkedBody(LayerEntry Entry, Stream Content);
