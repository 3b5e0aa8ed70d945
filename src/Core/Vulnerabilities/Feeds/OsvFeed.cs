using System.Buffers;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Reads advisories laid out as the OSV bucket lays them out: <c>&lt;Ecosystem&gt;/all.zip</c>, one JSON record an entry
/// (https://google.github.io/osv.dev/data/). One record is in memory at a time.
/// </summary>
public sealed class OsvFeed : IAdvisoryFeed
{
    // The largest of 82,671 real records has 191 KiB.
    private const int MaxRecordBytes = 16 * 1024 * 1024;
    private const int MaxListBytes = 1024 * 1024;
    private const string ArchiveName = "all.zip";

    public FeedDescription Description { get; } = new()
    {
        Name = "osv",
        Title = "OSV",
        Licence = "by source, https://google.github.io/osv.dev/data/",
        Address = "https://osv-vulnerabilities.storage.googleapis.com",
    };

    public bool Recognises(string path) => path == ArchiveName || path.EndsWith("/" + ArchiveName, StringComparison.Ordinal);

    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        if (source.Location.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            return new FeedPlan { Documents = [new PlannedDocument("")] };
        }

        await using var list = await source.OpenAsync("ecosystems.txt", null, cancellationToken);
        if (list is null)
        {
            return new FeedPlan { Documents = [new PlannedDocument(ArchiveName)] };
        }

        string names = Encoding.UTF8.GetString(await FeedContent.ReadAllAsync(list.Content, MaxListBytes, cancellationToken));
        // Archives hold all releases of an ecosystem, so the list's "Debian:11" is in Debian's.
        return new FeedPlan
        {
            Documents =
            [
                .. names.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(name => OsvEcosystem.Parse(name).Name).Where(name => name is not ("" or "." or "..")).Distinct(StringComparer.Ordinal)
                    .Select(name => new PlannedDocument($"{name}/{ArchiveName}")),
            ],
        };
    }

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A zip's table of contents is at its end.
        await using Stream archive = await SeekableAsync(document.Content, cancellationToken);
        foreach (var advisory in Records(new OsvArchive(document.Path, archive), report, cancellationToken))
        {
            yield return advisory;
        }
    }

    private static async Task<Stream> SeekableAsync(Stream content, CancellationToken cancellationToken)
    {
        if (content.CanSeek)
        {
            return content;
        }

        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        await content.CopyToAsync(file, cancellationToken);
        file.Position = 0;
        return file;
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

/// <summary>One opened archive.</summary>
/// <param name="Name">For people.</param>
/// <param name="Content">Seekable.</param>
internal sealed record OsvArchive(string Name, Stream Content);
