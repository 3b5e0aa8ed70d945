using System.Formats.Tar;
using System.Runtime.CompilerServices;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Unpacks what feeds pack.</summary>
public static class FeedContent
{
    /// <summary>No document unpacks to more: the largest is Red Hat's archive of VEX.</summary>
    public const long MaxExpandedBytes = 64L << 30;

    private const int LongestMagic = 6;

    /// <summary>
    /// The content unpacked, if it begins as gzip, bzip2, xz or zstd do, whatever its name says; else as it is. Closing it closes the given
    /// stream. Throws <see cref="InvalidDataException"/> here and in reading where it is broken.
    /// </summary>
    public static async Task<Stream> ExpandAsync(Stream packed, CancellationToken cancellationToken)
    {
        byte[] magic = new byte[LongestMagic];
        int length = await packed.ReadAtLeastAsync(magic, LongestMagic, throwOnEndOfStream: false, cancellationToken);
        var whole = new RewoundStream(magic.AsMemory(0, length), packed);
        return magic.AsSpan(0, length) switch
        {
            [0x1F, 0x8B, ..] => new CappedStream(new WholeGzipStream(whole), MaxExpandedBytes),
            [(byte)'B', (byte)'Z', (byte)'h', ..] => new CappedStream(
                new UnpackedStream(() => BZip2Stream.Create(whole, SharpCompress.Compressors.CompressionMode.Decompress, true)), MaxExpandedBytes),
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0] => new CappedStream(
                new UnpackedStream(() => new XZStream(new PlacedStream(whole))), MaxExpandedBytes),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => new CappedStream(new UnpackedStream(() => new ZstdSharp.DecompressionStream(whole)), MaxExpandedBytes),
            _ => whole,
        };
    }

    /// <summary>
    /// The files of a tar archive, in its order; each has to be read before the next is asked for. Throws <see cref="InvalidDataException"/>
    /// where it is broken.
    /// </summary>
    public static async IAsyncEnumerable<ArchivedFile> FilesOfTarAsync(Stream archive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(archive, leaveOpen: true);
        while (await NextOfTarAsync(reader, cancellationToken) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
            {
                yield return new ArchivedFile(entry.Name, entry.DataStream ?? Stream.Null);
            }
        }
    }

    // Some broken headers give other exceptions: a time beyond all years is an OverflowException.
    private static async ValueTask<TarEntry?> NextOfTarAsync(TarReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.GetNextEntryAsync(copyData: false, cancellationToken);
        }
        catch (Exception broken) when (broken is not (IOException or InvalidDataException or OperationCanceledException or OutOfMemoryException))
        {
            throw new InvalidDataException($"Its archive cannot be read: {broken.Message}", broken);
        }
    }

    /// <summary>A whole small content. Throws <see cref="InvalidDataException"/> if it has more bytes than it may.</summary>
    public static async Task<byte[]> ReadAllAsync(Stream content, int maxBytes, CancellationToken cancellationToken)
    {
        using var held = new MemoryStream();
        await using var capped = new CappedStream(content, maxBytes);
        await capped.CopyToAsync(held, cancellationToken);
        return held.ToArray();
    }

    /// <summary>Libraries throw what they like on broken input; all of it becomes <see cref="InvalidDataException"/>.</summary>
    private sealed class UnpackedStream(Func<Stream> open) : FeedStream
    {
        private Stream? _open;

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return (_open ??= open()).Read(buffer);
            }
            catch (Exception broken) when (broken is not (IOException or InvalidDataException or OutOfMemoryException))
            {
                throw new InvalidDataException($"It cannot be unpacked: {broken.Message}", broken);
            }
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(Read(buffer.Span));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _open?.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>A file in an archive.</summary>
/// <param name="Path">As the archive has it.</param>
/// <param name="Content">Read once, before the next file.</param>
public sealed record ArchivedFile(string Path, Stream Content);
