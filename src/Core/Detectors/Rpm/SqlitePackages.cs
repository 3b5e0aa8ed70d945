using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>
/// Reads the headers in an SQLite database, <c>rpmdb.sqlite</c> of Fedora and RHEL from 9 on (https://www.sqlite.org/fileformat2.html): the
/// column <c>blob</c> of the table <c>Packages(hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)</c>
/// (https://github.com/rpm-software-management/rpm/blob/rpm-4.18.0-release/lib/backend/sqlite.c). All numbers are big-endian.
/// </summary>
internal sealed class SqlitePackages
{
    private const int FileHeaderBytes = 100;
    private const byte InteriorTablePage = 5;
    private const byte LeafTablePage = 13;
    private const int BlobColumn = 1;

    private readonly DatabasePages _pages;
    private readonly DatabaseReading _reading;
    private readonly HeaderBuffer _buffer = new();

    // What of a page is in use: at its end, some bytes may be kept for extensions.
    private readonly int _usable;

    private SqlitePackages(ReadOnlyMemory<byte> file, int pageBytes, DatabaseReading reading)
    {
        _pages = new DatabasePages(file, pageBytes, first: 1);
        _reading = reading;
        _usable = pageBytes - file.Span[20];
    }

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("SQLite format 3\0"u8);

    /// <summary>Every header in the database, one after the other.</summary>
    public static IEnumerable<HeaderBlob> Headers(ReadOnlyMemory<byte> file, DatabaseReading reading)
    {
        if (Unsupported(file.Span, out int pageBytes) is { } what)
        {
            reading.Damaged($"The SQLite database {what}: no package of it was read.");
            return [];
        }

        return new SqlitePackages(file, pageBytes, reading).Headers();
    }

    // Null if it can be read.
    private static string? Unsupported(ReadOnlySpan<byte> file, out int pageBytes)
    {
        pageBytes = 0;
        if (file.Length < FileHeaderBytes)
        {
            return $"is cut off after {file.Length} bytes";
        }

        // 65536 does not fit into the two bytes, so 1 stands for it.
        pageBytes = BinaryPrimitives.ReadUInt16BigEndian(file[16..]) is var stated and not 1 ? stated : 65536;
        return pageBytes < 512 || !BitOperations.IsPow2(pageBytes) || pageBytes - file[20] < 480 ? $"has pages of {pageBytes} bytes, which cannot be"
            : file[19] > 2 ? $"has version {file[19]} of its format, which is not known"
            : BinaryPrimitives.ReadUInt32BigEndian(file[56..]) > 1 ? "keeps its texts as UTF-16, which rpm never does"
            : null;
    }

    private IEnumerable<HeaderBlob> Headers()
    {
        if (RootOfPackages() is not { } root)
        {
            _reading.Damaged("The SQLite database has no table of packages.");
            yield break;
        }

        foreach ((uint page, ReadOnlyMemory<byte> row) in Rows(root))
        {
            ReadOnlyMemory<byte> blob = SqliteRecord.Column(row, BlobColumn, out long type);
            if (blob.IsEmpty || type < 12 || type % 2 != 0)
            {
                _reading.Damaged($"A row on page {page} of the database is damaged: its package is missing.");
                continue;
            }

            yield return new HeaderBlob(blob, $"page {page}");
        }
    }

    // The first page begins the table of tables: type, name, tbl_name, rootpage, sql.
    private uint? RootOfPackages()
    {
        foreach ((_, ReadOnlyMemory<byte> row) in Rows(1))
        {
            if (SqliteRecord.Column(row, 0, out _).Span.SequenceEqual("table"u8)
                && Ascii.EqualsIgnoreCase(SqliteRecord.Column(row, 1, out _).Span, "Packages"u8))
            {
                uint root = 0;
                foreach (byte part in SqliteRecord.Column(row, 3, out _).Span)
                {
                    root = (root << 8) | part;
                }

                return root;
            }
        }

        return null;
    }

