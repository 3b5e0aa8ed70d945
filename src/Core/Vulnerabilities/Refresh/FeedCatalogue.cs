using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>All feeds there are.</summary>
public static class FeedCatalogue
{
    /// <summary>In the order in which they are read and listed.</summary>
    public static IReadOnlyList<IAdvisoryFeed> All { get; } = [new OsvFeed(), new CveListFeed(), new RedHatFeed(), new RedHatRepositoriesFeed()];
}
