using System.Buffers.Binary;
using ImageScan.Core.Images;

namespace ImageScan.Core.Layers;

/// <summary>
/// What is kept of a layer so that other detectors can read it without a pull: a tar archive packed with zstd that has every entry in its order, and
/// the bodies of the files that were read. In memory, outside the managed heap; close it.
/// </summary>
/// <remarks>
/// First comes a skippable frame (https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.2) with the length of what follows it: the archive of
/// the first walk. If wanted files were hard links, the archive of the second walk comes after, with the bodies that they name. Any zstd
/// and tar can list both (<c>tar --ignore-zeros</c>).
/// </remarks>
public sealed class LayerBundle : IDisposable
{
    internal const int HeaderBytes = 16;

    // Of the 16 magic numbers of skippable frames the one that no format known to us uses; then the bytes that follow.
    private const uint SkippableFrame = 0x184D2A5B;
    private const uint ContentBytes = HeaderBytes - 8;

    private readonly PagedBytes _bytes;
    private readonly long _linksStart;

    /// <summary>Takes over the bytes. Throws <see cref="MalformedLayerException"/> where they do not begin as a bundle does.</summary>
    internal LayerBundle(PagedBytes bytes)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        int read = bytes.CopyTo(0, header);
        long entries = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        if (read < HeaderBytes || !header[..8].SequenceEqual(HeaderOf(0).AsSpan(0, 8)) || entries < 0 || entries > bytes.Length - HeaderBytes)
        {
            throw new MalformedLayerException("It does not begin as a bundle does.");
        }

        _bytes = bytes;
        _linksStart = HeaderBytes + entries;
    }

    /// <summary>Bytes of it, as it is stored.</summary>
    public long Length => _bytes.Length;

    /// <summary>Whether the bodies that hard links name are in it; else the layer was read without them.</summary>
    internal bool HasLinks => _linksStart < _bytes.Length;

    /// <summary>
    /// Takes a stored bundle whole. Null if it is longer than allowed, or there is no memory for it now. Throws what the stream throws, and
    /// <see cref="MalformedLayerException"/> where it does not begin as a bundle does.
    /// </summary>
    public static async Task<LayerBundle?> TakeAsync(Stream stored, int maxBytes, CancellationToken cancellationToken)
    {
        var bytes = new PagedBytes(maxBytes);
        try
        {
            var buffer = new byte[64 << 10];
            for (int read; bytes.Refusal is null && (read = await stored.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                bytes.Append(buffer.AsSpan(0, read));
            }

            if (bytes.Refusal is null)
            {
                return new LayerBundle(bytes);
            }

            bytes.Dispose();
            return null;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>All its bytes, to be stored. Seekable.</summary>
    public Stream Open() => new Range(_bytes, 0, _bytes.Length);

    /// <summary>The sha256 of all its bytes.</summary>
    public Digest ContentDigest() => Digest.OfSha256(_bytes.Sha256());

    public void Dispose() => _bytes.Dispose();

    /// <summary>The archive of the first walk.</summary>
    internal Stream OpenEntries() => new Range(_bytes, HeaderBytes, _linksStart);

    /// <summary>The archive of the second walk, for <see cref="HardLinkBodies"/>.</summary>
    internal Stream OpenLinks() => new Range(_bytes, _linksStart, _bytes.Length);

    internal static byte[] HeaderOf(long entriesBytes)
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, SkippableFrame);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), ContentBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), entriesBytes);
        return header;
    }

    private sealed class Range(PagedBytes bytes, long start, long end) : ForwardStream
    {
        private long _done;

        public override bool CanSeek => true;

        public override long Length => end - start;

        public override long Position
        {
            get => _done;
            set => _done = Math.Clamp(value, 0, Length);
        }

        public override int Read(Span<byte> buffer)
        {
            int read = bytes.CopyTo(start + _done, buffer[..(int)Math.Min(buffer.Length, Length - _done)]);
            _done += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };
    }
}
