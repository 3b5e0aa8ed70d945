namespace ImageScan.Core.Images;

/// <summary>
/// How much of what a registry or an archive says is believed. What is beyond a limit is refused with the limit's name, or, where an
/// image stays useful without it, left out and said in <see cref="ImageConfig.Omissions"/>.
/// </summary>
public sealed record ImageLimits
{
    /// <summary>Bytes of one manifest or index. Registries themselves stop at 4 MiB (distribution-spec, "Pushing Manifests").</summary>
    public int ManifestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of one image configuration.</summary>
    public int ConfigBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Entries of one index.</summary>
    public int IndexEntries { get; init; } = 1_000;

    /// <summary>Indexes within indexes before a manifest must come.</summary>
    public int IndexDepth { get; init; } = 3;

    /// <summary>Layers of one image. Docker's own overlay driver stops at 128.</summary>
    public int LayersPerImage { get; init; } = 500;

    /// <summary>History entries that are kept; later ones are left out.</summary>
    public int HistoryEntries { get; init; } = 2_000;

    /// <summary>Labels that are echoed; further ones are left out.</summary>
    public int Labels { get; init; } = 500;

    /// <summary>UTF-16 characters of all echoed labels together, names included; labels beyond are left out.</summary>
    public int LabelCharacters { get; init; } = 128 * 1024;

    /// <summary>Items of a command, an entrypoint or the volumes; further ones are left out.</summary>
    public int ListItems { get; init; } = 500;

    /// <summary>UTF-16 characters of any one text of the configuration; longer ones are cut.</summary>
    public int TextCharacters { get; init; } = 16 * 1024;

    /// <summary>Nesting of JSON in manifests, configurations and answers.</summary>
    public int JsonDepth { get; init; } = 32;

    /// <summary>Redirects followed for one request.</summary>
    public int Redirects { get; init; } = 5;

    /// <summary>Kibibytes of one answer's headers.</summary>
    public int HeaderKibibytes { get; init; } = 32;

    /// <summary>Bytes of an answer of a token server.</summary>
    public int TokenBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of an error's body that are read for its reason.</summary>
    public int ErrorBytes { get; init; } = 8 * 1024;

    /// <summary>Entries of an archive on disk.</summary>
    public int ArchiveEntries { get; init; } = 100_000;

    /// <summary>Bytes of a long-name or pax record in an archive on disk.</summary>
    public int ArchiveRecordBytes { get; init; } = 64 * 1024;

    /// <summary>Links followed from one entry of an archive to its content.</summary>
    public int ArchiveLinks { get; init; } = 16;

    /// <summary>Bytes of an archive on disk after decompression.</summary>
    public long ArchiveBytes { get; init; } = 64L * 1024 * 1024 * 1024;
}
