using System.Text;

namespace ImageScan.Core.Detectors.Executables.Formats;

/// <summary>
/// Reads the headers of ELF, of 32 and 64 bits and either byte order
/// (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html, ch4.sheader.html, ch5.pheader.html).
/// </summary>
internal static class ElfHeaders
{
    private const int SegmentLoad = 1;
    private const int SegmentDynamic = 2;
    private const uint CanExecute = 1;
    private const uint CanWrite = 2;

    // SHT_NOBITS: .bss and its like take no place in the file.
    private const uint SectionWithoutContent = 8;

    // SHN_XINDEX: the number did not fit, and the first section's header has it.
    private const ushort IndexElsewhere = 0xffff;
    private const int MaxNameLength = 64;

    public static ExecutableFile Read(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        bool is64Bit = span.Length > 4 && span[4] == 2;
        bool isBigEndian = span.Length > 5 && span[5] == 2;
        var fields = new ByteFields(span, isBigEndian);
        var segments = new List<FileRange>();
        DynamicTable? dynamic = ReadSegments(span, fields, is64Bit, segments);
        return new ExecutableFile
        {
            Bytes = bytes,
            Is64Bit = is64Bit,
            IsBigEndian = isBigEndian,
            Segments = segments,
            Dynamic = dynamic,
            Sections = ReadSections(span, fields, is64Bit),
        };
    }

    // The table for the dynamic linker is what this gives back.
    private static DynamicTable? ReadSegments(ReadOnlySpan<byte> span, ByteFields fields, bool is64Bit, List<FileRange> loaded)
    {
        ulong table = fields.Word(is64Bit ? 0x20 : 0x1c, is64Bit);
        int size = fields.U16(is64Bit ? 0x36 : 0x2a);
        int count = Math.Min(fields.U16(is64Bit ? 0x38 : 0x2c), (ushort)ExecutableFile.MaxSegments);
        DynamicTable? dynamic = null;
        for (int i = 0; i < count && table < (ulong)span.Length; i++)
        {
            long at = (long)table + (i * (long)size);
            uint type = fields.U32(at);
            uint flags = fields.U32(at + (is64Bit ? 4 : 24));
            ulong offset = fields.Word(at + (is64Bit ? 8 : 4), is64Bit);
            ulong address = fields.Word(at + (is64Bit ? 16 : 8), is64Bit);
            ulong length = fields.Word(at + (is64Bit ? 32 : 16), is64Bit);
            if (type == SegmentLoad)
            {
                loaded.Add(FileRange.Within(span.Length, "", address, offset, length, (flags & (CanWrite | CanExecute)) == CanWrite));
            }
            else if (type == SegmentDynamic)
            {
                dynamic ??= new DynamicTable(offset, length);
            }
        }

        return dynamic;
    }

    private static List<FileRange> ReadSections(ReadOnlySpan<byte> span, ByteFields fields, bool is64Bit)
    {
        ulong table = fields.Word(is64Bit ? 0x28 : 0x20, is64Bit);
        int size = fields.U16(is64Bit ? 0x3a : 0x2e);
        uint count = fields.U16(is64Bit ? 0x3c : 0x30);
        uint names = fields.U16(is64Bit ? 0x3e : 0x32);
        if (table == 0 || table >= (ulong)span.Length || size < (is64Bit ? 64 : 40))
        {
            return [];
        }

        // The first header describes no section; where a count does not fit into the file's header, it stands here.
        var first = SectionHeader.Read(span, fields, is64Bit, (long)table);
        long fitting = (span.Length - (long)table) / size;
        ulong stated = count == 0 ? first.StatedSize : count;
        count = (uint)Math.Min((ulong)fitting, Math.Min(stated, ExecutableFile.MaxSections));
        names = names == IndexElsewhere ? first.Link : names;
        ReadOnlySpan<byte> texts = names < fitting ? SectionHeader.Read(span, fields, is64Bit, (long)table + (names * (long)size)).Content.In(span) : default;
        var sections = new List<FileRange>((int)count);
        for (uint i = 1; i < count; i++)
        {
            var header = SectionHeader.Read(span, fields, is64Bit, (long)table + (i * (long)size));
            sections.Add(header.Content with { Name = TextAt(texts, header.Name) });
        }

        return sections;
    }

    private static string TextAt(ReadOnlySpan<byte> texts, uint at)
    {
        if (at >= texts.Length)
        {
            return "";
        }

        ReadOnlySpan<byte> text = texts[(int)at..];
        text = text[..Math.Min(text.Length, MaxNameLength)];
        int end = text.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? text : text[..end]);
    }

    private readonly record struct SectionHeader(uint Name, uint Link, ulong StatedSize, FileRange Content)
    {
        public static SectionHeader Read(ReadOnlySpan<byte> span, ByteFields fields, bool is64Bit, long at)
        {
            uint type = fields.U32(at + 4);
            ulong address = fields.Word(at + (is64Bit ? 16 : 12), is64Bit);
            ulong offset = fields.Word(at + (is64Bit ? 24 : 16), is64Bit);
            ulong size = fields.Word(at + (is64Bit ? 32 : 20), is64Bit);
            uint link = fields.U32(at + (is64Bit ? 40 : 24));
            return new SectionHeader(
                fields.U32(at),
                link,
                size,
                FileRange.Within(span.Length, "", address, offset, type == SectionWithoutContent ? 0 : size, isData: false));
        }
    }
}
