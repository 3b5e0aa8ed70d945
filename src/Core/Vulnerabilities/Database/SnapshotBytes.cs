using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// The bytes of a snapshot, read at any place by any thread. A file is read by position and not mapped: a mapped file that someone cuts
/// short ends the whole process, and a look-up is one read of a few hundred bytes out of the page cache either way.
/// </summary>
internal abstract class SnapshotBytes : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Fills the span from that place on. Throws <see cref="InvalidDataException"/> if there is less.</summary>
    public abstract void Read(long offset, Span<byte> into);

    public abstract void Dispose();

    public byte[] HashFrom(long offset)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[256 * 1024];
        for (long length = Length; offset < length;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - offset));
            Read(offset, part);
            hash.AppendData(part);
            offset += part.Length;
        }

        return hash.GetHashAndReset();
    }
}

internal sealed class FileBytes(SafeFileHandle file) : SnapshotBytes
{
    public override long Length { get; } = RandomAccess.GetLength(file);

    public override void Read(long offset, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            int read = RandomAccess.Read(file, into, offset);
            if (read == 0)
            {
                throw new InvalidDataException("It has become shorter since it was opened.");
            }

            into = into[read..];
            offset += read;
        }
    }

    public override void Dispose() => file.Dispose();
}

internal sealed class HeldBytes(byte[] bytes) : SnapshotBytes
{
    public override long Length => bytes.LongLength;

    public override void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset + into.Length > bytes.LongLength)
        {
            throw new InvalidDataException("A record in it is beyond its end.");
        }

        bytes.AsSpan((int)offset, into.Length).CopyTo(into);
    }

    public override void Dispose()
    {
    }
}
