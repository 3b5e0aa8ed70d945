using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>A folder of copies of feeds, in whatever folders: each file belongs to the first feed that recognises it.</summary>
/// <param name="Feeds">The feeds with documents in it, in the order of the catalogue, with the paths below the folder, ordered.</param>
/// <param name="Unrecognised">Files that no feed knows, ordered.</param>
public sealed record FeedFolder(IReadOnlyList<(IAdvisoryFeed Feed, IReadOnlyList<string> Paths)> Feeds, IReadOnlyList<string> Unrecognised)
{
    /// <summary>Looks through a folder, or takes one file for the whole of it.</summary>
    public static FeedFolder Of(string location, IReadOnlyList<IAdvisoryFeed> feeds)
    {
        string[] paths = File.Exists(location)
            ? [Path.GetFileName(location)]
            : [.. Directory.EnumerateFiles(location, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(location, path).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal)];
        ILookup<IAdvisoryFeed?, string> claimed = paths.ToLookup(path => feeds.FirstOrDefault(feed => feed.Recognises(path)));
        return new FeedFolder(
            [.. feeds.Where(claimed.Contains).Select(feed => (feed, (IReadOnlyList<string>)[.. claimed[feed]]))],
            [.. claimed[null]]);
    }
}
