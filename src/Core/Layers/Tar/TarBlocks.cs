using System.Buffers;
using ImageScan.Core.Layers.Compression;

namespace ImageScan.Core.Layers.Tar;

/// <summary>The archive as a run of 512-byte blocks, through one buffer that is also the scratch for what is skipped.</summary>
internal sealed class TarBlocks(ExpandedSource source) : IDisposable
{
    public const int BlockBytes = 512;
    private const int BufferBytes = 128 << 10;

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;

    /// <summary>
    /// The next block, valid until the next call. False at the end of the archive. Throws <see cref="MalformedLayerException"/> if it ends
    /// within the block.
    /// </summary>
    public bool TryPeek(out ReadOnlySpan<byte> block)
    {
        while (_end - _start < BlockBytes)
        {
            if (!Fill())
            {
                block = default;
                return _end == _start ? false : throw CutShort();
            }
        }

        block = Buffer.AsSpan(_start, BlockBytes);
        return true;
    }

    /// <summary>What is wrong if the first block is no header.</summary>
    public string NotAnArchive => source.NotAnArchive;

    /// <summary>Leaves the block that <see cref="TryPeek"/> showed.</summary>
    public void Advance() => _start += BlockBytes;

    /// <summary>Reads into a buffer that is not empty; 0 at the end of the archive.</summary>
    public int Read(Span<byte> buffer)
    {
        if (_start == _end)
        {
            if (buffer.Length >= BufferBytes)
            {
                return source.Read(buffer);
            }

            if (!Fill())
            {
                return 0;
            }
        }

        int read = Math.Min(buffer.Length, _end - _start);
        Buffer.AsSpan(_start, read).CopyTo(buffer);
        _start += read;
        return read;
    }

    /// <summary>Skips bytes; returns how many of them were there.</summary>
    public long Skip(long count)
    {
        long left = count;
        while (left > 0)
        {
            int skipped = (int)Math.Min(left, _end - _start);
            _start += skipped;
            left -= skipped;
            if (left > 0 && !Fill())
            {
                break;
            }
        }

        return count - left;
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(LayerWalker));

    private MalformedLayerException CutShort() =>
        new(source.ExpandedBytes < BlockBytes ? NotAnArchive : "The layer's archive is cut short within a header.");

    // Only called with less than a block left, so there is always room.
    private bool Fill()
    {
        Buffer.AsSpan(_start, _end - _start).CopyTo(Buffer);
        _end -= _start;
        _start = 0;
        int read = source.Read(Buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }
}
