namespace ImageScan.Core.Layers.Tar;

/// <summary>A part of a sparse file that is in the archive; everything between such parts is zeros.</summary>
internal readonly record struct SparsePiece(long Offset, long Length);

/// <summary>
/// Where the bytes of a sparse file belong, from each of GNU's four ways to write that
/// (https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html).
/// </summary>
internal sealed class SparseMap
{
    private const int OldPieceBytes = 24;
    private const int OldPiecesPerBlock = 21;
    private const int MoreFlagOffset = 504;

    private readonly List<SparsePiece> _pieces = [];
    private readonly LayerLimits _limits;

    private SparseMap(LayerLimits limits, long fileSize)
    {
        _limits = limits;
        FileSize = fileSize;
    }

    /// <summary>Bytes of the file with its holes.</summary>
    public long FileSize { get; }

    /// <summary>Bytes of all pieces together.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>In ascending order, without overlap, within the file.</summary>
    public IReadOnlyList<SparsePiece> Pieces => _pieces;

    /// <summary>Formats 0.0 and 0.1: the map stands in the pax header.</summary>
    public static SparseMap FromNumbers(IReadOnlyList<long> numbers, long fileSize, LayerLimits limits)
    {
        if (numbers.Count % 2 != 0)
        {
            throw Malformed();
        }

        var map = new SparseMap(limits, fileSize);
        for (int i = 0; i < numbers.Count; i += 2)
        {
            map.Add(numbers[i], numbers[i + 1]);
        }

        return map;
    }

    /// <summary>
    /// Format 1.0: decimal lines in front of the body, filled up to whole blocks. <paramref name="blocks"/> is left at the body, of whose
    /// <paramref name="bodyBytes"/> the map's are taken off.
    /// </summary>
    public static SparseMap FromBody(TarBlocks blocks, long fileSize, ref long bodyBytes, LayerLimits limits)
    {
        var lines = new DecimalLines(blocks, bodyBytes);
        var map = new SparseMap(limits, fileSize);
        for (long pieces = lines.Next(); pieces > 0; pieces--)
        {
            map.Add(lines.Next(), lines.Next());
        }

        bodyBytes = lines.Close();
        return map;
    }

    /// <summary>The old format: four pieces in the header, 21 in each block after it.</summary>
    public static SparseMap FromOldHeader(TarHeader header, TarBlocks blocks, LayerLimits limits)
    {
        if (!TarNumber.TryRead(header.SparseSizeField, out long fileSize) || fileSize < 0)
        {
            throw Malformed();
        }

        var map = new SparseMap(limits, fileSize);
        map.AddOld(header.SparsePieces);
        bool more = header.HasMoreSparsePieces;
        blocks.Advance();
        while (more)
        {
            if (!blocks.TryPeek(out ReadOnlySpan<byte> block))
            {
                throw Malformed();
            }

            map.AddOld(block[..(OldPiecesPerBlock * OldPieceBytes)]);
            more = block[MoreFlagOffset] != 0;
            blocks.Advance();
        }

        return map;
    }

    public static LayerLimitException TooManyPieces(LayerLimits limits) =>
        new("has a sparse file in too many pieces", nameof(LayerLimits.SparseMapEntries), limits.SparseMapEntries);

    private static MalformedLayerException Malformed() => new("The layer's archive has a sparse file whose map makes no sense.");

    private void AddOld(ReadOnlySpan<byte> pieces)
    {
        for (; !pieces.IsEmpty && pieces[0] != 0; pieces = pieces[OldPieceBytes..])
        {
            if (!TarNumber.TryRead(pieces[..12], out long offset) || !TarNumber.TryRead(pieces[12..OldPieceBytes], out long length))
            {
                throw Malformed();
            }

            Add(offset, length);
        }
    }

    private void Add(long offset, long length)
    {
        long end = _pieces.Count == 0 ? 0 : _pieces[^1].Offset + _pieces[^1].Length;
        if (offset < end || length < 0 || offset > FileSize || length > FileSize - offset)
        {
            throw Malformed();
        }

        if (_pieces.Count == _limits.SparseMapEntries)
        {
            throw TooManyPieces(_limits);
        }

        _pieces.Add(new SparsePiece(offset, length));
        StoredBytes += length;
    }

    private ref struct DecimalLines(TarBlocks blocks, long bodyBytes)
    {
        private const int LongestNumber = 19;

        private ReadOnlySpan<byte> _block;
        private bool _isInBlock;

        public long Next()
        {
            Span<byte> digits = stackalloc byte[LongestNumber];
            for (int length = 0; length <= LongestNumber; length++)
            {
                byte next = NextByte();
                if (next == '\n')
                {
                    return TarNumber.TryReadDecimal(digits[..length], out long number) ? number : throw Malformed();
                }

                if (length < LongestNumber)
                {
                    digits[length] = next;
                }
            }

            throw Malformed();
        }

        /// <summary>Leaves the last block; returns how many bytes of the body are left.</summary>
        public readonly long Close()
        {
            blocks.Advance();
            return bodyBytes;
        }

        private byte NextByte()
        {
            if (_block.IsEmpty)
            {
                NextBlock();
            }

            byte next = _block[0];
            _block = _block[1..];
            return next;
        }

        private void NextBlock()
        {
            if (_isInBlock)
            {
                blocks.Advance();
            }

            bodyBytes -= TarBlocks.BlockBytes;
            if (bodyBytes < 0 || !blocks.TryPeek(out _block))
            {
                throw Malformed();
            }

            _isInBlock = true;
        }
    }
}
