using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>All feeds there are.</summary>
public static class FeedCatalogue
{
    /// <summary>In the order in which they are read and listed.</summary>
    public static IReadOnlyList<IAdvisoryFeed> All { get; } = [new OsvFeed(), new CveListFeed()];
}
