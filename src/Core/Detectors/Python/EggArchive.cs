using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ImageScan.Core.Detectors.Python;

/// <summary>
/// Finds the metadata in a packed egg by reading the zip forward, header by header
/// (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7): eggs are written to files, so the headers state the sizes.
/// </summary>
internal static class EggArchive
{
    private const string Wanted = "EGG-INFO/PKG-INFO";

    private const int HeaderLength = 30;
    private const uint HeaderSignature = 0x04034b50;

    // Bit 3: the sizes stand behind the content.
    private const int SizesFollow = 1 << 3;
    private const int Encrypted = 1;

    private const int Stored = 0;
    private const int Deflated = 8;

    private const int MaxEntries = 10_000;
    private const int MaxMetadataBytes = 1 << 20;

    /// <summary>
    /// The text of <c>EGG-INFO/PKG-INFO</c>, or null: then <paramref name="failure"/> says why it was not found, unless the file is no zip at all
    /// and so no egg. Throws what the stream throws.
    /// </summary>
    public static Stream? Metadata(Stream content, out string? failure)
    {
        var header = new byte[HeaderLength];
        for (int i = 0; i < MaxEntries; i++)
        {
            int read = content.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
            if (read < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature)
            {
                failure = i == 0 ? null : $"This egg has no {Wanted}.";
                return null;
            }

            ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6));
            ushort method = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(8));
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(18));
            string name = NameIn(content, BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)));
            bool isSkipped = TrySkip(content, BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28)));
            if (!isSkipped || (flags & (SizesFollow | Encrypted)) != 0 || size == uint.MaxValue)
            {
                failure = "This egg is of a form that cannot be read forward.";
                return null;
            }

            if (name == Wanted)
            {
                return Unpacked(content, method, size, out failure);
            }

            if (!TrySkip(content, size))
            {
                failure = "This egg breaks off.";
                return null;
            }
        }

        failure = $"This egg has no {Wanted} among its first {MaxEntries} files.";
        return null;
    }

    private static MemoryStream? Unpacked(Stream content, ushort method, uint size, out string? failure)
    {
        var packed = new byte[Math.Min(size, MaxMetadataBytes)];
        int length = content.ReadAtLeast(packed, packed.Length, throwOnEndOfStream: false);
        var text = new MemoryStream(packed, 0, length);
        failure = null;
        if (method == Stored)
        {
            return text;
        }

        try
        {
            if (method == Deflated)
            {
                using var inflated = new DeflateStream(text, CompressionMode.Decompress);
                var unpacked = new byte[MaxMetadataBytes];
                return new MemoryStream(unpacked, 0, inflated.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false));
            }
        }
        catch (InvalidDataException)
        {
            // Said below.
        }

        failure = $"The {Wanted} of this egg cannot be unpacked.";
        return null;
    }

    private static string NameIn(Stream content, int length)
    {
        var name = new byte[length];
        return Encoding.UTF8.GetString(name, 0, content.ReadAtLeast(name, length, throwOnEndOfStream: false));
    }

    private static bool TrySkip(Stream content, long bytes)
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (bytes > 0)
        {
            int read = content.Read(buffer[..(int)Math.Min(bytes, buffer.Length)]);
            if (read == 0)
            {
                return false;
            }

            bytes -= read;
        }

        return true;
    }
}
