using System.IO.Compression;
using System.Security.Cryptography;
using ImageScan.Core.Layers;
using ImageScan.Core.Scans;

namespace ImageScan.Benchmarks;

/// <summary>The least that any scanner has to do with an image's layers: pull each, check its sha256, expand it, go from header to header.</summary>
internal static class Floor
{
    private const int Block = 512;

    /// <summary>As many layers at a time as a scan reads; with <paramref name="readAhead"/>, pull and sha256 on a thread of their own.</summary>
    /// <param name="http">Asks the registry.</param>
    /// <param name="image">Its name, with the registry's host.</param>
    /// <param name="layers">Their digests and compressed bytes.</param>
    /// <param name="readAhead">As the scan does it.</param>
    public static Task PullAsync(HttpClient http, string image, IReadOnlyList<(string Digest, long Size)> layers, bool readAhead)
    {
        int slash = image.IndexOf('/', StringComparison.Ordinal);
        string name = image[(slash + 1)..].Split('@', ':')[0];
        string blobs = $"http://{image[..slash]}/v2/{name}/blobs/";
        var options = new ParallelOptions { MaxDegreeOfParallelism = new ScanSettings().ParallelLayers };
        return Parallel.ForEachAsync(layers.OrderByDescending(layer => layer.Size), options, async (layer, token) =>
        {
            await using Stream body = await http.GetStreamAsync(blobs + layer.Digest, token);
            using var sha256 = SHA256.Create();
            await using var hashed = new CryptoStream(body, sha256, CryptoStreamMode.Read);
            await using Stream source = readAhead ? new ReadAheadStream(hashed, token) : hashed;
            Walk(source);
            if ($"sha256:{Convert.ToHexStringLower(sha256.Hash!)}" != layer.Digest)
            {
                throw new InvalidDataException("The registry sent other bytes.");
            }
        });
    }

    private static void Walk(Stream blob)
    {
        using var gzip = new GZipStream(blob, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[128 << 10];
        while (gzip.ReadAtLeast(buffer.AsSpan(0, Block), Block, throwOnEndOfStream: false) == Block)
        {
            long left = (SizeOf(buffer.AsSpan(124, 12)) + Block - 1) / Block * Block;
            while (left > 0)
            {
                int read = gzip.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
                left -= read > 0 ? read : throw new EndOfStreamException();
            }
        }
    }

    // Octal digits; the blocks of zeros at the end have none (https://www.gnu.org/software/tar/manual/html_node/Standard.html).
    private static long SizeOf(ReadOnlySpan<byte> field)
    {
        long size = 0;
        foreach (byte digit in field)
        {
            size = digit is >= (byte)'0' and <= (byte)'7' ? (size << 3) + digit - '0' : size;
        }

        return size;
    }
}
