using System.IO.Compression;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Expands gzip, several members in a row too, and throws <see cref="InvalidDataException"/> where it is cut short. GZipStream ends there
/// without a word, as if that were all, unless a switch of the whole process says otherwise (System.IO.Compression.UseStrictValidation). So one
/// member more is put behind the last byte: its content comes out as it is only if the last one had come to its end.
/// </summary>
internal sealed class WholeGzipStream : FeedStream
{
    private readonly MarkedStream _source;
    private readonly GZipStream _gzip;
    private bool _ended;

    public WholeGzipStream(Stream packed)
    {
        _source = new MarkedStream(packed);
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        int read = _ended ? 0 : _gzip.Read(buffer);
        return _source.IsMarkSent && !_ended ? End(buffer[..read]) : read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = _ended ? 0 : await _gzip.ReadAsync(buffer, cancellationToken);
        return _source.IsMarkSent && !_ended ? End(buffer.Span[..read]) : read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    // Input is asked for only when all output has been handed on, so whatever comes after the mark was sent comes from it.
    private int End(ReadOnlySpan<byte> first)
    {
        _ended = true;
        Span<byte> rest = stackalloc byte[MarkedStream.Mark.Length + 1];
        int length = _gzip.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false);
        bool isMark = first.Length + length == MarkedStream.Mark.Length
            && MarkedStream.Mark.StartsWith(first) && MarkedStream.Mark.EndsWith(rest[..length]);
        return isMark ? 0 : throw new InvalidDataException("It is cut short.");
    }

    private sealed class MarkedStream(Stream packed) : FeedStream
    {
        // RFC 1952 header, one stored deflate block (RFC 1951, 3.2.4) with the mark, its CRC-32 and its length.
        private static readonly byte[] MarkMember =
        [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff,
            1, 4, 0, 0xfb, 0xff, (byte)'e', (byte)'n', (byte)'d', (byte)'!',
            0xfa, 0x80, 0x0d, 0x22, 4, 0, 0, 0,
        ];

        public static ReadOnlySpan<byte> Mark => "end!"u8;

        public bool IsMarkSent { get; private set; }

        public override int Read(Span<byte> buffer) => packed.Read(buffer) is > 0 and var read ? read : SendMark(buffer);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await packed.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : SendMark(buffer.Span);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                packed.Dispose();
            }

            base.Dispose(disposing);
        }

        private int SendMark(Span<byte> buffer)
        {
            if (IsMarkSent || buffer.IsEmpty)
            {
                return 0;
            }

            IsMarkSent = true;
            MarkMember.CopyTo(buffer);
            return MarkMember.Length;
        }
    }
}
