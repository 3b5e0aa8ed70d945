namespace ImageScan.Core.Layers;

/// <summary>Something in a layer that was passed over or read differently than written.</summary>
/// <param name="Path">The entry, or "" when it is about the layer as a whole.</param>
/// <param name="Reason">One sentence for people.</param>
public sealed record LayerWarning(string Path, string Reason);
