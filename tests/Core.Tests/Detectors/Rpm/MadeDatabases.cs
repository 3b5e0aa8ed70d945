using System.Buffers.Binary;

namespace ImageScan.Core.Tests.Detectors.Rpm;

/// <summary>Builds databases of rpm around given headers.</summary>
internal static class MadeDatabases
{
    private const int SqliteOverflowBytes = 4;

    /// <summary>An SQLite file: the schema on page 1, the root of the table on page 2, then what rows overflow to, then the rest of the tree.</summary>
    public static byte[] Sqlite(IReadOnlyList<byte[]> headers, int pageBytes = 4096, int reserved = 0)
    {
        int usable = pageBytes - reserved;
        var pages = new List<byte[]> { new byte[pageBytes], new byte[pageBytes] };
        List<byte[]> cells = [.. headers.Select((header, i) => SqliteRow(i + 1, header, pages, pageBytes, usable))];
        byte type = 13;
        while (!Fits(cells, type, usable))
        {
            cells = [.. Groups(cells, type, usable).Select((group, i) => Child(group, type, i, pages, pageBytes, usable))];
            type = 5;
        }

        WriteBtreePage(pages[1], 0, type, cells, usable);
        byte[] first = pages[0];
        "SQLite format 3\0"u8.CopyTo(first);
        BinaryPrimitives.WriteUInt16BigEndian(first.AsSpan(16), (ushort)(pageBytes == 65536 ? 1 : pageBytes));
        first[18] = first[19] = 2;
        first[20] = (byte)reserved;
        BinaryPrimitives.WriteUInt32BigEndian(first.AsSpan(28), (uint)pages.Count);
        BinaryPrimitives.WriteUInt32BigEndian(first.AsSpan(56), 1);
        byte[] other = SqliteRecord(("index"u8.ToArray(), false), ("Packages"u8.ToArray(), false), ("Packages"u8.ToArray(), false), ([9], true));
        byte[] table = SqliteRecord(("table"u8.ToArray(), false), ("Packages"u8.ToArray(), false), ("Packages"u8.ToArray(), false), ([2], true));
        WriteBtreePage(first, 100, 13, [SqliteCell(1, other), SqliteCell(2, table)], usable);
        return [.. pages.SelectMany(page => page)];
    }

    /// <summary>A Berkeley DB hash with so many buckets, each header on a chain of overflow pages.</summary>
    public static byte[] Berkeley(IReadOnlyList<byte[]> headers, int pageBytes = 4096, bool bigEndian = false, int buckets = 4, bool checksums = false)
    {
        var writer = new MadeBerkeley(pageBytes, bigEndian, checksums);
        return writer.Write(headers, buckets);
    }

    /// <summary>A database of rpm's ndb format; every other slot is free.</summary>
    public static byte[] Ndb(IReadOnlyList<byte[]> headers)
    {
        int slotPages = ((headers.Count * 2 * 16) + 32 + 4095) / 4096;
        var file = new List<byte>([.. "RpmP"u8, .. Little32(0), .. Little32(7), .. Little32((uint)slotPages), .. Little32((uint)headers.Count + 1)]);
        file.AddRange(new byte[12]);
        var blobs = new List<byte>();
        for (int slot = 2; slot < slotPages * 256; slot++)
        {
            int package = (slot - 2) / 2;
            bool free = slot % 2 == 1 || package >= headers.Count;
            byte[] blob = free ? [] : NdbBlob((uint)package + 1, headers[package]);
            uint at = free ? 0 : (uint)((slotPages * 4096) + blobs.Count) / 16;
            file.AddRange([.. "Slot"u8, .. Little32(free ? 0 : (uint)package + 1), .. Little32(at), .. Little32((uint)blob.Length / 16)]);
            blobs.AddRange(blob);
        }

        return [.. file, .. blobs];
    }

    private static byte[] NdbBlob(uint package, byte[] header)
    {
        int padding = (16 - ((header.Length + 12) % 16)) % 16;
        return
        [
            .. "BlbS"u8, .. Little32(package), .. Little32(1_700_000_000), .. Little32((uint)header.Length),
            .. header, .. new byte[padding],
            .. Little32(0), .. Little32((uint)header.Length), .. "BlbE"u8,
        ];
    }

