using ImageScan.Core.Images;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

public sealed class ReadAheadStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_072)]
    [InlineData(5_000_000)]
    public void GivesTheSameBytes(int count)
    {
        byte[] bytes = CompressionTests.Noise(count);
        using var ahead = new ReadAheadStream(new MemoryStream(bytes), Token);
        var read = new MemoryStream();

        ahead.CopyTo(read, 1000);

        Assert.Equal(bytes, read.ToArray());
        Assert.Equal(0, ahead.Read(new byte[1]));
    }

    [Fact]
    public void FeedsALayerWalker()
    {
        byte[] blob = Walked.Gzip(new TarBuilder().File("a", CompressionTests.Noise(3_000_000)).File("b", "text").End().ToArray());
        using var ahead = new ReadAheadStream(new MemoryStream(blob), Token);

        Assert.Equal(["a", "b"], Walked.Of(ahead).Paths);
    }

    [Fact]
    public void ThrowsWhatTheSourceThrowsAfterTheBytesBeforeIt()
    {
        var failure = new IOException("The connection broke.");
        using var ahead = new ReadAheadStream(new BreakingStream(new byte[262_144], failure), Token);

        ahead.ReadExactly(new byte[262_144]);

        Assert.Same(failure, Assert.Throws<IOException>(() => ahead.ReadByte()));
        Assert.Same(failure, Assert.Throws<IOException>(() => ahead.ReadByte()));
    }

    [Fact]
    public async Task ReadsNoFurtherAheadThanItsBuffers()
    {
        var source = new EndlessStream();
        using var ahead = new ReadAheadStream(source, Token);
        ahead.ReadByte();

        await source.Reached(8 * 131_072);

        Assert.InRange(source.BytesRead, 8 * 131_072, 9 * 131_072);
    }

    [Fact]
    public void EndsWhenCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        using var ahead = new ReadAheadStream(new StuckStream(heedsToken: true), cancelled.Token);

        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => ahead.ReadByte());
    }

    [Fact]
    public void DoesNotHangOnASourceThatHeedsNothing()
    {
        using var cancelled = new CancellationTokenSource();
        var ahead = new ReadAheadStream(new StuckStream(heedsToken: false), TimeSpan.FromMilliseconds(10), cancelled.Token);

        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => ahead.ReadByte());
        ahead.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ahead.ReadByte());
    }

    [Fact]
    public async Task EndsTheReadThatIsUnderWayWhenDisposed()
    {
        var source = new StuckStream(heedsToken: true);
        var ahead = new ReadAheadStream(source, Token);
        await source.Started.WaitAsync(Token);

        ahead.Dispose();
        ahead.Dispose();

        Assert.True(source.HasEnded);
        Assert.True(source.CanRead);
    }

    private sealed class EndlessStream : ForwardStream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _wanted = long.MaxValue;
        private long _read;

        public long BytesRead => Interlocked.Read(ref _read);

        public Task Reached(long bytes)
        {
            Interlocked.Exchange(ref _wanted, bytes);
            if (BytesRead >= bytes)
            {
                _reached.TrySetResult();
            }

            return _reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        }

        public override int Read(Span<byte> buffer)
        {
            if (Interlocked.Add(ref _read, buffer.Length) >= Interlocked.Read(ref _wanted))
            {
                _reached.TrySetResult();
            }

            return buffer.Length;
        }
    }

    private sealed class StuckStream(bool heedsToken) : ForwardStream
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task;

        public bool HasEnded { get; private set; }

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _started.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(heedsToken ? cancellationToken : CancellationToken.None);
                return 0;
            }
            finally
            {
                HasEnded = true;
            }
        }
    }
}
