using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace ImageScan.Core.Vulnerabilities.Feeds.Cve;

/// <summary>
/// The CVE list (https://github.com/CVEProject/cvelistV5): a zip with one JSON record a CVE, as the repository's archive, as its releases (a zip
/// inside a zip), or unpacked. One record is held at a time.
/// </summary>
public sealed class CveRecordsFeed : IAdvisoryFeed
{
    // A record has 5 KB; those with long lists of products some hundred.
    private const int MaxRecordBytes = 16 * 1024 * 1024;
    private const long MaxArchiveBytes = 8L << 30;
    private const string InnerArchive = "cves.zip";

    public FeedDescription Description { get; } = new()
    {
        Name = "cvelist",
        Title = "CVE records",
        Licence = "free with the notice of https://www.cve.org/Legal/TermsOfUse",
        Address = "https://github.com/CVEProject/cvelistV5/archive/refs/heads/main.zip",
        OffBecause = "each change is half a gigabyte, and NVD's feeds repeat what authors and CISA score some hours later",
    };

    public bool Recognises(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.EndsWith(".zip", StringComparison.Ordinal)
            ? name == InnerArchive || name.StartsWith("cvelistV5", StringComparison.Ordinal) || name.Contains("_CVEs_at_", StringComparison.Ordinal)
            : IsRecord(path) && $"/{path}".Contains("/cves/", StringComparison.Ordinal);
    }

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan { Documents = [new PlannedDocument("")] });

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (IsRecord(document.Path))
        {
            byte[] json = await FeedContent.ReadAllAsync(document.Content, MaxRecordBytes, cancellationToken);
            if (CveRecord5.Read(json, document.Name, report) is { } single)
            {
                yield return single;
            }

            yield break;
        }

        await using Stream outer = await SeekableAsync(document.Content, cancellationToken);
        using var zip = new ZipArchive(outer, ZipArchiveMode.Read, leaveOpen: true);
        if (zip.GetEntry(InnerArchive) is { } packed)
        {
            await using Stream content = await packed.OpenAsync(cancellationToken);
            await using Stream inner = await SeekableAsync(content, cancellationToken);
            using var innerZip = new ZipArchive(inner, ZipArchiveMode.Read, leaveOpen: true);
            await foreach (var cve in RecordsOfAsync(innerZip, report, cancellationToken))
            {
                yield return cve;
            }
        }
        else
        {
            await foreach (var cve in RecordsOfAsync(zip, report, cancellationToken))
            {
                yield return cve;
            }
        }
    }

    private static async IAsyncEnumerable<CveMetadata> RecordsOfAsync(
        ZipArchive zip, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => IsRecord(entry.FullName)))
        {
            byte[] json;
            try
            {
                await using Stream content = await entry.OpenAsync(cancellationToken);
                json = await FeedContent.ReadAllAsync(content, MaxRecordBytes, cancellationToken);
            }
            catch (Exception broken) when (broken is InvalidDataException or NotSupportedException)
            {
                report.AddMalformed(entry.Name, "cannot be unpacked: " + broken.Message);
                continue;
            }

            if (CveRecord5.Read(json, entry.Name, report) is { } cve)
            {
                yield return cve;
            }
        }
    }

    // The list's other files say what changed in it.
    private static bool IsRecord(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.EndsWith(".json", StringComparison.Ordinal) && CveId.IsOne(name[..^".json".Length]);
    }

    // A zip's table of contents is at its end.
    private static async Task<Stream> SeekableAsync(Stream content, CancellationToken cancellationToken)
    {
        if (content.CanSeek)
        {
            return content;
        }

        FileStream file = PassingFile.Open();
        try
        {
            await using var capped = new CappedStream(content, MaxArchiveBytes);
            await capped.CopyToAsync(file, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
