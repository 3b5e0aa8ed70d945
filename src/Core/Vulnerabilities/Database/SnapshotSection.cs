namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>A part of a snapshot; no read leaves it.</summary>
internal sealed class SnapshotSection(SnapshotBytes bytes, long start, long length)
{
    public long Length => length;

    public byte[] Read(ulong offset, uint count)
    {
        if (offset > (ulong)length || count > (ulong)length - offset || count > Array.MaxLength)
        {
            throw new InvalidDataException("A record in it is beyond its section.");
        }

        byte[] read = new byte[count];
        bytes.Read(start + (long)offset, read);
        return read;
    }

    public byte[] ReadAll() => length <= int.MaxValue ? Read(0, (uint)length) : throw new InvalidDataException("A section of it is too long.");
}
