using System.Text;

namespace ImageScan.Core.Detectors.Executables.Formats;

/// <summary>
/// Reads the headers of Mach-O, of 32 and 64 bits and either byte order, alone or several in one universal file
/// (https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h, fat.h).
/// </summary>
internal static class MachOHeaders
{
    private const uint Magic32 = 0xfeed_face;
    private const uint Magic64 = 0xfeed_facf;
    private const uint MagicUniversal = 0xcafe_babe;
    private const uint MagicUniversal64 = 0xcafe_babf;

    // A class of Java begins with the same four bytes, and its version, 45 or more, stands where the count stands here.
    private const int MaxPrograms = 20;
    private const int MaxCommands = 4096;
    private const uint CommandSegment = 0x1;
    private const uint CommandSegment64 = 0x19;
    private const uint CanWrite = 2;
    private const uint CanExecute = 4;
    private const int NameLength = 16;

    public static ExecutableMagic MagicOf(ReadOnlySpan<byte> start)
    {
        var bigEndian = new ByteFields(start, isBigEndian: true);
        var littleEndian = new ByteFields(start, isBigEndian: false);
        if (bigEndian.U32(0) is Magic32 or Magic64 || littleEndian.U32(0) is Magic32 or Magic64)
        {
            return ExecutableMagic.MachO;
        }

        bool isUniversal = bigEndian.U32(0) is MagicUniversal or MagicUniversal64 && bigEndian.U32(4) is > 0 and <= MaxPrograms;
        return isUniversal ? ExecutableMagic.UniversalMachO : ExecutableMagic.None;
    }

    public static ExecutableFile Read(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        bool isBigEndian = new ByteFields(span, isBigEndian: true).U32(0) is Magic32 or Magic64;
        var fields = new ByteFields(span, isBigEndian);
        bool is64Bit = fields.U32(0) == Magic64;
        var segments = new List<FileRange>();
        var sections = new List<FileRange>();
        uint count = Math.Min(fields.U32(16), MaxCommands);
        long at = is64Bit ? 32 : 28;
        for (uint i = 0; i < count; i++)
        {
            uint length = fields.U32(at + 4);
            if (length < 8 || length > span.Length - at)
            {
                break;
            }

            if (fields.U32(at) == (is64Bit ? CommandSegment64 : CommandSegment) && segments.Count < ExecutableFile.MaxSegments)
            {
                segments.Add(SegmentAt(span, fields, is64Bit, at));
                AddSections(span, fields, is64Bit, at, length, sections);
            }

            at += length;
        }

        return new ExecutableFile { Bytes = bytes, Is64Bit = is64Bit, IsBigEndian = isBigEndian, Sections = sections, Segments = segments };
    }

    public static IReadOnlyList<ExecutableFile> ReadUniversal(ReadOnlyMemory<byte> bytes)
    {
        var fields = new ByteFields(bytes.Span, isBigEndian: true);
        bool is64Bit = fields.U32(0) == MagicUniversal64;
        uint count = Math.Min(fields.U32(4), MaxPrograms);
        var programs = new List<ExecutableFile>();
        for (uint i = 0; i < count; i++)
        {
            long at = 8 + (i * (is64Bit ? 32 : 20));
            ulong offset = fields.Word(at + 8, is64Bit);
            ulong length = fields.Word(at + (is64Bit ? 16 : 12), is64Bit);
            FileRange range = FileRange.Within(bytes.Length, "", 0, offset, length, isData: false);
            ReadOnlyMemory<byte> program = bytes.Slice(range.Start, range.Length);
            if (MagicOf(program.Span) == ExecutableMagic.MachO)
            {
                programs.Add(Read(program));
            }
        }

        return programs;
    }

    private static FileRange SegmentAt(ReadOnlySpan<byte> span, ByteFields fields, bool is64Bit, long at)
    {
        uint protection = fields.U32(at + (is64Bit ? 60 : 44));
        return FileRange.Within(
            span.Length,
            NameAt(span, at + 8),
            fields.Word(at + 24, is64Bit),
            fields.Word(at + (is64Bit ? 40 : 32), is64Bit),
            fields.Word(at + (is64Bit ? 48 : 36), is64Bit),
            (protection & (CanWrite | CanExecute)) == CanWrite);
    }

    private static void AddSections(
        ReadOnlySpan<byte> span, ByteFields fields, bool is64Bit, long segment, uint segmentLength, List<FileRange> sections)
    {
        uint count = fields.U32(segment + (is64Bit ? 64 : 48));
        int size = is64Bit ? 80 : 68;
        long at = segment + (is64Bit ? 72 : 56);
        for (uint i = 0; i < count && at + size <= segment + segmentLength && sections.Count < ExecutableFile.MaxSections; i++)
        {
            ulong address = fields.Word(at + 32, is64Bit);
            ulong length = fields.Word(at + (is64Bit ? 40 : 36), is64Bit);
            ulong offset = fields.U32(at + (is64Bit ? 48 : 40));
            sections.Add(FileRange.Within(span.Length, NameAt(span, at), address, offset, length, isData: false));
            at += size;
        }
    }

    private static string NameAt(ReadOnlySpan<byte> span, long at) =>
        at <= span.Length - NameLength ? Encoding.Latin1.GetString(span.Slice((int)at, NameLength)).TrimEnd('\0') : "";
}
