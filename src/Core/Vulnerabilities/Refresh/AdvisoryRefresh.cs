using System.Diagnostics;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>Builds snapshots from feeds.</summary>
public sealed class AdvisoryRefresh(TimeProvider time)
{
    private const string CveMetadataName = "cve-metadata.jsonl.gz";

    /// <summary>
    /// The file <c>cve-metadata.jsonl.gz</c> beside one of the folders; null if there is none. It brings the dates and vectors that most
    /// advisories of distributions lack. One within a folder is recognised like all of its files.
    /// </summary>
    public static string? FindCveMetadata(IReadOnlyList<string> locations)
    {
        string[] folders = [.. locations.Where(Directory.Exists).Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        return folders.Select(Path.GetDirectoryName).OfType<string>().Except(folders, StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, CveMetadataName)).FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// Reads all documents that a feed of the catalogue recognises and writes a snapshot. What cannot be read is in the answer, and never ends
    /// the build, unless nothing is left: then, and if the file cannot be written, <see cref="AdvisoryDatabaseException"/>.
    /// </summary>
    /// <param name="locations">Folders, files, or http(s) addresses laid out like the OSV bucket.</param>
    /// <param name="http">Asks for addresses.</param>
    /// <param name="path">The snapshot to write; what was there stays until the new one is whole.</param>
    /// <param name="choice">Everything, or a starter set.</param>
    /// <param name="cancellationToken">Leaves what was there.</param>
    public async Task<SnapshotBuild> BuildAsync(
        IReadOnlyList<string> locations, HttpClient http, string path, SnapshotChoice choice, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        using var builder = new SnapshotBuilder(choice == SnapshotChoice.StarterSet ? SnapshotTexts.FactsOnly : SnapshotTexts.Summaries);
        var runs = new List<FeedRun>();
        var unrecognised = new List<string>();
        foreach (string location in locations)
        {
            // A file is read as one of its folder, since feeds know documents by their names.
            var source = new FeedSource(File.Exists(location) ? Path.GetDirectoryName(Path.GetFullPath(location))! : location, http);
            FeedFolder folder = await DocumentsOfAsync(location, source, runs, cancellationToken);
            unrecognised.AddRange(folder.Unrecognised);
            foreach (var (feed, paths) in folder.Feeds)
            {
                runs.Add(await ReadAsync(feed, source, paths, builder, choice, cancellationToken));
            }
        }

        if (runs.Sum(run => run.Records - run.NotChosen) == 0)
        {
            throw Nothing(locations, runs);
        }

        var (description, fileBytes) = builder.Write(path, time.GetUtcNow());
        return new SnapshotBuild
        {
            Path = path,
            Description = description,
            Runs = runs,
            Unrecognised = unrecognised,
            Skipped = builder.Skipped,
            Elapsed = time.GetElapsedTime(started),
            PeakMemoryBytes = PeakMemory(),
            FileBytes = fileBytes,
        };
    }

    private static async Task<FeedFolder> DocumentsOfAsync(
        string location, FeedSource source, List<FeedRun> runs, CancellationToken cancellationToken)
    {
        if (!source.IsAddress)
        {
            return Path.Exists(location)
                ? FeedFolder.Of(location, FeedCatalogue.All)
                : throw new AdvisoryDatabaseException($"There is no folder or file {location}.");
        }

        var osv = FeedCatalogue.All.OfType<OsvFeed>().Single();
        try
        {
            FeedPlan plan = await osv.PlanAsync(source, new Dictionary<string, KnownDocument>(), cancellationToken);
            return new FeedFolder([(osv, [.. plan.Documents.Select(document => document.Path)])], []);
        }
        catch (Exception broken) when (FeedFailures.IsOne(broken, cancellationToken))
        {
            var report = new FeedReport();
            report.AddFailed(source.Location, broken.Message);
            runs.Add(new FeedRun(osv.Description, source.Location, 0, 0, 0, report));
            return new FeedFolder([], []);
        }
    }

    private static async Task<FeedRun> ReadAsync(
        IAdvisoryFeed feed, FeedSource source, IReadOnlyList<string> paths, SnapshotBuilder builder, SnapshotChoice choice, CancellationToken cancellationToken)
    {
        builder.Describe(feed.Description.Name, feed.Description.Licence, checkedAt: null);
        var report = new FeedReport();
        (int records, int notChosen) = (0, 0);
        foreach (string path in paths)
        {
            try
            {
                await using FeedDocument? document = await source.OpenAsync(path, null, cancellationToken);
                if (document is null)
                {
                    report.AddFailed(path, "is not there.");
                    continue;
                }

                await foreach (FeedRecord record in feed.ReadAsync(document, report, cancellationToken))
                {
                    records++;
                    FeedRecord? chosen = choice == SnapshotChoice.StarterSet && record is Advisory advisory ? StarterSet.Choose(advisory) : record;
                    notChosen += chosen is null ? 1 : 0;
                    if (chosen is not null)
                    {
                        builder.Add(chosen with { Source = path, Feed = feed.Description.Name });
                    }
                }
            }
            catch (Exception broken) when (FeedFailures.IsOne(broken, cancellationToken))
            {
                report.AddFailed(path, broken.Message);
            }
        }

        return new FeedRun(feed.Description, source.Location, paths.Count, records, notChosen, report);
    }

    private static AdvisoryDatabaseException Nothing(IReadOnlyList<string> locations, List<FeedRun> runs)
    {
        string why = string.Concat(runs.SelectMany(run => run.Report.Failed).Select(failed => $" {failed.Name}: {failed.Reason}"));
        return new AdvisoryDatabaseException(
            $"No advisories were found in {string.Join(", ", locations)}; nothing was written.{why} "
            + "A source is a folder with copies of feeds, such as <Ecosystem>/all.zip of OSV, or an address with <Ecosystem>/all.zip below it.");
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
