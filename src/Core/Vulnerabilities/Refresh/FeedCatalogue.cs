using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Chainguard;
using ImageScan.Core.Vulnerabilities.Feeds.Github;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;
using ImageScan.Core.Vulnerabilities.Feeds.Suse;
using ImageScan.Core.Vulnerabilities.Feeds.Ubuntu;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>All feeds there are.</summary>
public static class FeedCatalogue
{
    /// <summary>In the order in which they are read and listed.</summary>
    public static IReadOnlyList<IAdvisoryFeed> All { get; } =
    [
        new OsvFeed(),
        new ChainguardFeed(TimeProvider.System),
        new CveListFeed(),
        new GithubFeed(),
        new SuseFeed(TimeProvider.System),
        new UbuntuFeed(),
    ];
}
