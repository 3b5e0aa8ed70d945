namespace ImageScan.Core.Layers;

/// <summary>
/// How much one layer may ask for; the section <c>Limits</c> of the settings (<c>Limits__LayerEntries</c>). Each default lies well above
/// what real images have and far below what would take an instance down.
/// </summary>
public sealed record LayerLimits
{
    /// <summary>Bytes of the blob as the registry stores it: 10 GiB; layers of CUDA and model images reach 5.</summary>
    public long LayerCompressedBytes { get; init; } = 10L << 30;

    /// <summary>Bytes of the archive after decompression: 40 GiB, about two minutes of one core.</summary>
    public long LayerExpandedBytes { get; init; } = 40L << 30;

    /// <summary>
    /// Expanded bytes for each compressed one: 200. Real layers stay under 60; deflate cannot exceed 1032
    /// (https://zlib.net/zlib_tech.html), zstd has no bound.
    /// </summary>
    public int LayerRatio { get; init; } = 200;

    /// <summary>Expanded bytes up to which the ratio is not looked at: 256 MiB, so that one file of zeros is no bomb.</summary>
    public long LayerRatioFloorBytes { get; init; } = 256L << 20;

    /// <summary>Entries of one archive: a million.</summary>
    public int LayerEntries { get; init; } = 1_000_000;

    /// <summary>Bytes of a path or link target: 4096, PATH_MAX of Linux; a runtime could not unpack a longer one.</summary>
    public int PathLength { get; init; } = 4096;

    /// <summary>Folders and name of a path: 256.</summary>
    public int PathDepth { get; init; } = 256;

    /// <summary>Bytes of one pax or GNU long-name header: 64 KiB.</summary>
    public int ExtendedHeaderBytes { get; init; } = 64 << 10;

    /// <summary>Pieces of one sparse file: 65,536.</summary>
    public int SparseMapEntries { get; init; } = 65_536;

    /// <summary>
    /// Window that a zstd frame may ask for: 8 MiB, what every decoder should support
    /// (https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1.1.2). Rounded down to a power of two.
    /// </summary>
    public int ZstdWindowBytes { get; init; } = 8 << 20;

    /// <summary>Bytes of one file that is opened: 256 MiB. See <see cref="CandidateBudget"/>.</summary>
    public long CandidateFileBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of all files of one layer that are opened: 4 GiB; the Java archives of a Hadoop distribution alone have one.</summary>
    public long CandidateLayerBytes { get; init; } = 4L << 30;

    /// <summary>
    /// Bytes of the bodies that hard links of one layer name, which are held in memory: 64 MiB. See <see cref="HardLinkBodies"/>.
    /// </summary>
    public long LinkedBytes { get; init; } = 64L << 20;
}
