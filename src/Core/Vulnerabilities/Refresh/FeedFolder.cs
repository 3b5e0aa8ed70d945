using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>A folder of copies of feeds, in whatever folders: each file belongs to the first feed that recognises it.</summary>
/// <param name="Feeds">The feeds with documents in it, in the order of the catalogue, with the paths below the folder, ordered.</param>
/// <param name="Unrecognised">Files that no feed knows, ordered.</param>
public sealed record FeedFolder(IReadOnlyList<(IAdvisoryFeed Feed, IReadOnlyList<string> Paths)> Feeds, IReadOnlyList<string> Unrecognised)
{
    /// <summary>Looks through a folder, or takes one file for the whole of it. Throws <see cref="IOException"/>.</summary>
    public static FeedFolder Of(string location, IReadOnlyList<IAdvisoryFeed> feeds)
    {
        string[] paths = File.Exists(location) ? [Path.GetFileName(location)] : FilesBelow(location);
        ILookup<IAdvisoryFeed?, string> claimed = paths.ToLookup(path =>
            feeds.FirstOrDefault(feed => IsMirrored(feed, path)) ?? feeds.FirstOrDefault(feed => feed.Recognises(path)));
        return new FeedFolder(
            [.. feeds.Where(claimed.Contains).Select(feed => (feed, (IReadOnlyList<string>)[.. claimed[feed]]))],
            [.. claimed[null]]);
    }

    /// <summary>The documents of one feed in a folder that is all its own.</summary>
    public static IReadOnlyList<string> PathsOf(string folder, IAdvisoryFeed feed) =>
        [.. FilesBelow(folder).Where(path => path == feed.Description.DocumentName || IsMirrored(feed, path) || feed.Recognises(path))];

    // A mirror keeps a document that is the feed's address itself under the last part of that, which says little to the feed: "json".
    private static bool IsMirrored(IAdvisoryFeed feed, string path) =>
        $"/{path}".EndsWith($"/{feed.Description.Name}/{feed.Description.DocumentName}", StringComparison.Ordinal);

    // Files that begin with a dot are a mirror's own.
    private static string[] FilesBelow(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !Path.GetFileName(path).StartsWith('.'))
            .Order(StringComparer.Ordinal),
    ];
}
