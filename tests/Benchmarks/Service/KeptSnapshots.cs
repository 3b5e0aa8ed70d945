using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Benchmarks.Service;

/// <summary>
/// Two snapshots of the real advisories, the one a day younger than the other, kept in the cache folder; where there are no advisories, none,
/// and the server goes by its starter set.
/// </summary>
internal static class KeptSnapshots
{
    private static readonly DateTimeOffset Older = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The path of the older one, "" if there is none.</summary>
    public static Task<string> OlderAsync() => FindAsync("older", Older);

    /// <summary>The path of the younger one, "" if there is none.</summary>
    public static Task<string> YoungerAsync() => FindAsync("younger", Older.AddDays(1));

    private static async Task<string> FindAsync(string name, DateTimeOffset builtAt)
    {
        if (!AdvisoryRecords.AreThere)
        {
            return "";
        }

        string path = Path.Combine(CacheFolder.Folder("snapshots"), $"{name}.snap");
        if (!IsReadable(path))
        {
            using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);
            await foreach (FeedRecord record in AdvisoryRecords.ReadAsync(times: 1))
            {
                builder.Add(record);
            }

            builder.Write(path, builtAt);
        }

        return path;
    }

    // One of another version's form is built anew.
    private static bool IsReadable(string path)
    {
        try
        {
            using var database = AdvisoryDatabase.Open(path);
            return true;
        }
        catch (Exception missing) when (missing is AdvisoryDatabaseException or IOException)
        {
            return false;
        }
    }
}
