namespace ImageScan.Core.Detectors.Java;

/// <summary>How much one archive, with all archives in it, may ask for. What is beyond is passed over with a warning.</summary>
internal sealed record JavaArchiveLimits
{
    /// <summary>Archives within archives: 8. An application server's <c>ear</c> with a <c>war</c> with jars has 3.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>Members of all of them: 4 million, some tenths of a second. The largest real archives have 200,000.</summary>
    public int Members { get; init; } = 4_000_000;

    /// <summary>Manifests, Maven descriptions and archives in it that are read: 50,000.</summary>
    public int WantedMembers { get; init; } = 50_000;

    /// <summary>
    /// Bytes of a manifest or Maven description, when inflated: 512 KiB. Of a longer one the beginning is read; what long manifests have
    /// behind it are checksums.
    /// </summary>
    public int TextBytes { get; init; } = 512 << 10;

    /// <summary>
    /// Bytes of the compressed archives in it that must be held inflated at one time: 128 MiB. Those that are only stored, as Spring Boot
    /// does, take none.
    /// </summary>
    public long HeldBytes { get; init; } = 128L << 20;

    /// <summary>
    /// Bytes of those that may be held while other files hold theirs: 8 MiB, which suffices for nearly every jar in a <c>war</c>. A file that
    /// needs more waits until no other one does.
    /// </summary>
    public long HeldBesideOthersBytes { get; init; } = 8L << 20;

    /// <summary>
    /// Bytes of work, read and inflated, for each byte of the file: 20. Deflate alone reaches 1032 (https://zlib.net/zlib_tech.html); archives
    /// in real archives take about 2 a level, since classes are compressed already.
    /// </summary>
    public int Ratio { get; init; } = 20;

    /// <summary>Bytes of work whatever the ratio: 64 KiB, since a small archive may be all text.</summary>
    public long RatioFloorBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of work for one file: 2 GiB, some seconds.</summary>
    public long InflatedBytes { get; init; } = 2L << 30;

    /// <summary>Bytes of a member's name, and characters of the names that lead to an archive in it: 1024.</summary>
    public int PathCharacters { get; init; } = 1024;
}
