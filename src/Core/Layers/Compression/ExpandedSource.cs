using System.Buffers.Binary;
using System.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ImageScan.Core.Layers.Compression;

/// <summary>
/// The archive inside a blob. What it is packed with is told by its first bytes, as runtimes do: media types are often wrong.
/// </summary>
internal sealed class ExpandedSource(Stream blob, string mediaType, LayerLimits limits) : IDisposable
{
    private readonly CompressedSource _compressed = new(blob, limits);
    private Stream? _decoder;

    public long CompressedBytes => _compressed.BytesRead;

    public long ExpandedBytes { get; private set; }

    /// <summary>What is wrong if the first header is no tar header.</summary>
    public string NotAnArchive => _decoder == _compressed
        ? $"The layer, of media type '{mediaType}', is neither a tar archive nor one packed with gzip or zstd."
        : $"The layer, of media type '{mediaType}', does not hold a tar archive.";

    /// <summary>
    /// Reads bytes of the archive into a buffer of at least <see cref="GzipDecoder.SmallestRead"/>; 0 at its end. Throws
    /// <see cref="LayerException"/> and whatever the blob throws.
    /// </summary>
    public int Read(Span<byte> buffer)
    {
        try
        {
            _decoder ??= OpenDecoder();
            int read = _decoder.Read(buffer);
            ExpandedBytes += read;
            CheckExpansion();
            return read;
        }
        catch (InvalidDataException broken)
        {
            throw new MalformedLayerException("The layer's gzip stream is damaged or cut short.", broken);
        }
        catch (ZstdException tooWide) when (tooWide.Code == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge)
        {
            throw new LayerLimitException("asks for a larger zstd window", nameof(LayerLimits.ZstdWindowBytes), limits.ZstdWindowBytes);
        }
        catch (ZstdException broken)
        {
            throw new MalformedLayerException($"The layer's zstd stream is damaged: {broken.Message}.", broken);
        }
        catch (EndOfStreamException cut) when (_compressed.Ended)
        {
            throw new MalformedLayerException("The layer's zstd stream is cut short.", cut);
        }
    }

    /// <summary>Reads the blob to its end without expanding it further.</summary>
    public void Drain() => _compressed.Drain();

    public void Dispose()
    {
        _decoder?.Dispose();
        _compressed.Dispose();
    }

    private Stream OpenDecoder()
    {
        ReadOnlySpan<byte> magic = _compressed.Peek(4);
        if (magic.StartsWith<byte>([0x1f, 0x8b, 0x08]))
        {
            return new GzipDecoder(_compressed);
        }

        if (IsZstd(magic))
        {
            var zstd = new DecompressionStream(_compressed, bufferSize: 0, checkEndOfStream: true, leaveOpen: true);
            zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, BitOperations.Log2((uint)limits.ZstdWindowBytes));
            return zstd;
        }

        return _compressed;
    }

    // https://datatracker.ietf.org/doc/html/rfc8878#section-3.1: a frame, or a skippable one, which eStargz-like formats may put first.
    private static bool IsZstd(ReadOnlySpan<byte> magic) =>
        magic.Length == 4 && BinaryPrimitives.ReadUInt32LittleEndian(magic) is 0xFD2FB528 or (>= 0x184D2A50 and <= 0x184D2A5F);

    private void CheckExpansion()
    {
        if (ExpandedBytes > limits.LayerExpandedBytes)
        {
            throw new LayerLimitException("is too large when expanded", nameof(LayerLimits.LayerExpandedBytes), limits.LayerExpandedBytes);
        }

        if (ExpandedBytes > limits.LayerRatioFloorBytes && ExpandedBytes / limits.LayerRatio >= _compressed.BytesUsed)
        {
            throw new LayerLimitException(
                $"expands {_compressed.BytesUsed} bytes to {ExpandedBytes} and more", nameof(LayerLimits.LayerRatio), limits.LayerRatio);
        }
    }
}
