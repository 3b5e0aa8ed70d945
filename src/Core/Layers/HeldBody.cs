using System.Buffers;

namespace ImageScan.Core.Layers;

/// <summary>
/// A file's whole content in memory, for formats that cannot be read forward (zip, ELF, SQLite). All layers that are read at one time share
/// <see cref="SharedBytes"/>: who asks for more waits until others have let go, so many files need no more memory than one large one. What a
/// detector makes of a body, or expands from it, is not counted here; each bounds that by itself.
/// </summary>
/// <remarks>
/// Never hold two at once on one thread: each might wait for the other, and so might whatever else its holder waits for. Nothing of
/// <see cref="Memory"/> may be kept after the end, since larger bodies lie outside the managed heap, where they are given back at once.
/// </remarks>
public sealed class HeldBody : IDisposable
{
    /// <summary>Bytes that are held at one time: 96 MiB. A larger body is held alone.</summary>
    public const long SharedBytes = 96L << 20;

    // Up to here a body comes from the pool of the managed heap, which keeps what it has lent.
    private const int PooledBytes = 1 << 20;

    private static readonly Turns Waiting = new();

    private readonly int _length;
    private byte[]? _pooled;
    private PageBlock? _native;

    private HeldBody(int length, CancellationToken cancellationToken)
    {
        _length = length;
        if (length <= PooledBytes)
        {
            _pooled = ArrayPool<byte>.Shared.Rent(length);
        }
        else
        {
            Waiting.Take(length, cancellationToken);
            try
            {
                _native = new PageBlock(length);
            }
            catch
            {
                Waiting.Return(length);
                throw;
            }
        }
    }

    /// <summary>The content. Throws <see cref="ObjectDisposedException"/> after the end.</summary>
    public ReadOnlyMemory<byte> Memory => Writable;

    private Memory<byte> Writable => _pooled?.AsMemory(0, _length) ?? _native?.Memory ?? throw new ObjectDisposedException(nameof(HeldBody));

    /// <summary>
    /// Reads a file to its end; waits, if need be, until there is room. Throws what the stream throws, and
    /// <see cref="EndOfStreamException"/> if it ends before <paramref name="size"/>.
    /// </summary>
    /// <param name="content">The file, where it stands.</param>
    /// <param name="size">Its bytes from there on, 2 GiB at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static HeldBody Take(Stream content, long size, CancellationToken cancellationToken) => Take([], content, size, cancellationToken);

    /// <summary>As <see cref="Take(Stream, long, CancellationToken)"/>, of a file whose first bytes were read already.</summary>
    /// <param name="start">What was read of it.</param>
    /// <param name="content">The rest.</param>
    /// <param name="size">All bytes of the file, 2 GiB at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static HeldBody Take(ReadOnlySpan<byte> start, Stream content, long size, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Array.MaxLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, start.Length);
        var body = new HeldBody((int)size, cancellationToken);
        try
        {
            start.CopyTo(body.Writable.Span);
            content.ReadExactly(body.Writable.Span[start.Length..]);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Gives the memory back; what was read of it is gone.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pooled, null) is { } pooled)
        {
            ArrayPool<byte>.Shared.Return(pooled);
        }

        if (Interlocked.Exchange(ref _native, null) is IDisposable native)
        {
            native.Dispose();
            Waiting.Return(_length);
        }
    }

    /// <summary>Lets bodies in by the order in which they came, so that a large one is not passed by for ever.</summary>
    private sealed class Turns
    {
        private readonly Lock _lock = new();
        private readonly LinkedList<(long Bytes, SemaphoreSlim Turn)> _queue = [];
        private long _held;

        public void Take(long bytes, CancellationToken cancellationToken)
        {
            using var turn = new SemaphoreSlim(0);
            LinkedListNode<(long Bytes, SemaphoreSlim Turn)> place;
            lock (_lock)
            {
                place = _queue.AddLast((bytes, turn));
                LetIn();
            }

            try
            {
                turn.Wait(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Leave(place);
                throw;
            }
        }

        public void Return(long bytes)
        {
            lock (_lock)
            {
                _held -= bytes;
                LetIn();
            }
        }

        // Its turn may have come in the same moment; and those behind it may have room at once.
        private void Leave(LinkedListNode<(long Bytes, SemaphoreSlim Turn)> place)
        {
            lock (_lock)
            {
                if (place.List is null)
                {
                    _held -= place.Value.Bytes;
                }
                else
                {
                    _queue.Remove(place);
                }

                LetIn();
            }
        }

        private void LetIn()
        {
            while (_queue.First is { } next && HasRoomFor(next.Value.Bytes))
            {
                _held += next.Value.Bytes;
                _queue.RemoveFirst();
                next.Value.Turn.Release();
            }
        }

        private bool HasRoomFor(long bytes) => _held == 0 || _held + bytes <= SharedBytes;
    }
}
