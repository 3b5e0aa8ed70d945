namespace ImageScan.Core.Layers.Tar;

/// <summary>Reads a sparse file as it was: its pieces where the map puts them, zeros between.</summary>
internal sealed class SparseReader(SparseMap map, TarArchive archive)
{
    private int _piece;
    private long _position;

    /// <summary>Reads into a buffer that is not empty; 0 at the end of the file.</summary>
    public int Read(Span<byte> buffer)
    {
        while (_piece < map.Pieces.Count && _position >= map.Pieces[_piece].Offset + map.Pieces[_piece].Length)
        {
            _piece++;
        }

        bool isLast = _piece == map.Pieces.Count;
        long nextData = isLast ? map.FileSize : map.Pieces[_piece].Offset;
        int read;
        if (_position < nextData)
        {
            read = (int)Math.Min(buffer.Length, nextData - _position);
            buffer[..read].Clear();
        }
        else if (isLast)
        {
            read = 0;
        }
        else
        {
            long pieceLeft = map.Pieces[_piece].Offset + map.Pieces[_piece].Length - _position;
            read = archive.ReadBody(buffer[..(int)Math.Min(buffer.Length, pieceLeft)]);
        }

        _position += read;
        return read;
    }
}
