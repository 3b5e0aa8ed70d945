namespace ImageScan.Core.Detectors.Executables;

/// <summary>
/// A file in pieces of 1 MiB, to be searched for marks: each mark is found once, also where two pieces meet, and with it some bytes around.
/// </summary>
/// <param name="front">The file's first bytes.</param>
/// <param name="rest">What follows them.</param>
internal sealed class FilePieces(ReadOnlyMemory<byte> front, Stream rest)
{
    /// <summary>Bytes before a mark that are at hand with it.</summary>
    public const int Behind = 128;

    /// <summary>Bytes from a mark's start on that are at hand with it, unless the file ends before.</summary>
    public const int Ahead = 512;

    private const int PieceBytes = 1 << 20;

    private readonly byte[] _buffer = new byte[Behind + Ahead + PieceBytes];
    private ReadOnlyMemory<byte> _front = front;
    private int _length;
    private int _freshLength;
    private int _searchFrom;
    private int _searchTo;
    private bool _isAtEnd;

    /// <summary>Where the window starts in the file.</summary>
    public long WindowStart { get; private set; }

    /// <summary>What is at hand.</summary>
    public ReadOnlySpan<byte> Window => _buffer.AsSpan(0, _length);

    /// <summary>What of the window was not at hand before.</summary>
    public ReadOnlySpan<byte> Fresh => _buffer.AsSpan(_length - _freshLength, _freshLength);

    /// <summary>Where <see cref="Fresh"/> starts in the file.</summary>
    public long FreshStart => WindowStart + _length - _freshLength;

    /// <summary>The part in which marks are searched for this time, and what is at hand around it.</summary>
    public ReadOnlySpan<byte> WithMargins => Window[Math.Max(0, _searchFrom - Behind)..];

    /// <summary>Goes on to the next piece; false at the end. Throws what the stream throws.</summary>
    public bool MoveNext()
    {
        if (_isAtEnd)
        {
            return false;
        }

        int dropped = Math.Max(0, _searchTo - Behind);
        _buffer.AsSpan(dropped, _length - dropped).CopyTo(_buffer);
        WindowStart += dropped;
        _length -= dropped;
        _searchFrom = _searchTo - dropped;
        _freshLength = Fill(_buffer.AsSpan(_length, PieceBytes));
        _length += _freshLength;
        _isAtEnd = _freshLength < PieceBytes;
        _searchTo = _isAtEnd ? _length : Math.Max(_searchFrom, _length - Ahead);
        return true;
    }

    /// <summary>Where in the window the mark stands; of many the first.</summary>
    public IReadOnlyList<int> Find(ReadOnlySpan<byte> mark, int most)
    {
        // A mark that begins before the end of this time's part may end after it.
        ReadOnlySpan<byte> searched = Window[.._searchTo];
        if (!_isAtEnd)
        {
            searched = Window[..Math.Min(_length, _searchTo + mark.Length - 1)];
        }

        List<int>? found = null;
        int at = _searchFrom;
        for (int next; (found?.Count ?? 0) < most && (next = searched[at..].IndexOf(mark)) >= 0; at++)
        {
            at += next;
            (found ??= []).Add(at);
        }

        return found ?? (IReadOnlyList<int>)[];
    }

    /// <summary>What is at hand from a place in the window on.</summary>
    public ReadOnlySpan<byte> From(int at) => Window[at..];

    private int Fill(Span<byte> buffer)
    {
        int fromFront = Math.Min(buffer.Length, _front.Length);
        _front.Span[..fromFront].CopyTo(buffer);
        _front = _front[fromFront..];
        return fromFront + rest.ReadAtLeast(buffer[fromFront..], buffer.Length - fromFront, throwOnEndOfStream: false);
    }
}
