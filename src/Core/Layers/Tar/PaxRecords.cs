using System.Text;

namespace ImageScan.Core.Layers.Tar;

/// <summary>
/// What a pax header says about the entry after it, as far as it matters here
/// (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03); sparse records:
/// https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html.
/// </summary>
internal sealed class PaxRecords
{
    // Vendors put their name in capitals before a keyword of their own (the same page, "pax Extended Header").
    public static ReadOnlySpan<byte> OmittedKey => "IMAGESCAN.omitted"u8;

    public static ReadOnlySpan<byte> FoundByKey => "IMAGESCAN.found"u8;

    private readonly List<long> _sparseNumbers = [];
    private long? _sparseMajor;
    private long? _sparseMinor;

    public byte[]? Path { get; private set; }

    public byte[]? LinkPath { get; private set; }

    /// <summary>Bytes that the entry's body takes in the archive.</summary>
    public long? Size { get; private set; }

    public byte[]? SparseName { get; private set; }

    /// <summary>
    /// What a bundle of ours says of a file's body that is not there, or not all of it: the file's size. Anybody can write it, so it is not read here.
    /// </summary>
    public byte[]? Omitted { get; private set; }

    /// <summary>What a bundle of ours says of the body: not the file's, but what this detector found in it.</summary>
    public byte[]? FoundBy { get; private set; }

    /// <summary>Bytes of the sparse file with its holes.</summary>
    public long? SparseSize { get; private set; }

    /// <summary>The map of formats 0.0 and 0.1: offset, length, offset, length …</summary>
    public IReadOnlyList<long> SparseNumbers => _sparseNumbers;

    /// <summary>Whether the file is sparse, in a format known here.</summary>
    public bool IsSparse => _sparseMajor is null or 0 ? SparseSize is not null : HasSparseMapInBody;

    /// <summary>Whether the map stands in front of the body, as format 1.0 has it.</summary>
    public bool HasSparseMapInBody => _sparseMajor == 1 && _sparseMinor == 0;

    /// <summary>
    /// Reads <c>LENGTH KEY=VALUE\n</c> records; LENGTH counts the whole record, so a value may hold newlines and NULs. Throws
    /// <see cref="MalformedLayerException"/> and, for the sparse map, <see cref="LayerLimitException"/>.
    /// </summary>
    public static PaxRecords Parse(ReadOnlySpan<byte> text, LayerLimits limits)
    {
        var records = new PaxRecords();
        while (text.ContainsAnyExcept((byte)0))
        {
            int space = text.IndexOf((byte)' ');
            if (space < 0 || !TarNumber.TryReadDecimal(text[..space], out long length) || length > text.Length || length <= space + 1)
            {
                throw Malformed("a record with a wrong length");
            }

            ReadOnlySpan<byte> record = text[(space + 1)..(int)length];
            int equals = record.IndexOf((byte)'=');
            if (equals < 0 || record[^1] != '\n')
            {
                throw Malformed("a record that is no KEY=VALUE line");
            }

            records.Take(record[..equals], record[(equals + 1)..^1], limits);
            text = text[(int)length..];
        }

        return records;
    }

    private void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, LayerLimits limits)
    {
        // An empty value takes back what an earlier record said.
        if (key.SequenceEqual("path"u8))
        {
            Path = value.IsEmpty ? null : value.ToArray();
        }
        else if (key.SequenceEqual("linkpath"u8))
        {
            LinkPath = value.IsEmpty ? null : value.ToArray();
        }
        else if (key.SequenceEqual("size"u8))
        {
            Size = value.IsEmpty ? null : Number(key, value);
        }
        else if (key.SequenceEqual(OmittedKey))
        {
            Omitted = value.ToArray();
        }
        else if (key.SequenceEqual(FoundByKey))
        {
            FoundBy = value.ToArray();
        }
        else if (key.StartsWith("GNU.sparse."u8))
        {
            TakeSparse(key, value, limits);
        }
    }

    private void TakeSparse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, LayerLimits limits)
    {
        if (key.EndsWith(".name"u8))
        {
            SparseName = value.IsEmpty ? null : value.ToArray();
        }
        else if (key.EndsWith(".size"u8) || key.EndsWith(".realsize"u8))
        {
            SparseSize = Number(key, value);
        }
        else if (key.EndsWith(".major"u8))
        {
            _sparseMajor = Number(key, value);
        }
        else if (key.EndsWith(".minor"u8))
        {
            _sparseMinor = Number(key, value);
        }
        else if (key.EndsWith(".offset"u8) || key.EndsWith(".numbytes"u8))
        {
            AddSparseNumber(key, value, limits);
        }
        else if (key.EndsWith(".map"u8) && !value.IsEmpty)
        {
            foreach (Range number in value.Split((byte)','))
            {
                AddSparseNumber(key, value[number], limits);
            }
        }
    }

    private void AddSparseNumber(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, LayerLimits limits)
    {
        _sparseNumbers.Add(Number(key, value));
        if (_sparseNumbers.Count / 2 > limits.SparseMapEntries)
        {
            throw SparseMap.TooManyPieces(limits);
        }
    }

    private static long Number(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        TarNumber.TryReadDecimal(value, out long number)
            ? number
            : throw Malformed($"a value of {Encoding.ASCII.GetString(key)} that is no number");

    private static MalformedLayerException Malformed(string what) => new($"The layer's archive has a pax header with {what}.");
}
