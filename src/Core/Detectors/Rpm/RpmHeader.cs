using System.Buffers.Binary;
using System.Text;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>
/// Reads single tags of a package's header as databases keep it: the number of entries in the index, the size of the store, the index, the
/// store; all big-endian (https://rpm-software-management.github.io/rpm/manual/format_header.html). Looks at nothing that is not asked for.
/// </summary>
internal ref struct RpmHeader
{
    private const int IntroBytes = 8;
    private const int EntryBytes = 16;

    // rpm takes no more (hdrchkTags in lib/header.c).
    private const uint MaxEntries = 0xFFFF;

    // Longer than any name, version or licence.
    private const int MaxTextBytes = 4096;

    private readonly ReadOnlySpan<byte> _index;
    private readonly ReadOnlySpan<byte> _store;

    private RpmHeader(ReadOnlySpan<byte> index, ReadOnlySpan<byte> store)
    {
        _index = index;
        _store = store;
    }

    // RPM_CHAR_TYPE and so on, in rpm's rpmtag.h.
    private enum DataType : uint
    {
        Char = 1,
        Int8 = 2,
        Int16 = 3,
        Int32 = 4,
        Int64 = 5,
        String = 6,
        Binary = 7,
        StringArray = 8,
        InternationalString = 9,
    }

    /// <summary>Whether something that was asked for lies outside the header, or is of another type than such tags are.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Takes a header from its bytes; false if they are none. A header that is cut off is one, and is damaged.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> blob, out RpmHeader header)
    {
        header = default;
        if (blob.Length < IntroBytes)
        {
            return false;
        }

        uint entries = BinaryPrimitives.ReadUInt32BigEndian(blob);
        uint storeBytes = BinaryPrimitives.ReadUInt32BigEndian(blob[4..]);
        if (entries is 0 or > MaxEntries || entries * EntryBytes > blob.Length - IntroBytes)
        {
            return false;
        }

        int storeStart = IntroBytes + ((int)entries * EntryBytes);
        int here = blob.Length - storeStart;
        header = new RpmHeader(blob[IntroBytes..storeStart], blob.Slice(storeStart, (int)Math.Min(storeBytes, (uint)here))) { IsDamaged = storeBytes > here };
        return true;
    }

    /// <summary>The first text of a tag; null if there is none, or if it is longer than 4096 bytes.</summary>
    public string? Text(RpmTag tag)
    {
        RpmTexts texts = Texts(tag);
        if (texts.Count == 0)
        {
            return null;
        }

        if (texts.TryNext(out ReadOnlySpan<byte> text))
        {
            return text.Length <= MaxTextBytes ? Encoding.UTF8.GetString(text) : null;
        }

        IsDamaged = true;
        return null;
    }

    /// <summary>The texts of a tag, none if the header does not have it.</summary>
    public RpmTexts Texts(RpmTag tag)
    {
        if (!TryFind(tag, out DataType type, out uint offset, out uint count))
        {
            return default;
        }

        if (type is DataType.String or DataType.StringArray or DataType.InternationalString && offset < _store.Length)
        {
            return new RpmTexts(_store[(int)offset..], count);
        }

        IsDamaged = true;
        return default;
    }

    /// <summary>The numbers of a tag, none if the header does not have it.</summary>
    public RpmNumbers Numbers(RpmTag tag)
    {
        if (!TryFind(tag, out DataType type, out uint offset, out uint count))
        {
            return default;
        }

        int bytes = type switch
        {
            DataType.Char or DataType.Int8 => 1,
            DataType.Int16 => 2,
            DataType.Int32 => 4,
            DataType.Int64 => 8,
            _ => 0,
        };
        if (bytes > 0 && offset + ((long)count * bytes) <= _store.Length)
        {
            return new RpmNumbers(_store.Slice((int)offset, (int)count * bytes), bytes);
        }

        IsDamaged = true;
        return default;
    }

    // The last entry of a tag counts: what an installation adds or changes stands after the region of the package's own header, and stands
    // for the same tags in it (https://rpm-software-management.github.io/rpm/manual/hregions.html).
    private readonly bool TryFind(RpmTag tag, out DataType type, out uint offset, out uint count)
    {
        for (int at = _index.Length - EntryBytes; at >= 0; at -= EntryBytes)
        {
            ReadOnlySpan<byte> entry = _index.Slice(at, EntryBytes);
            if (BinaryPrimitives.ReadUInt32BigEndian(entry) == (uint)tag)
            {
                type = (DataType)BinaryPrimitives.ReadUInt32BigEndian(entry[4..]);
                offset = BinaryPrimitives.ReadUInt32BigEndian(entry[8..]);
                count = BinaryPrimitives.ReadUInt32BigEndian(entry[12..]);
                return true;
            }
        }

        type = default;
        offset = count = 0;
        return false;
    }
}
