using System.Buffers.Binary;
using System.Text.Json;
using static ImageScan.Core.Vulnerabilities.Database.SnapshotFormat;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// An immutable snapshot of advisories, open for look-ups by any number of threads. The whole file is held against its sha256 when it is
/// opened (10 ms for 11 MB, once a process): a flipped bit in it would otherwise be a wrong answer about an image.
/// </summary>
public sealed class AdvisoryDatabase : IDisposable
{
    private readonly SnapshotBytes _bytes;
    private readonly AdvisoryLookup _lookup;
    private readonly Dictionary<string, EcosystemCount> _ecosystems;

    private AdvisoryDatabase(SnapshotBytes bytes, string name, bool isStarterSet)
    {
        _bytes = bytes;
        Name = name;
        Size = bytes.Length;
        byte[] header = ReadHeader(bytes);
        var sections = Sections(bytes, header);
        byte[] keys = sections[(int)Section.Keys].ReadAll();
        if (keys.Length % KeyEntryLength != 0)
        {
            throw CutShort();
        }

        _lookup = new AdvisoryLookup(
            name,
            keys,
            sections[(int)Section.Postings],
            Blocks(sections, Section.AdvisoryIndex, Section.AdvisoryBlocks),
            Blocks(sections, Section.CveIndex, Section.CveBlocks),
            Blocks(sections, Section.RepositoryIndex, Section.RepositoryBlocks));
        ReleaseEnds = ReleaseEndRecords.Read(sections[(int)Section.ReleaseEnds].ReadAll());
        Description = JsonSerializer.Deserialize<SnapshotDescription>(sections[(int)Section.Description].ReadAll())
            ?? throw new InvalidDataException("It has no description.");
        if (!Description.IsWhole)
        {
            throw new InvalidDataException("Something in its description has no name.");
        }

        _ecosystems = Description.Ecosystems.DistinctBy(count => count.Ecosystem).ToDictionary(count => count.Ecosystem);
        string id = Convert.ToHexStringLower(header.AsSpan(HashOffset, HashedFrom - HashOffset));
        Origin = new AdvisoryOrigin(id, Description.BuiltAt, Description.NewestRecord, isStarterSet);
    }

    /// <summary>The file, or another name for people.</summary>
    public string Name { get; }

    /// <summary>Length in bytes.</summary>
    public long Size { get; }

    public SnapshotDescription Description { get; }

    public AdvisoryOrigin Origin { get; }

    /// <summary>When the releases of distributions stop to be mended, ordered; empty if the snapshot does not know.</summary>
    public IReadOnlyList<ReleaseEnd> ReleaseEnds { get; }

    /// <summary>Opens a file. Throws <see cref="AdvisoryDatabaseException"/> if it is missing, damaged or of another version.</summary>
    public static AdvisoryDatabase Open(string path)
    {
        try
        {
            return Open(new FileBytes(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)), path, false);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw AdvisoryDatabaseException.Unreadable(path, broken.Message, broken);
        }
    }

    /// <summary>Reads a snapshot that is in memory. Throws <see cref="AdvisoryDatabaseException"/> if it is damaged or of another version.</summary>
    internal static AdvisoryDatabase Read(byte[] snapshot, string name, bool isStarterSet) => Open(new HeldBytes(snapshot), name, isStarterSet);

    /// <summary>Whether any advisory is about this ecosystem, its release included (<c>Debian:11</c>).</summary>
    public bool Covers(string ecosystem) => _ecosystems.ContainsKey(ecosystem);

    /// <summary>
    /// What the advisories about this ecosystem, its release included, are as of (<see cref="EcosystemCount.AsOf"/>), and no later than the
    /// snapshot, since one record can bear a date that is to come; null if there are none or that cannot be told.
    /// </summary>
    public DateTimeOffset? AsOf(string ecosystem) =>
        _ecosystems.GetValueOrDefault(ecosystem)?.AsOf is { } newest ? newest < Origin.BuiltAt ? newest : Origin.BuiltAt : null;

    /// <summary>The packages of an ecosystem, its release included, that it has advisories of, by their normalized names; reads the whole file.</summary>
    public IEnumerable<string> PackagesOf(string ecosystem) => Lookup().Packages()
        .Where(package => package.Key.StartsWith(ecosystem + '\0', StringComparison.Ordinal))
        .Select(package => package.Key[(ecosystem.Length + 1)..]);

    /// <summary>Look-ups in it; always the same.</summary>
    public AdvisoryLookup Lookup() => _lookup;

    public void Dispose() => _bytes.Dispose();

    private static AdvisoryDatabase Open(SnapshotBytes bytes, string name, bool isStarterSet)
    {
        try
        {
            return new AdvisoryDatabase(bytes, name, isStarterSet);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or JsonException or NotSupportedException)
        {
            bytes.Dispose();
            throw AdvisoryDatabaseException.Unreadable(name, broken.Message, broken);
        }
    }

    private static byte[] ReadHeader(SnapshotBytes bytes)
    {
        if (bytes.Length < HeaderLength)
        {
            throw new InvalidDataException($"It has {bytes.Length} bytes, less than a header.");
        }

        byte[] header = new byte[HeaderLength];
        bytes.Read(0, header);
        if (!header.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException("It is no snapshot of advisories.");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8));
        if (version != SnapshotFormat.Version)
        {
            throw new InvalidDataException($"It is of format {version}; this version reads format {SnapshotFormat.Version}.");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(LengthOffset));
        if (length != bytes.Length)
        {
            throw new InvalidDataException($"It has {bytes.Length} bytes where its header says {length}.");
        }

        if (!bytes.HashFrom(HashedFrom).AsSpan().SequenceEqual(header.AsSpan(HashOffset, HashedFrom - HashOffset)))
        {
            throw new InvalidDataException("Its content does not match its sha256.");
        }

        return header;
    }

    private static SnapshotSection[] Sections(SnapshotBytes bytes, byte[] header)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12)) != SectionCount)
        {
            throw new InvalidDataException("It has another number of sections.");
        }

        var sections = new SnapshotSection[SectionCount];
        for (int i = 0; i < SectionCount; i++)
        {
            long offset = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(TableOffset + (i * 16)));
            long length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(TableOffset + (i * 16) + 8));
            if (offset < HeaderLength || length < 0 || offset > bytes.Length || length > bytes.Length - offset)
            {
                throw new InvalidDataException("A section of it is beyond its end.");
            }

            sections[i] = new SnapshotSection(bytes, offset, length);
        }

        return sections;
    }

    private static KeyedBlocks Blocks(SnapshotSection[] sections, Section index, Section blocks)
    {
        byte[] entries = sections[(int)index].ReadAll();
        return entries.Length % KeyedBlocks.IndexEntryLength == 0 ? new KeyedBlocks(entries, sections[(int)blocks]) : throw CutShort();
    }

    private static InvalidDataException CutShort() => new("An index of it is cut short.");
}
