using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>Which documents of a feed a run asks for, wherever they are.</summary>
internal static class FeedPlans
{
    /// <summary>
    /// At an address the feed's own plan; in a folder all files that are the feed's, in whatever layout. Throws <see cref="FeedException"/> if
    /// there are none, and what asking for indexes throws.
    /// </summary>
    public static async Task<(FeedSource Source, FeedPlan Plan)> MakeAsync(
        IAdvisoryFeed feed, string location, HttpClient http, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        var source = new FeedSource(location, http);
        if (source.IsAddress)
        {
            FeedPlan plan = await feed.PlanAsync(source, known, cancellationToken);
            return plan.Documents.Count + plan.Kept.Count > 0 ? (source, plan) : throw new FeedException($"{location} names no documents.");
        }

        if (File.Exists(location))
        {
            string path = Path.GetFullPath(location);
            return (new FeedSource(Path.GetDirectoryName(path)!, http), new FeedPlan { Documents = [new PlannedDocument(Path.GetFileName(path))] });
        }

        IReadOnlyList<string> paths = Directory.Exists(location)
            ? FeedFolder.PathsOf(location, feed)
            : throw new FeedException($"There is no folder or file {location}.");
        return paths.Count > 0
            ? (source, new FeedPlan { Documents = [.. paths.Select(path => new PlannedDocument(path))] })
            : throw new FeedException($"There is nothing of this feed in {location}.");
    }
}
