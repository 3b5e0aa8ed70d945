using System.Text;

namespace ImageScan.Core.Detectors.Executables.Formats;

/// <summary>Reads the headers of Windows programs (https://learn.microsoft.com/windows/win32/debug/pe-format).</summary>
internal static class PeHeaders
{
    private const int PlaceOfOffset = 0x3c;
    private const int FileHeaderBytes = 24;
    private const int SectionBytes = 40;
    private const ushort Magic64 = 0x20b;
    private const int RuntimeHeaderDirectory = 14;
    private const int DirectoryBytes = 8;
    private const uint InitializedData = 0x40;
    private const uint CanExecute = 0x2000_0000;
    private const uint CanWrite = 0x8000_0000;

    /// <summary>The program; null if these bytes are none.</summary>
    public static ExecutableFile? Read(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        var fields = new ByteFields(span, isBigEndian: false);
        if (StartOf(span) is not { } start)
        {
            return null;
        }

        long optional = start + FileHeaderBytes;
        bool is64Bit = fields.U16(optional) == Magic64;
        ulong loadedAt = is64Bit ? fields.U64(optional + 24) : fields.U32(optional + 28);
        int count = Math.Min(fields.U16(start + 6), (ushort)ExecutableFile.MaxSegments);
        long table = optional + fields.U16(start + 20);
        var sections = new List<FileRange>(count);
        for (int i = 0; i < count; i++)
        {
            long at = table + ((long)i * SectionBytes);
            if (at > span.Length - SectionBytes)
            {
                break;
            }

            uint flags = fields.U32(at + 36);
            bool isData = (flags & (InitializedData | CanExecute | CanWrite)) == (InitializedData | CanWrite);
            string name = Encoding.Latin1.GetString(span.Slice((int)at, 8)).TrimEnd('\0');
            sections.Add(FileRange.Within(span.Length, name, loadedAt + fields.U32(at + 12), fields.U32(at + 20), fields.U32(at + 16), isData));
        }

        return new ExecutableFile { Bytes = bytes, Is64Bit = is64Bit, IsBigEndian = false, Sections = sections, Segments = sections };
    }

    /// <summary>
    /// Whether this is an assembly of .NET, by the first bytes of the file: it has a header for the runtime. What it is, stands in the
    /// deps.json beside it, and no other language puts packages into one.
    /// </summary>
    public static bool IsManaged(ReadOnlySpan<byte> start)
    {
        if (StartOf(start) is not { } header)
        {
            return false;
        }

        var fields = new ByteFields(start, isBigEndian: false);
        long optional = header + FileHeaderBytes;
        int directories = fields.U16(optional) == Magic64 ? 112 : 96;
        uint count = fields.U32(optional + directories - 4);
        return count > RuntimeHeaderDirectory && fields.U32(optional + directories + (RuntimeHeaderDirectory * DirectoryBytes)) != 0;
    }

    private static long? StartOf(ReadOnlySpan<byte> span)
    {
        uint start = new ByteFields(span, isBigEndian: false).U32(PlaceOfOffset);
        return start < span.Length && span[(int)start..].StartsWith("PE\0\0"u8) ? start : null;
    }
}
