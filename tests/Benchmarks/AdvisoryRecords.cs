using System.Globalization;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.TestSupport;

namespace ImageScan.Benchmarks;

/// <summary>The real advisories in <c>../shared/data/advisories</c>, as they are or several times with other names.</summary>
internal static class AdvisoryRecords
{
    private static readonly string Folder = Repository.Path("..", "shared", "data", "advisories");

    public static bool AreThere => Directory.Exists(Folder);

    /// <summary>All records.</summary>
    /// <param name="times">How many times; all but the first under other ids, packages and CVEs.</param>
    public static async IAsyncEnumerable<FeedRecord> ReadAsync(int times)
    {
        using var http = new HttpClient();
        for (int time = 0; time < times; time++)
        {
            var source = new FeedSource(Folder, http);
            foreach (var (feed, paths) in FeedFolder.Of(Folder, FeedCatalogue.All).Feeds)
            {
                foreach (string path in paths)
                {
                    await using FeedDocument document = (await source.OpenAsync(path, null, CancellationToken.None))!;
                    await foreach (FeedRecord record in feed.ReadAsync(document, new FeedReport(), CancellationToken.None))
                    {
                        yield return (time == 0 ? record : Renamed(record, time)) with { Source = path, Feed = feed.Description.Name };
                    }
                }
            }
        }
    }

    private static FeedRecord Renamed(FeedRecord record, int time) => record switch
    {
        Advisory advisory => advisory with
        {
            Id = Id(advisory.Id, time),
            Aliases = [.. advisory.Aliases.Select(id => Id(id, time))],
            Upstream = [.. advisory.Upstream.Select(id => Id(id, time))],
            Related = [.. advisory.Related.Select(id => Id(id, time))],
            Affected = [.. advisory.Affected.Select(package => package with { Name = $"{package.Name}-{time}" })],
        },
        CveMetadata cve => cve with { Id = Id(cve.Id, time) },
        _ => record,
    };

    // CVE-2024-1234 of the second time is CVE-2124-1234.
    private static string Id(string id, int time) => CveId.TryParse(id, out ulong key)
        ? CveId.TextOf(key + ((ulong)time * 100_000_000_000_000))
        : string.Create(CultureInfo.InvariantCulture, $"{id}-{time}");
}
