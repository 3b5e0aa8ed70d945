using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ImageScan.Core.Layers.Tar;

/// <summary>
/// Writes headers as POSIX has them (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06), with pax records for what
/// has no room in them. For one thread; done for every entry of every layer, so its buffers are used again.
/// </summary>
internal sealed class TarEntryWriter(Stream archive)
{
    private const int NameLength = 100;
    private const int LinkOffset = 157;
    private const long LargestSize = (1L << 33) - 1;

    private readonly ArrayBufferWriter<byte> _records = new(TarBlocks.BlockBytes);
    private readonly ArrayBufferWriter<byte> _headers = new(3 * TarBlocks.BlockBytes);
    private readonly byte[] _zeros = new byte[2 * TarBlocks.BlockBytes];
    private byte[] _name = new byte[256];
    private byte[] _link = new byte[256];

    /// <summary>Writes a record about the whole archive, which no reader heeds.</summary>
    public void WriteGlobal(ReadOnlySpan<byte> key, string value)
    {
        AddRecord(key, Encoding.UTF8.GetBytes(value));
        PutRecords('g');
        WriteHeaders();
    }

    /// <summary>Adds a record to the next entry.</summary>
    public void AddRecord(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        // A record counts itself, its own number too.
        int rest = key.Length + value.Length + 3;
        int length = rest + DigitsOf(rest);
        length = rest + DigitsOf(length);
        PutDecimal(length);
        _records.Write(" "u8);
        _records.Write(key);
        _records.Write("="u8);
        _records.Write(value);
        _records.Write("\n"u8);
    }

    /// <summary>Adds a record whose value is a number.</summary>
    public void AddRecord(ReadOnlySpan<byte> key, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out int count);
        AddRecord(key, digits[..count]);
    }

    /// <summary>Writes the headers of an entry; the body, of so many bytes, and its <see cref="Pad"/> are to follow.</summary>
    public void WriteEntry(char type, string name, string link, bool isExecutable, long bodyBytes)
    {
        ReadOnlySpan<byte> nameBytes = Encode(name, ref _name);
        ReadOnlySpan<byte> linkBytes = Encode(link, ref _link);
        if (nameBytes.Length > NameLength)
        {
            AddRecord("path"u8, nameBytes);
        }

        if (linkBytes.Length > NameLength)
        {
            AddRecord("linkpath"u8, linkBytes);
        }

        if (bodyBytes > LargestSize)
        {
            AddRecord("size"u8, bodyBytes);
        }

        if (_records.WrittenCount > 0)
        {
            PutRecords('x');
        }

        PutHeader(type, nameBytes, linkBytes, isExecutable, bodyBytes);
        WriteHeaders();
    }

    /// <summary>Fills the last block of a body.</summary>
    public void Pad(long bodyBytes) => archive.Write(_zeros, 0, (int)PaddingOf(bodyBytes));

    /// <summary>Ends the archive.</summary>
    public void End() => archive.Write(_zeros);

    private void PutRecords(char type)
    {
        int length = _records.WrittenCount;
        PutHeader(type, "PaxHeader"u8, [], isExecutable: false, length);
        _headers.Write(_records.WrittenSpan);
        _headers.Write(_zeros.AsSpan(0, (int)PaddingOf(length)));
        _records.ResetWrittenCount();
    }

    private void PutHeader(char type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, bool isExecutable, long bodyBytes)
    {
        Span<byte> header = _headers.GetSpan(TarBlocks.BlockBytes)[..TarBlocks.BlockBytes];
        header.Clear();
        name[..Math.Min(name.Length, NameLength)].CopyTo(header);
        PutOctal(header.Slice(100, 7), isExecutable ? 0b111_101_101 : 0b110_100_100);
        PutOctal(header.Slice(124, 11), Math.Min(bodyBytes, LargestSize));
        header[156] = (byte)type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(header[LinkOffset..]);
        "ustar\u000000"u8.CopyTo(header[257..]);
        PutOctal(header.Slice(148, 6), TarHeader.Checksum(header).Sum);
        header[155] = (byte)' ';
        _headers.Advance(TarBlocks.BlockBytes);
    }

    private void WriteHeaders()
    {
        archive.Write(_headers.WrittenSpan);
        _headers.ResetWrittenCount();
    }

    private void PutDecimal(long number)
    {
        Utf8Formatter.TryFormat(number, _records.GetSpan(20), out int digits);
        _records.Advance(digits);
    }

    private static ReadOnlySpan<byte> Encode(string text, ref byte[] buffer)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > buffer.Length)
        {
            buffer = new byte[most];
        }

        return buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
    }

    private static void PutOctal(Span<byte> field, long value)
    {
        for (int i = field.Length - 1; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    private static int DigitsOf(long number)
    {
        int digits = 1;
        for (; number >= 10; number /= 10)
        {
            digits++;
        }

        return digits;
    }

    private static long PaddingOf(long bytes) => -bytes & (TarBlocks.BlockBytes - 1);
}
