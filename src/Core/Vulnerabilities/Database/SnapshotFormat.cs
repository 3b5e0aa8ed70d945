namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// The file of a snapshot, all numbers little-endian:
/// <code>
/// magic (8) | format version (4) | sections (4) | sha256 of all that follows (32) | file length (8)
/// per section: offset (8), length (8)
/// Description  UTF-8 JSON of SnapshotDescription
/// Keys         ascending by hash: xxh3 of the key (8), offset in Postings (8), length (4)
/// Postings     per key: the key itself, then what every advisory says about that package (PackagePostings)
/// AdvisoryIndex, AdvisoryBlocks   texts, dates and vectors by number of the advisory
/// CveIndex, CveBlocks             dates and vectors by CVE
/// RepositoryIndex, RepositoryBlocks   CPEs by xxh3 of the repository's name
/// ReleaseEnds  when the releases of distributions end
/// </code>
/// The key is <c>ecosystem with release NUL normalized name</c>. Matching touches Keys and Postings alone; texts lie in Brotli blocks of
/// 4 KiB, ordered by package, so that those of one image are in few of them.
/// </summary>
internal static class SnapshotFormat
{
    public const uint Version = 3;

    public const int HashOffset = 16;
    public const int HashedFrom = 48;
    public const int LengthOffset = 48;
    public const int TableOffset = 56;
    public const int HeaderLength = TableOffset + (SectionCount * 16);
    public const int SectionCount = 10;

    public const int KeyEntryLength = 20;

    /// <summary>Texts are gathered to blocks of this size before they are compressed.</summary>
    public const int BlockBytes = 4 * 1024;

    /// <summary>The largest block a reader unpacks: one record can be larger than a block is meant to be.</summary>
    public const int MaxBlockBytes = 1024 * 1024;

    /// <summary>The largest record a builder takes, so that a block of it alone can be read.</summary>
    public const int MaxRecordBytes = MaxBlockBytes / 4;

    public static ReadOnlySpan<byte> Magic => "ADVSNAP\n"u8;

    public enum Section
    {
        Description,
        Keys,
        Postings,
        AdvisoryIndex,
        AdvisoryBlocks,
        CveIndex,
        CveBlocks,
        RepositoryIndex,
        RepositoryBlocks,
        ReleaseEnds,
    }

    public static string KeyOf(OsvEcosystem ecosystem, string name) => KeyOf(ecosystem.ToString(), ecosystem.Normalize(name));

    public static string KeyOf(string ecosystem, string normalizedName) => $"{ecosystem}\0{normalizedName}";
}