    // The rows of a table, in the order of their keys.
    private IEnumerable<(uint Page, ReadOnlyMemory<byte> Row)> Rows(uint root)
    {
        var next = new Stack<(uint Number, ReadOnlyMemory<byte> Page)>();
        Push(next, root);
        while (!_reading.IsOver && next.TryPop(out (uint Number, ReadOnlyMemory<byte> Page) at))
        {
            int header = at.Number == 1 ? FileHeaderBytes : 0;
            byte type = at.Page.Span[header];
            int cells = BinaryPrimitives.ReadUInt16BigEndian(at.Page.Span[(header + 3)..]);
            int pointers = header + (type == InteriorTablePage ? 12 : 8);
            if (type is not (InteriorTablePage or LeafTablePage) || pointers + (2 * cells) > _usable)
            {
                _reading.Damaged($"Page {at.Number} of the database is damaged: what is on it is missing.");
                continue;
            }

            if (type == InteriorTablePage)
            {
                PushChildren(next, at.Page.Span, header, pointers, cells);
                continue;
            }

            for (int i = 0; i < cells && !_reading.IsOver; i++)
            {
                yield return (at.Number, Payload(at.Page, BinaryPrimitives.ReadUInt16BigEndian(at.Page.Span[(pointers + (2 * i))..])));
            }
        }
    }

    private void PushChildren(Stack<(uint Number, ReadOnlyMemory<byte> Page)> next, ReadOnlySpan<byte> page, int header, int pointers, int cells)
    {
        Push(next, BinaryPrimitives.ReadUInt32BigEndian(page[(header + 8)..]));
        for (int i = cells - 1; i >= 0; i--)
        {
            int cell = BinaryPrimitives.ReadUInt16BigEndian(page[(pointers + (2 * i))..]);
            Push(next, cell + 4 <= _usable ? BinaryPrimitives.ReadUInt32BigEndian(page[cell..]) : 0);
        }
    }

    private void Push(Stack<(uint Number, ReadOnlyMemory<byte> Page)> next, uint number)
    {
        if (_pages.TryTake(number, out ReadOnlyMemory<byte> page))
        {
            next.Push((number, page));
        }
        else
        {
            _reading.Damaged($"Page {number} of the database is missing, or is used twice: the packages on it are missing.");
        }
    }

    // The content of a row, from the page itself and from those it overflows to; empty if the cell is damaged.
    private ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte> page, int cell)
    {
        if (!SqliteRecord.TryVarint(page.Span, ref cell, out ulong length) || !SqliteRecord.TryVarint(page.Span, ref cell, out _))
        {
            return default;
        }

        // "B-tree Cell Format" of the file format: how much of the row lies here.
        int most = _usable - 35;
        if (length <= (ulong)most)
        {
            return cell + (int)length <= _usable ? page.Slice(cell, (int)length) : default;
        }

        int least = ((_usable - 12) * 32 / 255) - 23;
        int fitting = least + (int)((length - (ulong)least) % (ulong)(_usable - 4));
        int here = fitting <= most ? fitting : least;
        if (cell + here + 4 > _usable)
        {
            return default;
        }

        _buffer.Clear();
        _buffer.Add(page.Span.Slice(cell, here));
        Collect(BinaryPrimitives.ReadUInt32BigEndian(page.Span[(cell + here)..]), length - (ulong)here);
        return _buffer.Content;
    }

    private void Collect(uint number, ulong left)
    {
        while (left > 0 && _buffer.Length < DatabaseReading.MaxHeaderBytes)
        {
            if (!_pages.TryTake(number, out ReadOnlyMemory<byte> page))
            {
                _reading.Damaged($"Page {number} of the database, which is a part of a package's header, is missing or used twice.");
                return;
            }

            int part = (int)Math.Min(left, (ulong)_usable - 4);
            _buffer.Add(page.Span.Slice(4, part));
            left -= (ulong)part;
            number = BinaryPrimitives.ReadUInt32BigEndian(page.Span);
        }
    }
}
