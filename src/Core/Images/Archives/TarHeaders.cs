using System.Text;

namespace ImageScan.Core.Images.Archives;

/// <summary>
/// Walks over a tar's headers and notes where its files are: ustar, pax and GNU long names
/// (https://www.gnu.org/software/tar/manual/html_node/Standard.html, POSIX pax). Contents are skipped, not read.
/// </summary>
internal sealed class TarHeaders(Stream tar, string archive, ImageLimits limits)
{
    private const int BlockBytes = 512;

    private readonly Dictionary<string, TarMember> _members = new(StringComparer.Ordinal);
    private long _position;
    private string? _longName;
    private string? _longLink;
    private long? _paxSize;

    /// <summary>The members by path; of two with one path the later. Throws <see cref="RegistryException"/> for what is no tar.</summary>
    public async Task<Dictionary<string, TarMember>> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] header = new byte[BlockBytes];
        for (int entries = 0; await FillAsync(header, cancellationToken) && header.AsSpan().ContainsAnyExcept((byte)0); entries++)
        {
            if (entries == limits.ArchiveEntries)
            {
                throw new RegistryException($"{archive} has more than {limits.ArchiveEntries} entries (ArchiveEntries).");
            }

            if (!HasValidChecksum(header))
            {
                throw Corrupt($"at byte {_position - BlockBytes} stands no tar header");
            }

            await ReadEntryAsync(header, cancellationToken);
        }

        return _members;
    }

    /// <summary>Passes over bytes: by seeking where the stream can, else by reading. Throws <see cref="EndOfStreamException"/>.</summary>
    public static void Skip(Stream stream, long bytes)
    {
        if (stream.CanSeek)
        {
            stream.Seek(bytes, SeekOrigin.Current);
            return;
        }

        byte[] buffer = new byte[64 * 1024];
        while (bytes > 0)
        {
            int read = stream.Read(buffer, 0, (int)Math.Min(bytes, buffer.Length));
            bytes -= read > 0 ? read : throw new EndOfStreamException();
        }
    }

    private async Task ReadEntryAsync(byte[] header, CancellationToken cancellationToken)
    {
        char type = (char)header[156];
        long size = type is 'x' or 'g' or 'L' or 'K' ? Number(header.AsSpan(124, 12)) : _paxSize ?? Number(header.AsSpan(124, 12));

        // Links, folders and devices have no content, whatever their size field says.
        size = type is '1' or '2' or '3' or '4' or '5' or '6' ? 0 : size;
        if (size < 0 || size > limits.ArchiveBytes - _position)
        {
            throw Corrupt($"the entry at byte {_position - BlockBytes} claims {size} bytes");
        }

        switch (type)
        {
            case 'L':
                _longName = Text(await RecordAsync(size, cancellationToken));
                return;
            case 'K':
                _longLink = Text(await RecordAsync(size, cancellationToken));
                return;
            case 'x':
                ReadPax(await RecordAsync(size, cancellationToken));
                return;
            case 'g':
                Pass(size);
                PassPadding(size);
                return;
        }

        Note(header, type, size);
        (_longName, _longLink, _paxSize) = (null, null, null);
        Pass(size);
        PassPadding(size);
    }

    private void Note(byte[] header, char type, long size)
    {
        string prefix = header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) ? Text(header.AsSpan(345, 155)) : "";
        string name = Text(header.AsSpan(0, 100));
        string? path = TarFiles.Normalize(_longName ?? (prefix.Length > 0 ? $"{prefix}/{name}" : name));
        TarMemberKind? kind = type switch
        {
            '0' or '\0' or '7' => TarMemberKind.File,
            '1' => TarMemberKind.HardLink,
            '2' => TarMemberKind.SymbolicLink,
            _ => null,
        };
        if (path is { Length: > 0 } && kind is not null)
        {
            _members[path] = new TarMember(kind.Value, _position, size, _longLink ?? Text(header.AsSpan(157, 100)));
        }
    }

    // Records are "LENGTH key=value\n", the length counting itself.
    private void ReadPax(ReadOnlySpan<byte> record)
    {
        while (record.IndexOf((byte)' ') is > 0 and var space
            && int.TryParse(record[..space], out int length)
            && length > space + 1
            && length <= record.Length)
        {
            ReadOnlySpan<byte> pair = record[(space + 1)..(length - 1)];
            int equals = pair.IndexOf((byte)'=');
            string value = equals < 0 ? "" : Encoding.UTF8.GetString(pair[(equals + 1)..]);
            switch (equals < 0 ? "" : Encoding.UTF8.GetString(pair[..equals]))
            {
                case "path":
                    _longName = value;
                    break;
                case "linkpath":
                    _longLink = value;
                    break;
                case "size" when long.TryParse(value, out long size):
                    _paxSize = size;
                    break;
            }

            record = record[length..];
        }
    }

    private async Task<byte[]> RecordAsync(long size, CancellationToken cancellationToken)
    {
        if (size > limits.ArchiveRecordBytes)
        {
            throw new RegistryException($"{archive} has a name record of {size} bytes; at most {limits.ArchiveRecordBytes} are read (ArchiveRecordBytes).");
        }

        byte[] record = new byte[size];
        if (!await FillAsync(record, cancellationToken))
        {
            throw Corrupt("it ends within a name record");
        }

        PassPadding(size);
        return record;
    }

    // The padding after the last entry may be missing; its content may not, and a file can be sought beyond its end without an error.
    private void Pass(long size)
    {
        if (tar.CanSeek && size > tar.Length - tar.Position)
        {
            throw Corrupt("it ends within an entry");
        }

        try
        {
            Skip(tar, size);
        }
        catch (EndOfStreamException)
        {
            throw Corrupt("it ends within an entry");
        }

        _position += size;
    }

    private void PassPadding(long size)
    {
        long padding = (BlockBytes - (size % BlockBytes)) % BlockBytes;
        try
        {
            Skip(tar, padding);
            _position += padding;
        }
        catch (EndOfStreamException)
        {
            // The next header will not be there either, and that ends the walk.
        }
    }

    /// <summary>Fills the buffer; false at the end of the archive.</summary>
    private async Task<bool> FillAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        int read = await tar.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        _position += read;
        return read == buffer.Length;
    }

    // The sum of all bytes, its own field taken as spaces. Some old tars summed signed bytes.
    private static bool HasValidChecksum(ReadOnlySpan<byte> header)
    {
        int unsigned = 8 * ' ';
        int signed = unsigned;
        for (int i = 0; i < BlockBytes; i++)
        {
            if (i is < 148 or >= 156)
            {
                unsigned += header[i];
                signed += (sbyte)header[i];
            }
        }

        long written = Number(header[148..156]);
        return written >= 0 && (written == unsigned || written == signed);
    }

    // Octal digits, or with the first bit set a big-endian number (GNU); -1 for neither.
    private static long Number(ReadOnlySpan<byte> field)
    {
        long value = 0;
        if ((field[0] & 0x80) != 0)
        {
            foreach (byte b in field[1..])
            {
                value = value > (long.MaxValue >> 8) ? long.MaxValue : (value << 8) | b;
            }

            return value;
        }

        foreach (byte b in field.Trim(" \0"u8))
        {
            if (b is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            value = (value << 3) | (uint)(b - '0');
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private RegistryException Corrupt(string why) => new($"{archive} is no tar that can be read: {why}.") { Failure = RegistryFailure.Corrupt };
}

internal enum TarMemberKind
{
    File,
    HardLink,
    SymbolicLink,
}

/// <summary>A member of a tar.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where its content begins, in bytes from the start of the uncompressed tar.</param>
/// <param name="Size">Bytes of content.</param>
/// <param name="LinkTarget">What a link points at, as written.</param>
internal sealed record TarMember(TarMemberKind Kind, long Offset, long Size, string LinkTarget);
