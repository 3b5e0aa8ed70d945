using System.Buffers.Binary;
using static ImageScan.Core.Vulnerabilities.Database.SnapshotFormat;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Writes the frame of a snapshot beside its final place; it gets there, whole and at once, by <see cref="Commit"/>.</summary>
internal sealed class SnapshotFileWriter : IDisposable
{
    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly FileStream _file;
    private readonly byte[] _header = new byte[HeaderLength];

    public SnapshotFileWriter(string path)
    {
        _path = path;
        _temporaryPath = $"{path}.{Path.GetRandomFileName()}.tmp";
        _file = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);
        _file.Write(_header);
    }

    /// <summary>Writes one section; each exactly once, in any order.</summary>
    public void Write(Section section, Action<Stream> content)
    {
        long start = _file.Position;
        content(_file);
        var entry = _header.AsSpan(TableOffset + ((int)section * 16));
        BinaryPrimitives.WriteInt64LittleEndian(entry, start);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], _file.Position - start);
    }

    public void Write(Section section, ReadOnlySpan<byte> content)
    {
        byte[] bytes = content.ToArray();
        Write(section, file => file.Write(bytes));
    }

    /// <summary>Seals the file, puts it in the place of what was there, and returns its length in bytes.</summary>
    public long Commit()
    {
        Magic.CopyTo(_header);
        BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(8), SnapshotFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(12), SectionCount);
        BinaryPrimitives.WriteInt64LittleEndian(_header.AsSpan(LengthOffset), _file.Length);
        _file.Position = 0;
        _file.Write(_header);
        _file.Flush();
        new FileBytes(_file.SafeFileHandle).HashFrom(HashedFrom).CopyTo(_header, HashOffset);
        _file.Position = 0;
        _file.Write(_header);
        _file.Flush(flushToDisk: true);
        long length = _file.Length;
        _file.Dispose();
        File.Move(_temporaryPath, _path, overwrite: true);
        return length;
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_temporaryPath);
    }
}
