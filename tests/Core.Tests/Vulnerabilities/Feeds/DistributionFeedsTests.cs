using ImageScan.Core.Inventory;
using ImageScan.Core.Tests.Vulnerabilities.Matching;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Alpine;
using ImageScan.Core.Vulnerabilities.Feeds.Debian;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>From a distribution's document to findings.</summary>
public sealed class DistributionFeedsTests
{
    private static async Task<IReadOnlyList<Finding>> FindAsync(IAdvisoryFeed feed, string path, string document, Distribution distribution, Package package)
    {
        FeedReading reading = await FeedReading.OfTextAsync(feed, path, document);
        using TestSnapshot snapshot = TestSnapshot.OfRecords([.. reading.Records]);
        return snapshot.Find(distribution, package);
    }

    [Fact]
    public async Task AlpinesZeroFindsNothingAndALaterStepMends()
    {
        IReadOnlyList<Finding> findings = await FindAsync(
            new AlpineSecdbFeed(),
            "v3.20/main.json",
            """
            {"distroversion":"v3.20","packages":[{"pkg":{"name":"xen","secfixes":{
              "0":["CVE-2024-0001"],"4.18.1-r0":["CVE-2024-0002","XSA-453"],"4.18.2-r1":["CVE-2024-0002 XSA-452"],"4.17.0-r0":["CVE-2024-0003"]}}}]}
            """,
            new Distribution("alpine", "3.20.1"),
            MadePackages.Apk("xen-libs", "4.18.0-r0", "xen"));

        Assert.Equal([("CVE-2024-0002", "4.18.2-r1"), ("XSA-453", "4.18.1-r0")], findings.Select(finding => (finding.Cve, finding.FixedBy)));
    }

    [Fact]
    public async Task DebiansReleaseIsNotMendedBySidAndUndeterminedFindsNothing()
    {
        IReadOnlyList<Finding> findings = await FindAsync(
            new DebianTrackerFeed(),
            "tracker/data/json",
            """
            {"curl":{
              "CVE-2024-0001":{"releases":{"bullseye":{"status":"open","nodsa":"x","nodsa_reason":"ignored"},
                "sid":{"status":"resolved","fixed_version":"7.0-1"}}},
              "CVE-2024-0002":{"releases":{"bullseye":{"status":"undetermined"}}},
              "CVE-2024-0003":{"releases":{"bullseye":{"status":"resolved","fixed_version":"0"}}},
              "CVE-2024-0004":{"releases":{"bullseye":{"status":"resolved","fixed_version":"7.74.0-2"}}},
              "TEMP-0123456-ABCDEF":{"releases":{"bullseye":{"status":"open"}}}}}
            """,
            MadePackages.Debian11,
            MadePackages.Deb("libcurl4", "7.74.0-1", "curl"));

        Assert.Equal(
            [
                ("CVE-2024-0001", null, AdvisoryStatus.WillNotFix),
                ("CVE-2024-0004", "7.74.0-2", AdvisoryStatus.Affected),
                ("TEMP-0123456-ABCDEF", null, AdvisoryStatus.Affected),
            ],
            findings.Select(finding => (finding.Cve, finding.FixedBy, finding.Status)));
    }
}
