namespace ImageScan.Core.Detectors.Executables.Formats;

/// <summary>A program or library in memory, and where in it things lie. Made from any bytes; nothing in it leads outside of them.</summary>
internal sealed class ExecutableFile
{
    // Linkers write a dozen segments and some dozens of sections. Beyond that nothing that is looked for can hide.
    internal const int MaxSegments = 256;
    internal const int MaxSections = 4096;

    public required ReadOnlyMemory<byte> Bytes { get; init; }

    public required IReadOnlyList<FileRange> Sections { get; init; }

    /// <summary>What a loader maps, in the order of the file.</summary>
    public required IReadOnlyList<FileRange> Segments { get; init; }

    /// <summary>Where the headers say that the table for the dynamic linker is, of ELF alone; it may lie beyond <see cref="Bytes"/>.</summary>
    public DynamicTable? Dynamic { get; init; }

    public required bool Is64Bit { get; init; }

    public required bool IsBigEndian { get; init; }

    /// <summary>The programs in a file: one, or of a universal Mach-O file one for each kind of processor; none if it is no program.</summary>
    public static IReadOnlyList<ExecutableFile> In(ReadOnlyMemory<byte> bytes) => MagicOf(bytes.Span) switch
    {
        ExecutableMagic.Elf => [ElfHeaders.Read(bytes)],
        ExecutableMagic.Pe => PeHeaders.Read(bytes) is { } file ? [file] : [],
        ExecutableMagic.MachO => [MachOHeaders.Read(bytes)],
        ExecutableMagic.UniversalMachO => MachOHeaders.ReadUniversal(bytes),
        _ => [],
    };

    /// <summary>What the first bytes of a file say it is; eight are enough.</summary>
    public static ExecutableMagic MagicOf(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("\u007fELF"u8))
        {
            return ExecutableMagic.Elf;
        }

        if (start.StartsWith("MZ"u8))
        {
            return ExecutableMagic.Pe;
        }

        return MachOHeaders.MagicOf(start);
    }

    /// <summary>The content of the first section of this name; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Section(string name)
    {
        foreach (FileRange section in Sections)
        {
            if (section.Name == name)
            {
                return ContentOf(section);
            }
        }

        return default;
    }

    public ReadOnlyMemory<byte> ContentOf(FileRange range) => Bytes.Slice(range.Start, range.Length);

    /// <summary>What is loaded at an address: so many bytes, or fewer if the segment ends before; empty if nothing is.</summary>
    public ReadOnlySpan<byte> At(ulong address, ulong length)
    {
        foreach (FileRange segment in Segments)
        {
            ulong inSegment = address - segment.Address;
            if (address >= segment.Address && inSegment < (ulong)segment.Length)
            {
                ReadOnlySpan<byte> rest = ContentOf(segment).Span[(int)inSegment..];
                return rest[..(int)Math.Min(length, (ulong)rest.Length)];
            }
        }

        return default;
    }

    /// <summary>
    /// Where variables lie: what a linker marks with bytes to be searched for. Together never more bytes than the file has, whatever its
    /// headers say.
    /// </summary>
    public IEnumerable<FileRange> Data()
    {
        int left = Bytes.Length;
        foreach (FileRange segment in Segments)
        {
            if (segment.IsData && segment.Length <= left)
            {
                left -= segment.Length;
                yield return segment;
            }
        }
    }
}

/// <summary>The table for the dynamic linker.</summary>
/// <param name="Start">Its offset in the file.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct DynamicTable(ulong Start, ulong Length);

/// <summary>Kinds of programs, by their first bytes.</summary>
internal enum ExecutableMagic
{
    None,
    Elf,
    Pe,
    MachO,
    UniversalMachO,
}