    // The pages of one level of the tree; each becomes a cell on the level above.
    private static IEnumerable<List<byte[]>> Groups(List<byte[]> cells, byte type, int usable)
    {
        var group = new List<byte[]>();
        foreach (byte[] cell in cells)
        {
            if (!Fits([.. group, cell], type, usable))
            {
                yield return group;
                group = [];
            }

            group.Add(cell);
        }

        yield return group;
    }

    private static byte[] Child(List<byte[]> cells, byte type, int key, List<byte[]> pages, int pageBytes, int usable)
    {
        var page = new byte[pageBytes];
        WriteBtreePage(page, 0, type, cells, usable);
        pages.Add(page);
        return [.. Big32((uint)pages.Count), .. Varint((ulong)key + 1)];
    }

    private static bool Fits(List<byte[]> cells, byte type, int usable) =>
        cells.Sum(cell => cell.Length + 2) + (type == 5 ? 12 : 8) <= usable;

    private static byte[] SqliteRow(int key, byte[] header, List<byte[]> pages, int pageBytes, int usable)
    {
        byte[] payload = SqliteRecord((null, false), (header, true));
        int most = usable - 35;
        int least = ((usable - 12) * 32 / 255) - 23;
        int fitting = least + ((payload.Length - least) % (usable - SqliteOverflowBytes));
        int here = payload.Length <= most ? payload.Length : fitting <= most ? fitting : least;
        byte[] start = [.. Varint((ulong)payload.Length), .. Varint((ulong)key), .. payload[..here]];
        if (here == payload.Length)
        {
            return start;
        }

        byte[] cell = [.. start, .. Big32((uint)pages.Count + 1)];
        foreach (byte[] part in payload[here..].Chunk(usable - SqliteOverflowBytes))
        {
            here += part.Length;
            byte[] page = new byte[pageBytes];
            BinaryPrimitives.WriteUInt32BigEndian(page, here == payload.Length ? 0 : (uint)pages.Count + 2);
            part.CopyTo(page, SqliteOverflowBytes);
            pages.Add(page);
        }

        return cell;
    }

    // Null is NULL; of the others, a number of one byte or a blob if "binary", else a text.
    private static byte[] SqliteRecord(params (byte[]? Value, bool Binary)[] columns)
    {
        byte[] types =
        [
            .. columns.SelectMany(column => Varint(column.Value switch
            {
                null => 0,
                { Length: 1 } when column.Binary => 1,
                var value => ((ulong)value.Length * 2) + (column.Binary ? 12u : 13u),
            })),
        ];
        return [(byte)(types.Length + 1), .. types, .. columns.SelectMany(column => column.Value ?? [])];
    }

    private static byte[] SqliteCell(int key, byte[] payload) => [.. Varint((ulong)payload.Length), .. Varint((ulong)key), .. payload];

    // Of an interior page the last child stands apart from the others.
    private static void WriteBtreePage(byte[] page, int at, byte type, List<byte[]> cells, int usable)
    {
        if (type == 5)
        {
            cells[^1].AsSpan(0, 4).CopyTo(page.AsSpan(at + 8));
            cells = cells[..^1];
        }

        page[at] = type;
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(at + 3), (ushort)cells.Count);
        int end = usable;
        for (int i = 0; i < cells.Count; i++)
        {
            end -= cells[i].Length;
            cells[i].CopyTo(page, end);
            BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(at + (type == 5 ? 12 : 8) + (2 * i)), (ushort)end);
        }
    }

    private static byte[] Varint(ulong number)
    {
        var bytes = new List<byte> { (byte)(number & 0x7F) };
        for (number >>= 7; number > 0; number >>= 7)
        {
            bytes.Insert(0, (byte)(number | 0x80));
        }

        return [.. bytes];
    }

    private static byte[] Big32(uint number) => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(number));

    private static byte[] Little32(uint number) => BitConverter.GetBytes(number);
}
