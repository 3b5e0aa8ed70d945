using ImageScan.Core.Images;

namespace ImageScan.Core.Scans;

/// <summary>How far a scan is, for people who wait.</summary>
/// <param name="Step">What is being done, in a word or two.</param>
/// <param name="LayersDone">Layers that are read or were known.</param>
/// <param name="Layers">Layers in all; 0 until the manifest is read.</param>
/// <param name="BytesRead">Compressed bytes read so far.</param>
/// <param name="Bytes">Compressed bytes to read in all.</param>
public sealed record ScanProgress(string Step, int LayersDone = 0, int Layers = 0, long BytesRead = 0, long Bytes = 0)
{
    /// <summary>The layer that has come on; null if it is the image as a whole.</summary>
    public Digest? Layer { get; init; }

    /// <summary>Compressed bytes of that layer read so far.</summary>
    public long LayerBytes { get; init; }

    /// <summary>Whether that layer is done.</summary>
    public bool IsLayerDone { get; init; }

    /// <summary>Packages found in that layer; null until it is done.</summary>
    public int? LayerPackages { get; init; }
}
