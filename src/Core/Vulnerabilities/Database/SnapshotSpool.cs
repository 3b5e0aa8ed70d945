namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// A file that holds records while a snapshot is built, since their final order is known only at the end: so a build takes the memory of
/// the ids, not that of the records. It is gone with the process.
/// </summary>
internal sealed class SnapshotSpool : IDisposable
{
    private readonly FileStream _file = PassingFile.Open();

    /// <summary>In bytes.</summary>
    public long Length { get; private set; }

    public SpooledBytes Append(ReadOnlySpan<byte> bytes)
    {
        var place = new SpooledBytes(Length, bytes.Length);
        _file.Write(bytes);
        Length += bytes.Length;
        return place;
    }

    /// <summary>Call it between an <see cref="Append"/> and a <see cref="Read"/>.</summary>
    public void Seal() => _file.Flush();

    public void Read(SpooledBytes place, RecordWriter into)
    {
        var bytes = into.Reserve(place.Length);
        for (int read = 0; read < bytes.Length;)
        {
            int more = RandomAccess.Read(_file.SafeFileHandle, bytes[read..], place.Offset + read);
            read += more > 0 ? more : throw new IOException("The temporary file of the snapshot was cut short.");
        }
    }

    public void Dispose() => _file.Dispose();
}

internal readonly record struct SpooledBytes(long Offset, int Length);
