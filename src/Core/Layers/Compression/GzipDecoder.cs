using System.IO.Compression;
using ImageScan.Core.Images;

namespace ImageScan.Core.Layers.Compression;

/// <summary>
/// Expands gzip, also several members in a row as eStargz writes them, and tells an end from a cut.
/// </summary>
/// <remarks>
/// GZipStream ends without a word where its input is cut, unless a switch of the whole process says otherwise
/// (System.IO.Compression.UseStrictValidation). So one member more, our own, is put behind the last byte of the blob: its
/// content comes out as it is only if the blob ended where a member ends.
/// </remarks>
internal sealed class GzipDecoder : ForwardStream
{
    /// <summary>Room for the mark.</summary>
    public const int SmallestRead = 4;

    private readonly MarkedSource _source;
    private readonly GZipStream _gzip;
    private bool _ended;

    public GzipDecoder(CompressedSource source)
    {
        _source = new MarkedSource(source);
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
    }

    /// <summary>
    /// Reads into a buffer of at least <see cref="SmallestRead"/>. Throws <see cref="InvalidDataException"/> for what is damaged or cut.
    /// </summary>
    public override int Read(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, SmallestRead);
        if (_ended)
        {
            return 0;
        }

        // Input is asked for only when all output has been handed on, so whatever comes after the mark was sent comes from it.
        int read = _gzip.Read(buffer);
        if (!_source.MarkSent)
        {
            return read;
        }

        _ended = true;
        return buffer[..read].SequenceEqual(MarkedSource.Mark) ? 0 : throw new InvalidDataException("The gzip stream is cut short.");
    }

    protected override void Dispose(bool disposing)
    {
        _gzip.Dispose();
        base.Dispose(disposing);
    }

    private sealed class MarkedSource(CompressedSource source) : ForwardStream
    {
        public static ReadOnlySpan<byte> Mark => "end!"u8;

        // RFC 1952 header, one stored deflate block (RFC 1951, 3.2.4) with the mark, its CRC-32 and its length.
        private static ReadOnlySpan<byte> MarkMember =>
        [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff,
            1, 4, 0, 0xfb, 0xff, (byte)'e', (byte)'n', (byte)'d', (byte)'!',
            0xfa, 0x80, 0x0d, 0x22, 4, 0, 0, 0,
        ];

        public bool MarkSent { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int read = source.Read(buffer);
            if (read == 0 && !MarkSent)
            {
                MarkSent = true;
                MarkMember.CopyTo(buffer);
                read = MarkMember.Length;
            }

            return read;
        }
    }
}
