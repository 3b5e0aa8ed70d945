namespace ImageScan.Core.Scans;

/// <summary>Counts what is read of a plan's layers and reports it, at most once every 200 KiB.</summary>
internal sealed class ByteCount(IProgress<ScanProgress>? progress, ScanPlan plan)
{
    private const long ReportEvery = 200 << 10;

    private readonly int _layers = plan.Manifest!.Layers.Count;
    private int _layersDone = plan.Manifest.Layers.Count - plan.Unread.Count;
    private long _bytes;
    private long _reported;

    public void LayerDone()
    {
        Interlocked.Increment(ref _layersDone);
        Report();
    }

    /// <summary>The same stream, counted; itself where nobody watches.</summary>
    public Stream Count(Stream blob) => progress is null ? blob : new CountedStream(blob, this);

    private void Add(int bytes)
    {
        long total = Interlocked.Add(ref _bytes, bytes);
        if (total - Interlocked.Read(ref _reported) >= ReportEvery)
        {
            Interlocked.Exchange(ref _reported, total);
            Report();
        }
    }

    private void Report() =>
        progress?.Report(new ScanProgress("reading", Volatile.Read(ref _layersDone), _layers, Interlocked.Read(ref _bytes), plan.UnreadBytes));

    private sealed class CountedStream(Stream inner, ByteCount count) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Counted(int read)
        {
            count.Add(read);
            return read;
        }
    }
}
