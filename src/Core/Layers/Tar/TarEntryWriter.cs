using System.Globalization;
using System.Text;

namespace ImageScan.Core.Layers.Tar;

/// <summary>
/// Writes headers as POSIX has them (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06), with pax records for what
/// has no room in them. Its buffer is used again for each entry.
/// </summary>
internal sealed class TarEntryWriter(Stream archive)
{
    private const int NameLength = 100;
    private const int LinkOffset = 157;
    private const long LargestSize = (1L << 33) - 1;

    private readonly byte[] _header = new byte[TarBlocks.BlockBytes];
    private readonly List<byte> _records = [];
    private readonly byte[] _zeros = new byte[2 * TarBlocks.BlockBytes];

    /// <summary>Writes a record about the whole archive, which no reader heeds.</summary>
    public void WriteGlobal(ReadOnlySpan<byte> key, string value)
    {
        AddRecord(key, Encoding.UTF8.GetBytes(value));
        WriteRecords('g');
    }

    /// <summary>Adds a record to the next entry.</summary>
    public void AddRecord(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        // A record counts itself, its own number too.
        int rest = key.Length + value.Length + 3;
        int length = rest + DigitsOf(rest);
        length = rest + DigitsOf(length);
        _records.AddRange(Ascii(length));
        _records.Add((byte)' ');
        _records.AddRange(key);
        _records.Add((byte)'=');
        _records.AddRange(value);
        _records.Add((byte)'\n');
    }

    /// <summary>Adds a record whose value is a number.</summary>
    public void AddRecord(ReadOnlySpan<byte> key, long value) => AddRecord(key, Ascii(value));

    /// <summary>Writes the headers of an entry; the body, of so many bytes, and its <see cref="Pad"/> are to follow.</summary>
    public void WriteEntry(char type, string name, string link, bool isExecutable, long bodyBytes)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        byte[] linkBytes = Encoding.UTF8.GetBytes(link);
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

        if (_records.Count > 0)
        {
            WriteRecords('x');
        }

        WriteHeader(type, nameBytes, linkBytes, isExecutable, bodyBytes);
    }

    /// <summary>Fills the last block of a body.</summary>
    public void Pad(long bodyBytes) => archive.Write(_zeros, 0, (int)(-bodyBytes & (TarBlocks.BlockBytes - 1)));

    /// <summary>Ends the archive.</summary>
    public void End() => archive.Write(_zeros);

    private void WriteRecords(char type)
    {
        byte[] records = [.. _records];
        _records.Clear();
        WriteHeader(type, "PaxHeader"u8, [], isExecutable: false, records.Length);
        archive.Write(records);
        Pad(records.Length);
    }

    private void WriteHeader(char type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, bool isExecutable, long bodyBytes)
    {
        Span<byte> header = _header;
        header.Clear();
        name[..Math.Min(name.Length, NameLength)].CopyTo(header);
        PutOctal(header.Slice(100, 7), isExecutable ? 0b111_101_101 : 0b110_100_100);
        PutOctal(header.Slice(124, 11), Math.Min(bodyBytes, LargestSize));
        header[156] = (byte)type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(header[LinkOffset..]);
        "ustar\u000000"u8.CopyTo(header[257..]);
        PutOctal(header.Slice(148, 6), TarHeader.Checksum(header).Sum);
        header[155] = (byte)' ';
        archive.Write(header);
    }

    private static void PutOctal(Span<byte> field, long value)
    {
        for (int i = field.Length - 1; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    private static int DigitsOf(int number) => Ascii(number).Length;

    private static byte[] Ascii(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
