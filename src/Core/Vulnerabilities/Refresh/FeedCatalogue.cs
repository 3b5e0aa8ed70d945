using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Cisa;
using ImageScan.Core.Vulnerabilities.Feeds.Cve;
using ImageScan.Core.Vulnerabilities.Feeds.EndOfLifeDate;
using ImageScan.Core.Vulnerabilities.Feeds.First;
using ImageScan.Core.Vulnerabilities.Feeds.Nvd;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>All feeds there are.</summary>
public static class FeedCatalogue
{
    /// <summary>In the order in which they are read and listed: OSV first, the others by name.</summary>
    public static IReadOnlyList<IAdvisoryFeed> All { get; } =
    [
        new OsvFeed(),
        new CveListFeed(),
        new CveRecordsFeed(),
        new EndOfLifeFeed(),
        new EpssFeed(),
        new KevFeed(),
        new NvdFeed(),
        new RedHatFeed(),
        new RedHatRepositoriesFeed(),
    ];
}
