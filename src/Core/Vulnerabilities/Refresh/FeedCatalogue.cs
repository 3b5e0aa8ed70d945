using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Alpine;
using ImageScan.Core.Vulnerabilities.Feeds.Amazon;
using ImageScan.Core.Vulnerabilities.Feeds.AzureLinux;
using ImageScan.Core.Vulnerabilities.Feeds.Chainguard;
using ImageScan.Core.Vulnerabilities.Feeds.Cisa;
using ImageScan.Core.Vulnerabilities.Feeds.Cve;
using ImageScan.Core.Vulnerabilities.Feeds.Debian;
using ImageScan.Core.Vulnerabilities.Feeds.EndOfLifeDate;
using ImageScan.Core.Vulnerabilities.Feeds.First;
using ImageScan.Core.Vulnerabilities.Feeds.Github;
using ImageScan.Core.Vulnerabilities.Feeds.Nvd;
using ImageScan.Core.Vulnerabilities.Feeds.Oracle;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;
using ImageScan.Core.Vulnerabilities.Feeds.Photon;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;
using ImageScan.Core.Vulnerabilities.Feeds.Suse;
using ImageScan.Core.Vulnerabilities.Feeds.Ubuntu;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>All feeds there are.</summary>
public static class FeedCatalogue
{
    /// <summary>In the order in which they are read and listed: OSV first, the others by name.</summary>
    public static IReadOnlyList<IAdvisoryFeed> All { get; } =
    [
        new OsvFeed(),
        new AlpineSecdbFeed(),
        new AmazonFeed(),
        new AmazonLinux1Feed(),
        new AzureLinuxFeed(),
        new ChainguardFeed(TimeProvider.System),
        new CveListFeed(),
        new CveRecordsFeed(),
        new DebianTrackerFeed(),
        new EndOfLifeFeed(),
        new EpssFeed(),
        new GithubFeed(),
        new KevFeed(),
        new NvdFeed(),
        new OracleFeed(),
        new PhotonFeed(),
        new RedHatFeed(),
        new RedHatRepositoriesFeed(),
        new SuseFeed(TimeProvider.System),
        new UbuntuFeed(),
    ];
}
