using System.Buffers;
using System.Text;

namespace ImageScan.Core.Detectors;

/// <summary>
/// Reads a text line by line as bytes, without holding the text. A line longer than 64 KiB is cut there: only lists that
/// nobody reads (Depends, Provides) grow that long.
/// </summary>
internal sealed class TextLines(Stream content) : IDisposable
{
    private const int MaxLineBytes = 64 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(MaxLineBytes);
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>The next line without its line end; false at the end. The bytes are valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = Trimmed(_buffer.AsSpan(_start, searched + newline));
                _start += searched + newline + 1;
                return true;
            }

            searched = _end - _start;
            if (searched >= MaxLineBytes)
            {
                line = Trimmed(Cut(out int next));
                _start = next;
                return true;
            }

            if (!Fill())
            {
                line = Trimmed(_buffer.AsSpan(_start, _end - _start));
                bool any = _end > _start;
                _start = _end;
                return any;
            }
        }
    }

    public static string TextOf(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8).Trim();

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
        _ended = true;
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> line) => line.EndsWith("\r"u8) ? line[..^1] : line;

    private bool Fill()
    {
        if (_ended)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int read = content.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
        return read > 0;
    }

    // Hands out the beginning of a line that is too long and passes over the rest of it.
    private byte[] Cut(out int next)
    {
        byte[] line = _buffer.AsSpan(_start, MaxLineBytes).ToArray();
        _start = _end;
        while (Fill())
        {
            int newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                next = _start + newline + 1;
                return line;
            }

            _start = _end;
        }

        next = _end;
        return line;
    }
}
