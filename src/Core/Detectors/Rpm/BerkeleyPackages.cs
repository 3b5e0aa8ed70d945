using System.Buffers.Binary;
using System.Numerics;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>
/// Reads the headers in a Berkeley DB hash, <c>Packages</c> of RHEL up to 8 and of Amazon Linux 2. The layout is that of
/// https://github.com/berkeleydb/libdb/blob/v5.3.28/src/dbinc/db_page.h, the walk that of rpm's own reader,
/// https://github.com/rpm-software-management/rpm/blob/rpm-4.18.0-release/lib/backend/bdb_ro.c: bucket by bucket, each a chain of pages.
/// Numbers are in the byte order of the machine that wrote them.
/// </summary>
internal sealed class BerkeleyPackages
{
    private const int MetaBytes = 512;
    private const uint HashMagic = 0x00061561;
    private const uint BtreeMagic = 0x00053162;
    private const int PageHeaderBytes = 26;
    private const int ChecksumBytes = 6;

    // Types of pages, and of the items on them.
    private const byte UnsortedHashPage = 2;
    private const byte OverflowPage = 7;
    private const byte HashMetaPage = 8;
    private const byte HashPage = 13;
    private const byte InlineItem = 1;
    private const byte OverflowItem = 3;
    private const int OverflowItemBytes = 12;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly DatabaseReading _reading;
    private readonly bool _bigEndian;
    private readonly HeaderBuffer _buffer = new();

    // What a page begins with before its own content.
    private readonly int _pageStart;

    private BerkeleyPackages(ReadOnlyMemory<byte> file, DatabaseReading reading)
    {
        _file = file;
        _reading = reading;
        _bigEndian = IsMagic(BinaryPrimitives.ReadUInt32BigEndian(file.Span[12..]));
        _pageStart = PageHeaderBytes + (file.Length > 26 && (file.Span[26] & 1) != 0 ? ChecksumBytes : 0);
    }

    public static bool Is(ReadOnlySpan<byte> file) =>
        file.Length >= 16 && (IsMagic(BinaryPrimitives.ReadUInt32LittleEndian(file[12..])) || IsMagic(BinaryPrimitives.ReadUInt32BigEndian(file[12..])));

    /// <summary>Every header in the database, one after the other.</summary>
    public static IEnumerable<HeaderBlob> Headers(ReadOnlyMemory<byte> file, DatabaseReading reading) =>
        new BerkeleyPackages(file, reading).Headers();

    private static bool IsMagic(uint number) => number is HashMagic or BtreeMagic;

    private IEnumerable<HeaderBlob> Headers()
    {
        if (Unsupported() is { } what)
        {
            _reading.Damaged($"The Berkeley DB {what}: no package of it was read.");
            yield break;
        }

        var pages = new DatabasePages(_file, (int)Number(_file.Span, 20), first: 0);
        foreach ((uint number, ReadOnlyMemory<byte> page) in BucketPages(pages))
        {
            // Items lie in pairs, a key and what it stands for.
            int items = Short(page.Span, 20);
            for (int i = 0; i + 1 < items && !_reading.IsOver; i += 2)
            {
                if (TryBlob(pages, number, page.Span, i, out HeaderBlob blob))
                {
                    yield return blob;
                }
            }
        }
    }

    // Null if it can be read.
    private string? Unsupported()
    {
        ReadOnlySpan<byte> meta = _file.Span;
        if (meta.Length < MetaBytes)
        {
            return $"is cut off after {meta.Length} bytes";
        }

        uint version = Number(meta, 16);
        uint pageBytes = Number(meta, 20);
        return Number(meta, 12) == BtreeMagic ? "is a B-tree, not a hash"
            : meta[25] != HashMetaPage ? "does not begin with the page that describes it"
            : meta[24] != 0 ? "is encrypted"
            : version is < 8 or > 10 ? $"has version {version} of its format, which is not known"
            : pageBytes is < 512 or > 65536 || !BitOperations.IsPow2(pageBytes) ? $"has pages of {pageBytes} bytes, which cannot be"
            : null;
    }

