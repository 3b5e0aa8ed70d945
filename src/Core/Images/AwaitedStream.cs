using System.Buffers;

namespace ImageScan.Core.Images;

/// <summary>A stream that has to wait for its bytes: what reads it without awaiting blocks, which is for readers with a thread of their own.</summary>
public abstract class AwaitedStream : ForwardStream
{
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Blocks until there are bytes.</summary>
    public sealed override int Read(Span<byte> buffer)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            int read = ReadAsync(copy.AsMemory(0, buffer.Length), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            copy.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
