using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>
/// Reads a document made of OSV records, whatever holds them: a zip or tar archive with one JSON file a record, or one record alone. Which of
/// them it is is told by its first bytes. One record is in memory at a time.
/// </summary>
internal static class OsvDocument
{
    // All ecosystems together had 1.1 GB in 2026.
    private const long MaxZipBytes = 8L << 30;
    private const int TarBlock = 512;
    private const int PlaceOfTarMagic = 257;

    // Lists of ids and dates that lie beside the records.
    private const string IndexName = "all.json";

    /// <summary>
    /// The records that could be read. What is malformed is told to the report. Throws <see cref="FeedException"/>,
    /// <see cref="InvalidDataException"/> or <see cref="IOException"/> if the document cannot be read, or not to its end.
    /// </summary>
    public static async IAsyncEnumerable<OsvRecord> RecordsAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] magic = new byte[4];
        int length = await document.Content.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
        // An empty archive begins with its end.
        bool isZip = magic is [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6];
        if (!isZip && document.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            throw new FeedException($"{document.Path} is no zip archive.");
        }

        var whole = new RewoundStream(magic.AsMemory(0, length), document.Content);
        IAsyncEnumerable<OsvRecord> records = isZip
            ? OfZipAsync(document, whole, report, cancellationToken)
            : OfTarOrJsonAsync(document, whole, report, cancellationToken);
        await foreach (OsvRecord record in records)
        {
            yield return record;
        }
    }

    private static async IAsyncEnumerable<OsvRecord> OfZipAsync(
        FeedDocument document, Stream content, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A zip's table of contents is at its end.
        await using Stream seekable = await SeekableAsync(document.Content, content, cancellationToken);
        using ZipArchive zip = Open(document, seekable);
        using var buffer = new OsvBuffer();
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsRecord(entry.FullName) && buffer.TryFill(entry, $"{document.Path} {entry.FullName}", report)
                && TryRead(buffer.Written, $"{document.Path} {entry.FullName}", report) is { } record)
            {
                yield return record;
            }
        }
    }

    private static async IAsyncEnumerable<OsvRecord> OfTarOrJsonAsync(
        FeedDocument document, Stream content, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream expanded = await FeedContent.ExpandAsync(content, cancellationToken);
        byte[] block = new byte[TarBlock];
        int length = await expanded.ReadAtLeastAsync(block, TarBlock, throwOnEndOfStream: false, cancellationToken);
        await using var whole = new RewoundStream(block.AsMemory(0, length), expanded);
        using var buffer = new OsvBuffer();
        if (!block.AsSpan(PlaceOfTarMagic).StartsWith("ustar"u8))
        {
            if (await buffer.TryFillAsync(whole, document.Path, report, cancellationToken) && TryRead(buffer.Written, document.Path, report) is { } only)
            {
                yield return only;
            }

            yield break;
        }

        await foreach (ArchivedFile file in FeedContent.FilesOfTarAsync(whole, cancellationToken))
        {
            if (IsRecord(file.Path) && await buffer.TryFillAsync(file.Content, $"{document.Path} {file.Path}", report, cancellationToken)
                && TryRead(buffer.Written, $"{document.Path} {file.Path}", report) is { } record)
            {
                yield return record;
            }
        }
    }

    private static bool IsRecord(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && name != IndexName;
    }

    private static async Task<Stream> SeekableAsync(Stream original, Stream content, CancellationToken cancellationToken)
    {
        if (original.CanSeek)
        {
            original.Position = 0;
            return original;
        }

        FileStream file = PassingFile.Open();
        try
        {
            await new CappedStream(content, MaxZipBytes).CopyToAsync(file, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static ZipArchive Open(FeedDocument document, Stream content)
    {
        ZipArchive? zip = null;
        try
        {
            zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            // The table of contents is read on the first question for it, and may be broken too.
            _ = zip.Entries.Count;
            return zip;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            zip?.Dispose();
            throw new FeedException($"{document.Path} is no readable zip archive: {broken.Message}", broken);
        }
    }

    private static OsvRecord? TryRead(ReadOnlyMemory<byte> json, string name, FeedReport report)
    {
        OsvRecord record = OsvRecord.Read(json);
        if (record.Problems.Count > 0)
        {
            report.AddMalformed(name, string.Join("; ", record.Problems.Distinct().Take(3)) + (record.Advisory is null ? "" : " (the rest is used)"));
        }

        return record.Advisory is null ? null : record;
    }
}
