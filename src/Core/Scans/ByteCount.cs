using ImageScan.Core.Images;

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

    private sealed class CountedStream(Stream inner, ByteCount count) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await inner.ReadAsync(buffer, cancellationToken));

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
