using System.IO.Compression;

namespace ImageScan.Core.Detectors.Executables.Formats;

/// <summary>Expands compressed pieces of a program, up to a limit. Throws <see cref="InvalidDataException"/> for what is not compressed so.</summary>
internal static class Inflation
{
    /// <summary>What zlib compressed; null if it is, or expands to, more than so many bytes.</summary>
    public static ReadOnlyMemory<byte>? Zlib(ReadOnlyMemory<byte> compressed, int maxBytes) =>
        Expand(compressed, maxBytes, source => new ZLibStream(source, CompressionMode.Decompress));

    /// <summary>What deflate compressed, without a frame; null if it is, or expands to, more than so many bytes.</summary>
    public static ReadOnlyMemory<byte>? Deflated(ReadOnlyMemory<byte> compressed, int maxBytes) =>
        Expand(compressed, maxBytes, source => new DeflateStream(source, CompressionMode.Decompress));

    private static ReadOnlyMemory<byte>? Expand(ReadOnlyMemory<byte> compressed, int maxBytes, Func<Stream, Stream> open)
    {
        if (compressed.Length > maxBytes)
        {
            return null;
        }

        using Stream expanding = open(new MemoryReader(compressed));
        using var expanded = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = expanding.Read(buffer)) > 0;)
        {
            if (read > maxBytes - expanded.Length)
            {
                return null;
            }

            expanded.Write(buffer, 0, read);
        }

        return expanded.GetBuffer().AsMemory(0, (int)expanded.Length);
    }
}
