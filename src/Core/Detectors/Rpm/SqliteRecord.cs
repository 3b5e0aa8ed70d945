namespace ImageScan.Core.Detectors.Rpm;

/// <summary>Takes rows of an SQLite table apart ("Record Format" of https://www.sqlite.org/fileformat2.html).</summary>
internal static class SqliteRecord
{
    /// <summary>The content of a column; shorter than its type says if a part of the row was lost, empty if there is no such column.</summary>
    /// <param name="row">The whole row: the types of all columns, then their contents.</param>
    /// <param name="wanted">The column, the first being 0.</param>
    /// <param name="type">Its serial type; 0 if there is no such column.</param>
    public static ReadOnlyMemory<byte> Column(ReadOnlyMemory<byte> row, int wanted, out long type)
    {
        type = 0;
        int at = 0;
        if (!TryVarint(row.Span, ref at, out ulong headerBytes) || headerBytes > (ulong)row.Length)
        {
            return default;
        }

        long content = (long)headerBytes;
        for (int column = 0; at < (int)headerBytes && TryVarint(row.Span, ref at, out ulong serial); column++)
        {
            long bytes = BytesOf(serial);
            if (column == wanted)
            {
                type = (long)serial;
                return content >= row.Length ? default : row.Slice((int)content, (int)Math.Min(bytes, row.Length - content));
            }

            content = Math.Min(content + bytes, row.Length);
        }

        return default;
    }

    /// <summary>Reads a number of one to nine bytes: seven bits each, the highest first, and all eight of the ninth. False if it is cut off.</summary>
    public static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong number)
    {
        number = 0;
        for (int i = 0; i < 9 && at < bytes.Length; i++)
        {
            byte part = bytes[at++];
            if (i == 8)
            {
                number = (number << 8) | part;
                return true;
            }

            number = (number << 7) | (part & 0x7Fu);
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static long BytesOf(ulong serial) => serial switch
    {
        <= 4 => (long)serial,
        5 => 6,
        6 or 7 => 8,
        < 12 => 0,
        _ => (long)Math.Min((serial - 12) / 2, int.MaxValue),
    };
}
