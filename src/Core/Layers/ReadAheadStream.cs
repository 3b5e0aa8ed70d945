using System.Buffers;
using ImageScan.Core.Images;

namespace ImageScan.Core.Layers;

/// <summary>
/// Reads a stream asynchronously in the background, at most one MiB ahead, for a reader that reads synchronously on its own thread. So a
/// layer is pulled and hashed on one core while it is expanded on another: a fifth of the wall time of one large layer, an eighth with
/// two at once, for no more CPU (tests/Benchmarks). Does not close the source.
/// </summary>
/// <remarks>
/// It is also what lets a walk be cancelled while its source is silent: a synchronous read of the source could not be.
/// Single reader. An exception of the source is thrown by <see cref="Read"/> when the bytes before it have been read.
/// </remarks>
public sealed class ReadAheadStream : ForwardStream
{
    private const int BufferCount = 8;
    private const int BufferBytes = 128 << 10;
    private static readonly TimeSpan PatienceOnDispose = TimeSpan.FromSeconds(5);

    private readonly Stream _source;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _free = new(BufferCount);
    private readonly SemaphoreSlim _full = new(0);
    private readonly byte[][] _buffers = new byte[BufferCount][];
    private readonly int[] _lengths = new int[BufferCount];
    private readonly TimeSpan _patience;
    private readonly Task _filling;
    private int _slot = -1;
    private int _read;
    private bool _isOver;
    private bool _isDisposed;

    /// <param name="source">Read from now on, by this stream alone.</param>
    /// <param name="cancellationToken">Ends the reading; <see cref="Read"/> then throws <see cref="OperationCanceledException"/>.</param>
    public ReadAheadStream(Stream source, CancellationToken cancellationToken)
        : this(source, PatienceOnDispose, cancellationToken)
    {
    }

    internal ReadAheadStream(Stream source, TimeSpan patienceOnDispose, CancellationToken cancellationToken)
    {
        _source = source;
        _patience = patienceOnDispose;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (int i = 0; i < BufferCount; i++)
        {
            _buffers[i] = ArrayPool<byte>.Shared.Rent(BufferBytes);
        }

        _filling = Task.Run(FillAsync, CancellationToken.None);
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty || !HasBytes())
        {
            return 0;
        }

        int read = Math.Min(buffer.Length, _lengths[_slot] - _read);
        _buffers[_slot].AsSpan(_read, read).CopyTo(buffer);
        _read += read;
        return read;
    }

    /// <summary>
    /// Stops reading the source and waits until a read that is under way has ended, but no longer than five seconds.
    /// </summary>
    protected override void Dispose(bool disposing)
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stop.Cancel();

            // A source that does not heed the token keeps the buffers; they go with it.
            if (Task.WaitAny([_filling], _patience) == 0)
            {
                // Looked at, so that it does not count as unobserved: nobody is left to tell.
                _ = _filling.Exception;
                Array.ForEach(_buffers, buffer => ArrayPool<byte>.Shared.Return(buffer));
                _stop.Dispose();
                _free.Dispose();
                _full.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private bool HasBytes()
    {
        if (_isOver)
        {
            _filling.GetAwaiter().GetResult();
            return false;
        }

        if (_slot >= 0 && _read < _lengths[_slot])
        {
            return true;
        }

        if (_slot >= 0)
        {
            _free.Release();
        }

        _full.Wait(_stop.Token);
        _slot = (_slot + 1) % BufferCount;
        _read = 0;
        if (_lengths[_slot] > 0)
        {
            return true;
        }

        _isOver = true;
        _filling.GetAwaiter().GetResult();
        return false;
    }

    // An empty buffer marks the end; whether it is a good one the task says.
    private async Task FillAsync()
    {
        for (int slot = 0, length = 1; length > 0; slot = (slot + 1) % BufferCount)
        {
            length = 0;
            try
            {
                await _free.WaitAsync(_stop.Token);
                length = await _source.ReadAtLeastAsync(_buffers[slot], BufferBytes, throwOnEndOfStream: false, _stop.Token);
            }
            finally
            {
                _lengths[slot] = length;
                _full.Release();
            }
        }
    }
}
