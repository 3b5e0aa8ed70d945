using ImageScan.Core.Images;

namespace ImageScan.Core.Scans;

/// <summary>The same stream; says how many bytes of it were read so far, once every 200 KiB.</summary>
internal sealed class CountedStream(Stream inner, Action<long> read) : ForwardStream
{
    private const long ReportEvery = 200 << 10;

    private long _bytes;
    private long _reported;

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

    private int Counted(int bytes)
    {
        _bytes += bytes;
        if (_bytes - _reported >= ReportEvery || (bytes == 0 && _bytes > _reported))
        {
            _reported = _bytes;
            read(_bytes);
        }

        return bytes;
    }
}
