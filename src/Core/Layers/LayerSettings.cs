namespace ImageScan.Core.Layers;

/// <summary>What is kept of layers beside their inventories: <c>Layers__KeepBodies</c> and so on.</summary>
public sealed record LayerSettings
{
    /// <summary>Whether the files that detectors read are kept, so that newer detectors need no pull; if not, no byte of an image is stored.</summary>
    public bool KeepBodies { get; init; } = true;

    /// <summary>Bytes of one layer's bundle as it is stored, compressed: 64 MiB. A layer that needs more has none.</summary>
    public int BundleBytes { get; init; } = 64 << 20;
}
