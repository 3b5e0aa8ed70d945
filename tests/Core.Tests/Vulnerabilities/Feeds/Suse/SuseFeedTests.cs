using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Suse;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Suse;

public sealed class SuseFeedTests
{
    private const string Sample = "feeds/suse/osv/osv.tar.bz2";

    private static readonly SuseFeed Feed = new(TimeProvider.System);

    private static Task<FeedReading> ReadAsync(string id) =>
        FeedReading.OfTextAsync(Feed, $"osv/{id}.json", $$"""
            {"id":"{{id}}","modified":"2024-01-01T00:00:00Z","related":["CVE-2024-1111"],
             "affected":[{"package":{"ecosystem":"SUSE:Linux Enterprise Server 15 SP5","name":"x","purl":"purl:rpm/suse/x&distro=SUSE%20Linux%20Enterprise%20Server%2015%20SP5"},
                          "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2-1"}]}],"ecosystem_specific":{"binaries":[{"x":"2-1","x-32bit":"2-1"}] } }]}
            """);

    [Fact]
    public async Task ReadsTheSample()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(Feed, Sample);

        Assert.Equal(["SUSE-SU-2015:0011-2", "openSUSE-SU-2016:1623-1"], reading.Advisories.Select(advisory => advisory.Id).Order(StringComparer.Ordinal));
        Assert.Equal(0, reading.Report.Malformed);
        Advisory chromium = reading.Advisories.Single(advisory => advisory.Id == "openSUSE-SU-2016:1623-1");
        Assert.Equal((AdvisoryAuthority.Vendor, "Security update for Chromium"), (chromium.Authority, chromium.Summary));
        Assert.Equal(["CVE-2016-1704"], chromium.Related);
        Assert.Equal(
            [("chromium", "51.0.2704.103-85.3"), ("imlib2", "1.4.5-5.1"), ("mosh", "1.2.5-8.1"), ("ninja", "1.5.3-4.1"), ("perl-Switch", "2.17-4.1"), ("protobuf", "2.5.0-2.1")],
            chromium.Affected.Select(package => (package.Name, Assert.Single(package.Ranges).Events[^1].Version)));
        Assert.All(chromium.Affected, package => Assert.Equal(new OsvEcosystem("SUSE", "Package Hub 12"), package.Ecosystem));
        Assert.All(chromium.Affected, package => Assert.Equal(PackageNameKind.Usual, package.NameKind));
    }

    [Fact]
    public async Task LeavesOutRecordsWithAnAnswerOfAServerForANumber()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(Feed, Sample);

        Assert.Equal([new("without a valid number, of mixed-up content", 2)], reading.Report.Skipped);
    }

    [Theory]
    [InlineData("SUSE-SU-2024:1234-1", 1)]
    [InlineData("openSUSE-SU-2024:1234-1", 1)]
    [InlineData("SUSE-SU-403 Forbidden-1", 0)]
    [InlineData("SUSE-SU-403", 0)]
    public async Task TakesRecordsWithANumber(string id, int packages)
    {
        Assert.Equal(packages, Assert.Single((await ReadAsync(id)).Advisories).Affected.Count);
    }

    [Theory]
    [InlineData("suse/osv/osv.tar.bz2", true)]
    [InlineData("osv/SUSE-SU-2015:0011-2.json", true)]
    [InlineData("osv/openSUSE-SU-2016:1623-1.json", true)]
    [InlineData("osv/all.json", false)]
    [InlineData("suse/oval/suse.linux.enterprise.server.15.xml.bz2", false)]
    public void RecognisesItsDocuments(string path, bool recognised)
    {
        Assert.Equal(recognised, Feed.Recognises(path));
    }
}
