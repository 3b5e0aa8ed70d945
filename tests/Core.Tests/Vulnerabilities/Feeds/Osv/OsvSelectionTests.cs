using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Osv;

public sealed class OsvSelectionTests
{
    private static string Record(string id, string ecosystem, string rest = "\"summary\":\"\"") => $$"""
        {"id":"{{id}}","modified":"2024-01-01T00:00:00Z",{{rest}},
         "affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"x"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}
        """;

    private static Task<FeedReading> ReadAsync(params string[] records) => FeedReading.OfAsync(new OsvFeed(), "x/all.zip", OsvZip.Of(records));

    [Theory]
    [InlineData("ALSA-2024:1", "AlmaLinux:9", AdvisoryAuthority.Vendor)]
    [InlineData("RLSA-2024:1", "Rocky Linux:9", AdvisoryAuthority.Vendor)]
    [InlineData("OESA-2024-1", "openEuler:24.03-LTS", AdvisoryAuthority.Vendor)]
    [InlineData("MGASA-2024-0001", "Mageia:9", AdvisoryAuthority.Vendor)]
    [InlineData("BELL-CVE-2024-1", "Alpaquita:stream", AdvisoryAuthority.Vendor)]
    [InlineData("CLEANSTART-2026-1", "CleanStart", AdvisoryAuthority.Vendor)]
    [InlineData("CLEANSTART-2026-1", "Alpine:v3.20", AdvisoryAuthority.Collected)]
    [InlineData("ELA-1801-1", "Debian:10", AdvisoryAuthority.Collected)]
    [InlineData("DEBIAN-CVE-2024-1", "Debian:12", AdvisoryAuthority.Collected)]
    [InlineData("ALPINE-CVE-2024-1", "Alpine:v3.20", AdvisoryAuthority.Collected)]
    [InlineData("RHSA-2024:1", "Red Hat:enterprise_linux:9::baseos", AdvisoryAuthority.Collected)]
    [InlineData("AZL-1", "Azure Linux:3", AdvisoryAuthority.Collected)]
    [InlineData("GHSA-29mw-wpgm-hmr9", "npm", AdvisoryAuthority.Collected)]
    public async Task OnlyAVendorWithoutAFeedOfItsOwnIsTheVendor(string id, string ecosystem, AdvisoryAuthority authority)
    {
        Assert.Equal(authority, Assert.Single((await ReadAsync(Record(id, ecosystem))).Advisories).Authority);
    }

    [Theory]
    [InlineData("Hex", "about an ecosystem that no detector knows")]
    [InlineData("Linux", "about an ecosystem that no detector knows")]
    [InlineData("Wolfi", "about Wolfi, which is off: its licence forbids commercial use and changed copies")]
    [InlineData("Chainguard", "about Chainguard, which is off: its licence forbids commercial use and changed copies")]
    [InlineData("MinimOS", "about MinimOS, which is off: its vendor states no licence for its records")]
    public async Task CountsWhatNobodyCanAskForOrIsOff(string ecosystem, string reason)
    {
        FeedReading reading = await ReadAsync(Record("X-1", ecosystem), Record("X-2", "npm"));

        Assert.Equal(["X-2"], reading.Advisories.Select(advisory => advisory.Id));
        Assert.Equal(1, Assert.Single(reading.Report.Skipped, skipped => skipped.Key == reason).Value);
    }

    [Fact]
    public async Task TakesAnEcosystemThatIsChosen()
    {
        FeedReading reading = await FeedReading.OfAsync(new OsvFeed(["Wolfi"], TimeProvider.System), "Wolfi/all.zip", OsvZip.Of(Record("CGA-1", "Wolfi")));

        Assert.Single(reading.Advisories);
    }

    [Fact]
    public async Task ReadsCopiesOfWhatAVendorsOwnFeedHas()
    {
        Assert.Equal(2, (await ReadAsync(Record("UBUNTU-CVE-2024-1", "Ubuntu:24.04:LTS"), Record("SUSE-SU-2024:1-1", "SUSE:x"))).Advisories.Count);
    }

    [Fact]
    public async Task LeavesThePackagesOfOtherEcosystemsOut()
    {
        const string Mixed = """
            {"id":"X-1","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"Hex","name":"a"},"versions":["1"]},
             {"package":{"ecosystem":"npm","name":"b"},"versions":["1"]}]}
            """;

        FeedReading reading = await ReadAsync(Mixed);

        Assert.Equal("b", Assert.Single(Assert.Single(reading.Advisories).Affected).Name);
        Assert.Empty(reading.Report.Skipped);
    }

    // ALBA-2019:0973 shortened.
    [Theory]
    [InlineData("ALBA-2019:0973", "AlmaLinux:8", "\"related\":[]", false)]
    [InlineData("ALBA-2019:0973", "AlmaLinux:8", "\"related\":[\"CVE-2019-1\"]", false)]
    [InlineData("ALBA-2019:0973", "AlmaLinux:8", "\"related\":[\"CVE-2019-1234\"]", true)]
    [InlineData("RHEA-2024:1870", "Red Hat:ocp_tools:4.15::el9", "\"upstream\":[]", false)]
    [InlineData("SUSE-RU-2024:1-1", "SUSE:x", "\"related\":[]", false)]
    [InlineData("ALSA-2019:0973", "AlmaLinux:8", "\"related\":[]", true)]
    public async Task AnUpdateThatMendsNoVulnerabilityIsNone(string id, string ecosystem, string ids, bool taken)
    {
        FeedReading reading = await ReadAsync(Record(id, ecosystem, ids));

        Assert.Equal(taken ? 1 : 0, reading.Advisories.Count);
        Assert.Equal(taken ? 0 : 1, reading.Report.Skipped.GetValueOrDefault("update that mends no vulnerability"));
    }

    [Fact]
    public async Task AWithdrawnRecordIsGivenWhateverItIsAbout()
    {
        Assert.Single((await ReadAsync(Record("RUSTSEC-2024-0001", "Hex", "\"withdrawn\":\"2024-01-01T00:00:00Z\""))).Advisories);
    }

    [Fact]
    public async Task AMaliciousPackageIsAFinding()
    {
        Assert.Single((await ReadAsync(Record("MAL-2024-1", "npm"))).Advisories);
    }

    [Theory]
    [InlineData("npm/all.zip", true)]
    [InlineData("all.zip", true)]
    [InlineData("mirror/osv/npm/all.tar.xz", true)]
    [InlineData("npm/GHSA-29mw-wpgm-hmr9.json", true)]
    [InlineData("Rocky Linux:9/RLSA-2024:1.json", true)]
    [InlineData("npm/all.json", false)]
    [InlineData("osv/npm/modified_id.csv", false)]
    [InlineData("GHSA-29mw-wpgm-hmr9.json", false)]
    [InlineData("npm/ghsa/main.tar.gz", false)]
    [InlineData("suse/osv/osv.tar.bz2", false)]
    [InlineData("alpine/secdb/v3.16/main.json", false)]
    public void RecognisesWhatLiesAsInTheBucket(string path, bool recognised)
    {
        Assert.Equal(recognised, new OsvFeed().Recognises(path));
    }
}
