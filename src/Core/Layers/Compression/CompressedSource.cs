using System.Buffers;
using ImageScan.Core.Images;

namespace ImageScan.Core.Layers.Compression;

/// <summary>The blob as it is stored: read in large pieces, counted and bounded, with a look ahead at its first bytes.</summary>
internal sealed class CompressedSource(Stream blob, LayerLimits limits) : ForwardStream
{
    private const int BufferBytes = 128 << 10;

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;

    /// <summary>Bytes taken from the blob, also those not yet handed on.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Bytes handed on.</summary>
    public long BytesUsed => BytesRead - (_end - _start);

    /// <summary>Whether the blob has said that it ends.</summary>
    public bool Ended { get; private set; }

    /// <summary>The next bytes, left where they are; fewer than <paramref name="count"/> only if the blob ends.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _start < count && Fill())
        {
        }

        return Buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !Fill())
        {
            return 0;
        }

        int read = Math.Min(buffer.Length, _end - _start);
        Buffer.AsSpan(_start, read).CopyTo(buffer);
        _start += read;
        return read;
    }

    /// <summary>Reads the blob to its end, where its digest is checked.</summary>
    public void Drain()
    {
        do
        {
            _start = _end;
        }
        while (Fill());
    }

    protected override void Dispose(bool disposing)
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        base.Dispose(disposing);
    }

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(LayerWalker));

    private bool Fill()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (Ended || _end == Buffer.Length)
        {
            return false;
        }

        int read = blob.Read(Buffer.AsSpan(_end));
        Ended = read == 0;
        _end += read;
        BytesRead += read;
        if (BytesRead > limits.LayerCompressedBytes)
        {
            throw new LayerLimitException(
                "is too large as it is stored", nameof(LayerLimits.LayerCompressedBytes), limits.LayerCompressedBytes);
        }

        return !Ended;
    }
}
