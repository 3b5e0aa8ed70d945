using ImageScan.Core.Images;

namespace ImageScan.Core.Scans;

/// <summary>What a caller wants scanned, and how.</summary>
/// <param name="Image">The image's name.</param>
/// <param name="Platform">
/// The platform asked for; null takes <see cref="Images.Platform.Default"/> of an index, and whatever a single manifest is for.
/// </param>
/// <param name="Force">Read everything again, whatever is stored.</param>
public sealed record ScanRequest(ImageReference Image, Platform? Platform = null, bool Force = false)
{
    /// <summary>The cluster that does it, by name; "" for this deployment.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Layers that were read for this very request already, so that a forced one need not read them twice.</summary>
    public IReadOnlySet<Digest> LayersRead { get; init; } = new HashSet<Digest>();
}
