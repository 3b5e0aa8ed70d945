using System.Buffers;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Reads advisories laid out as the OSV bucket lays them out: <c>&lt;Ecosystem&gt;/all.zip</c>, one JSON record an entry
/// (https://google.github.io/osv.dev/data/). One record is in memory at a time.
/// </summary>
public sealed class OsvFeed(OsvArchives archives) : IAdvisoryFeed
{
    // The largest of 82,671 real records has 191 KiB.
    private const int MaxRecordBytes = 16 * 1024 * 1024;

    public string Location => archives.Location;

    public async IAsyncEnumerable<Advisory> ReadAsync(FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var archive in archives.OpenAsync(report, cancellationToken))
        {
            await using var content = archive.Content;
            foreach (var advisory in Records(archive, report, cancellationToken))
            {
                yield return advisory with { Source = archive.Name };
            }
        }
    }

    private static IEnumerable<Advisory> Records(OsvArchive archive, FeedReport report, CancellationToken cancellationToken)
    {
        using var zip = TryOpen(archive, report);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            foreach (var entry in zip?.Entries ?? Enumerable.Empty<ZipArchiveEntry>())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                string name = $"{archive.Name} {entry.FullName}";
                int length = TryFill(entry, ref buffer, name, report);
                if (length >= 0 && TryRead(buffer.AsMemory(0, length), name, report) is { } advisory)
                {
                    yield return advisory;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ZipArchive? TryOpen(OsvArchive archive, FeedReport report)
    {
        ZipArchive? zip = null;
        try
        {
            zip = new ZipArchive(archive.Content, ZipArchiveMode.Read, leaveOpen: true);
            // The table of contents is read on the first question for it, and may be broken too.
            _ = zip.Entries.Count;
            return zip;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            zip?.Dispose();
            report.AddFailed(archive.Name, "is no readable zip archive: " + broken.Message);
            return null;
        }
    }

    // The number of bytes of the entry, now in the buffer; -1 if it cannot be read.
    private static int TryFill(ZipArchiveEntry entry, ref byte[] buffer, string name, FeedReport report)
    {
        int length = 0;
        try
        {
            using var content = entry.Open();
            int read;
            while ((read = content.Read(buffer, length, buffer.Length - length)) > 0)
            {
                length += read;
                if (length > MaxRecordBytes)
                {
                    report.AddMalformed(name, $"is larger than {MaxRecordBytes} bytes");
                    return -1;
                }

                if (length == buffer.Length)
                {
                    Grow(ref buffer);
                }
            }

            return length;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or NotSupportedException)
        {
            report.AddMalformed(name, "cannot be unpacked: " + broken.Message);
            return -1;
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private static Advisory? TryRead(ReadOnlyMemory<byte> json, string name, FeedReport report)
    {
        bool usable = OsvRecord.TryRead(json, out var advisory, out var problems);
        if (problems.Count > 0)
        {
            report.AddMalformed(name, string.Join("; ", problems.Distinct().Take(3)) + (usable ? " (the rest is used)" : ""));
        }

        return advisory;
    }
}