    private IEnumerable<(uint Number, ReadOnlyMemory<byte> Page)> BucketPages(DatabasePages pages)
    {
        uint lastBucket = Number(_file.Span, 72);
        for (uint bucket = 0; bucket <= lastBucket && !_reading.IsOver; bucket++)
        {
            // Buckets come in groups, each as large as all before; of every group the table "spares" says where its pages are.
            int group = 32 - BitOperations.LeadingZeroCount(bucket);
            uint number = bucket + Number(_file.Span, 96 + (4 * group));
            while (number != 0 && !_reading.IsOver)
            {
                if (!TryPage(pages, number, out ReadOnlyMemory<byte> page) || page.Span[25] is not (HashPage or UnsortedHashPage))
                {
                    _reading.Damaged($"Page {number} of the database is damaged or missing, with the packages on it.");
                    break;
                }

                if (_pageStart + (2 * Short(page.Span, 20)) > page.Length)
                {
                    _reading.Damaged($"Page {number} of the database has more items than fit on it: its packages are missing.");
                }
                else
                {
                    yield return (number, page);
                }

                number = Number(page.Span, 16);
            }
        }
    }

    private bool TryBlob(DatabasePages pages, uint number, ReadOnlySpan<byte> page, int index, out HeaderBlob blob)
    {
        blob = default;
        ReadOnlySpan<byte> key = Item(page, index);
        ReadOnlySpan<byte> value = Item(page, index + 1);
        if (key.IsEmpty || value.IsEmpty || (value[0] == OverflowItem && value.Length != OverflowItemBytes) || value[0] is not (InlineItem or OverflowItem))
        {
            _reading.Damaged($"Item {index + 1} on page {number} of the database is damaged: its package is missing.");
            return false;
        }

        // Package 0 is none: rpm keeps its count of packages there.
        if (key[0] == InlineItem && key[1..].SequenceEqual<byte>([0, 0, 0, 0]))
        {
            return false;
        }

        _buffer.Clear();
        if (value[0] == InlineItem)
        {
            _buffer.Add(value[1..]);
        }
        else
        {
            Collect(pages, Number(value, 4), Number(value, 8));
        }

        blob = new HeaderBlob(_buffer.Content, $"page {number}");
        return _buffer.Length > 0;
    }

    // Each item lies right before the one that is before it in the table; so they cannot overlap.
    private ReadOnlySpan<byte> Item(ReadOnlySpan<byte> page, int index)
    {
        int start = Short(page, _pageStart + (2 * index));
        int end = index == 0 ? page.Length : Short(page, _pageStart + (2 * (index - 1)));
        return start < _pageStart + (2 * Short(page, 20)) || start >= end || end > page.Length ? [] : page[start..end];
    }

    private void Collect(DatabasePages pages, uint number, uint length)
    {
        for (long left = length; left > 0;)
        {
            if (!TryPage(pages, number, out ReadOnlyMemory<byte> page) || page.Span[25] != OverflowPage || Short(page.Span, 22) > page.Length - _pageStart)
            {
                _reading.Damaged($"Page {number} of the database, which is a part of a package's header, is damaged or missing.");
                return;
            }

            int part = (int)Math.Min(left, Short(page.Span, 22));
            _buffer.Add(page.Span.Slice(_pageStart, part));
            left -= part;
            number = Number(page.Span, 16);
        }
    }

    // A page knows its own number.
    private bool TryPage(DatabasePages pages, uint number, out ReadOnlyMemory<byte> page) =>
        pages.TryTake(number, out page) && Number(page.Span, 8) == number;

    private uint Number(ReadOnlySpan<byte> bytes, int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private int Short(ReadOnlySpan<byte> bytes, int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
