using System.Buffers.Binary;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// The central directory of a zip archive in memory (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3), read as a Java machine
/// does (https://github.com/openjdk/jdk/blob/jdk-21%2B35/src/java.base/share/classes/java/util/zip/ZipFile.java): only what it lists is in the
/// archive, its end is looked for from the back, and bytes before the archive (the start script of an executable one) are passed over.
/// Makes no object for a member, so their number costs time only.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndLength = 22;
    private const int Zip64LocatorLength = 20;
    private const int Zip64EndLength = 56;
    private const int HeaderLength = 46;
    private const int LocalHeaderLength = 30;
    private const ushort Zip64Extra = 1;

    private readonly ReadOnlyMemory<byte> _archive;
    private readonly int _prefix;
    private readonly int _end;
    private int _position;

    private ZipDirectory(ReadOnlyMemory<byte> archive, int start, int end, int prefix)
    {
        _archive = archive;
        _position = start;
        _end = end;
        _prefix = prefix;
    }

    private static ReadOnlySpan<byte> HeaderSignature => "PK\x01\x02"u8;

    private static ReadOnlySpan<byte> LocalHeaderSignature => "PK\x03\x04"u8;

    private static ReadOnlySpan<byte> EndSignature => "PK\x05\x06"u8;

    private static ReadOnlySpan<byte> Zip64EndSignature => "PK\x06\x06"u8;

    private static ReadOnlySpan<byte> Zip64LocatorSignature => "PK\x06\x07"u8;

    /// <summary>Whether the list broke off at something that is no header; known once all members were passed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The directory, standing before its first member; null if the bytes are no zip archive, or one cut short.</summary>
    public static ZipDirectory? Find(ReadOnlyMemory<byte> archive)
    {
        ReadOnlySpan<byte> bytes = archive.Span;
        int lowest = Math.Max(0, bytes.Length - EndLength - ushort.MaxValue);
        for (int end = bytes.Length - EndLength; end >= lowest; end--)
        {
            int found = bytes[lowest..(end + EndSignature.Length)].LastIndexOf(EndSignature);
            if (found < 0)
            {
                return null;
            }

            end = lowest + found;
            if (At(archive, end) is { } directory)
            {
                return directory;
            }
        }

        return null;
    }

    /// <summary>The next member; false after the last one, or where the list is broken.</summary>
    public bool TryNext(out ZipMember member)
    {
        member = default;
        ReadOnlySpan<byte> rest = _archive.Span[_position.._end];
        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest.Length < HeaderLength || !rest.StartsWith(HeaderSignature))
        {
            return Break();
        }

        int nameLength = UInt16(rest, 28);
        int extraLength = UInt16(rest, 30);
        int length = HeaderLength + nameLength + extraLength + UInt16(rest, 32);
        if (length > rest.Length)
        {
            return Break();
        }

        long compressedSize = UInt32(rest, 20);
        long size = UInt32(rest, 24);
        long offset = UInt32(rest, 42);
        TakeZip64(rest.Slice(HeaderLength + nameLength, extraLength), ref size, ref compressedSize, ref offset);
        member = new ZipMember(_archive.Slice(_position + HeaderLength, nameLength), UInt16(rest, 8), UInt16(rest, 10), compressedSize, size, offset);
        _position += length;
        return true;
    }

    /// <summary>The bytes of a member as they are stored, compressed or not; false if they do not lie in the archive.</summary>
    public bool TryBody(in ZipMember member, out ReadOnlyMemory<byte> body)
    {
        body = default;
        if (member.Offset < 0 || member.Offset > _archive.Length - LocalHeaderLength - _prefix)
        {
            return false;
        }

        long header = _prefix + member.Offset;

        // Of the local header only the lengths of name and extra field count; its sizes may be zero, to follow after the data (4.4.4, bit 3).
        ReadOnlySpan<byte> local = _archive.Span[(int)header..];
        if (!local.StartsWith(LocalHeaderSignature))
        {
            return false;
        }

        long start = header + LocalHeaderLength + UInt16(local, 26) + UInt16(local, 28);
        if (member.CompressedSize < 0 || start > _archive.Length || member.CompressedSize > _archive.Length - start)
        {
            return false;
        }

        body = _archive.Slice((int)start, (int)member.CompressedSize);
        return true;
    }

    private static ZipDirectory? At(ReadOnlyMemory<byte> archive, int end)
    {
        ReadOnlySpan<byte> bytes = archive.Span;
        int count = UInt16(bytes, end + 10);
        long size = UInt32(bytes, end + 12);
        long offset = UInt32(bytes, end + 16);
        int endOfList = end;
        if ((count == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue) && FindZip64End(bytes, end) is { } zip64)
        {
            endOfList = zip64;
            size = Int64(bytes, zip64 + 40);
            offset = Int64(bytes, zip64 + 48);
        }

        if (size < 0 || offset < 0 || size > endOfList)
        {
            return null;
        }

        if (size == 0)
        {
            // Empty; or the signature by chance, or by intent, in the comment of an archive that is not.
            return end + EndLength + UInt16(bytes, end + 20) == bytes.Length ? new ZipDirectory(archive, endOfList, endOfList, 0) : null;
        }

        int start = endOfList - (int)size;
        if (StartsList(bytes, start, endOfList) && offset <= start)
        {
            return new ZipDirectory(archive, start, endOfList, start - (int)offset);
        }

        // Something lies between the list and its end, such as a signature: then only the offset leads to it.
        return offset <= endOfList - size && StartsList(bytes, (int)offset, endOfList)
            ? new ZipDirectory(archive, (int)offset, (int)(offset + size), 0)
            : null;
    }

    private static bool StartsList(ReadOnlySpan<byte> bytes, int start, int end) =>
        bytes[start..end].StartsWith(HeaderSignature);

    // Its place is counted from the start of the archive, so bytes before that shift it; without extensible data it lies before its locator.
    private static int? FindZip64End(ReadOnlySpan<byte> bytes, int end)
    {
        int locator = end - Zip64LocatorLength;
        if (locator < 0 || !bytes[locator..].StartsWith(Zip64LocatorSignature))
        {
            return null;
        }

        foreach (long place in (ReadOnlySpan<long>)[Int64(bytes, locator + 8), locator - Zip64EndLength])
        {
            if (place >= 0 && place <= locator - Zip64EndLength && bytes[(int)place..].StartsWith(Zip64EndSignature))
            {
                return (int)place;
            }
        }

        return null;
    }

    // The extra field holds, in this order, those of the three that do not fit into 32 bits (4.5.3).
    private static void TakeZip64(ReadOnlySpan<byte> extra, ref long size, ref long compressedSize, ref long offset)
    {
        if (size != uint.MaxValue && compressedSize != uint.MaxValue && offset != uint.MaxValue)
        {
            return;
        }

        while (extra.Length >= 4)
        {
            int length = Math.Min(UInt16(extra, 2), extra.Length - 4);
            ReadOnlySpan<byte> field = extra.Slice(4, length);
            if (UInt16(extra, 0) == Zip64Extra)
            {
                TakeLong(ref size, ref field);
                TakeLong(ref compressedSize, ref field);
                TakeLong(ref offset, ref field);
                return;
            }

            extra = extra[(4 + length)..];
        }
    }

    private static void TakeLong(ref long value, ref ReadOnlySpan<byte> field)
    {
        if (value == uint.MaxValue && field.Length >= 8)
        {
            value = Int64(field, 0);
            field = field[8..];
        }
    }

    private bool Break()
    {
        IsBroken = true;
        _position = _end;
        return false;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
