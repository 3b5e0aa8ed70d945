using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Alpine;
using ImageScan.Core.Vulnerabilities.Feeds.Amazon;
using ImageScan.Core.Vulnerabilities.Feeds.AzureLinux;
using ImageScan.Core.Vulnerabilities.Feeds.Debian;
using ImageScan.Core.Vulnerabilities.Feeds.Oracle;
using ImageScan.Core.Vulnerabilities.Feeds.Photon;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>All feeds there are.</summary>
public static class FeedCatalogue
{
    /// <summary>In the order in which they are read and listed.</summary>
    public static IReadOnlyList<IAdvisoryFeed> All { get; } =
    [
        new OsvFeed(),
        new AlpineSecdbFeed(),
        new AmazonFeed(),
        new AmazonLinux1Feed(),
        new AzureLinuxFeed(),
        new CveListFeed(),
        new DebianTrackerFeed(),
        new OracleFeed(),
        new PhotonFeed(),
    ];
}
