using System.Buffers.Binary;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>
/// Says if an SQLite database of rpm has changes in its write-ahead log, which stands beside it and is not read. rpm empties the log when it is
/// done; one with changes in it is left where an image was made of a running or broken-off installation.
/// </summary>
public sealed class RpmWriteAheadLogDetector : IPackageDetector
{
    private const int LogHeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const int MaxPageBytes = 65536;

    private static readonly HashSet<string> Logs = [.. RpmDetector.Folders.Select(folder => $"{folder}rpmdb.sqlite-wal")];

    public string Name => "rpm-log";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => Logs.Contains(path);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (HasChanges(content))
        {
            findings.Warn("The database of rpm has changes in this log, which is not read: packages may be missing, or be listed though they were removed.");
        }
    }

    // "WAL File Format" (https://www.sqlite.org/fileformat2.html): a frame that ends a transaction names the size of the database after it, and
    // counts if its salts are those of the log: others are left from before the log was begun anew.
    private static bool HasChanges(Stream content)
    {
        var header = new byte[LogHeaderBytes];
        var frame = new byte[FrameHeaderBytes + MaxPageBytes];
        if (content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            return false;
        }

        uint pageBytes = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
        if (pageBytes > MaxPageBytes)
        {
            return false;
        }

        Span<byte> next = frame.AsSpan(0, FrameHeaderBytes + (int)pageBytes);
        while (content.ReadAtLeast(next, next.Length, throwOnEndOfStream: false) == next.Length)
        {
            if (!next[8..16].SequenceEqual(header.AsSpan(16, 8)))
            {
                return false;
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(next[4..]) != 0)
            {
                return true;
            }
        }

        return false;
    }
}
