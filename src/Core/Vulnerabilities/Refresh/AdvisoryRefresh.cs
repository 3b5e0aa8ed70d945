using System.Diagnostics;
using System.IO.Compression;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>Builds snapshots from feeds.</summary>
public sealed class AdvisoryRefresh(TimeProvider time)
{
    private const string CveMetadataName = "cve-metadata.jsonl.gz";

    /// <summary>
    /// The file <c>cve-metadata.jsonl.gz</c> in one of the folders or beside it; null if there is none. It brings the dates and vectors that
    /// most advisories of distributions lack.
    /// </summary>
    public static string? FindCveMetadata(IEnumerable<string> locations) => locations.Where(Directory.Exists)
        .SelectMany(folder => new[] { folder, Path.GetFullPath(Path.Combine(folder, "..")) })
        .Select(folder => Path.Combine(folder, CveMetadataName)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Reads all feeds and writes a snapshot. What cannot be read is in the answer, and never ends the build, unless nothing is left: then, and
    /// if the file cannot be written, <see cref="AdvisoryDatabaseException"/>.
    /// </summary>
    /// <param name="feeds">Where the advisories are; of an id that several have, the later modified record counts.</param>
    /// <param name="cveMetadataPath">A file of CVE metadata (<see cref="CveMetadataFeed"/>), gzip; null for none.</param>
    /// <param name="path">The snapshot to write; what was there stays until the new one is whole.</param>
    /// <param name="choice">Everything, or a starter set.</param>
    /// <param name="cancellationToken">Leaves what was there.</param>
    public async Task<SnapshotBuild> BuildAsync(
        IReadOnlyList<IAdvisoryFeed> feeds,
        string? cveMetadataPath,
        string path,
        SnapshotChoice choice,
        CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        var report = new FeedReport();
        bool isStarter = choice == SnapshotChoice.StarterSet;
        using var builder = new SnapshotBuilder(isStarter ? SnapshotTexts.FactsOnly : SnapshotTexts.Summaries);
        (int records, int notChosen) = (0, 0);
        foreach (var feed in feeds)
        {
            await foreach (var advisory in feed.ReadAsync(report, cancellationToken))
            {
                records++;
                if ((isStarter ? StarterSet.Choose(advisory) : advisory) is { } chosen)
                {
                    builder.Add(chosen);
                }
                else
                {
                    notChosen++;
                }
            }
        }

        if (records == notChosen)
        {
            throw Nothing(feeds, report);
        }

        (int malformedCves, int malformedVectors) = cveMetadataPath is null ? (0, 0) : await AddCvesAsync(builder, cveMetadataPath, report, cancellationToken);
        var (description, fileBytes) = builder.Write(path, time.GetUtcNow());
        return new SnapshotBuild
        {
            Path = path,
            Description = description,
            Records = records,
            Skipped = builder.Skipped,
            NotChosen = notChosen,
            Malformed = report.Malformed,
            MalformedReasons = report.Reasons,
            Failed = report.Failed,
            MalformedCves = malformedCves,
            MalformedVectors = malformedVectors,
            Elapsed = time.GetElapsedTime(started),
            PeakMemoryBytes = PeakMemory(),
            FileBytes = fileBytes,
        };
    }

    private static async Task<(int Lines, int Vectors)> AddCvesAsync(
        SnapshotBuilder builder, string cveMetadataPath, FeedReport report, CancellationToken cancellationToken)
    {
        CveMetadataFeed? feed = null;
        try
        {
            await using var file = new FileStream(cveMetadataPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
            await using var lines = new GZipStream(file, CompressionMode.Decompress);
            feed = new CveMetadataFeed(lines);
            await foreach (var cve in feed.ReadAsync(cancellationToken))
            {
                builder.Add(cve);
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            report.AddFailed(Path.GetFileName(cveMetadataPath), broken.Message);
        }

        return feed is null ? (0, 0) : (feed.MalformedLines, feed.MalformedVectors);
    }

    private static AdvisoryDatabaseException Nothing(IReadOnlyList<IAdvisoryFeed> feeds, FeedReport report)
    {
        string where = string.Join(", ", feeds.Select(feed => feed.Location));
        string why = string.Concat(report.Failed.Select(failed => $" {failed.Name}: {failed.Reason}"));
        return new AdvisoryDatabaseException(
            $"No advisories were found in {where}; nothing was written.{why} A source is a folder or an address with <Ecosystem>/all.zip below it.");
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}

/// <summary>Which advisories a build takes.</summary>
public enum SnapshotChoice
{
    Everything,

    /// <summary>What may be passed on with the app: see <see cref="Refresh.StarterSet"/>.</summary>
    StarterSet,
}
