using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Ubuntu;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Ubuntu;

public sealed class UbuntuFeedTests
{
    private const string Sample = "feeds/ubuntu/osv/happy/osv-all.tar.xz";

    private static Task<FeedReading> ReadAsync(string id, string rest) => FeedReading.OfTextAsync(new UbuntuFeed(), $"osv/{id}.json", $$"""
        {"id":"{{id}}","modified":"2024-01-01T00:00:00Z",{{rest}},
         "affected":[{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"x"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}]}]}
        """);

    [Fact]
    public async Task ReadsTheRecordOfACveInTheSample()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new UbuntuFeed(), Sample);

        Advisory advisory = Assert.Single(reading.Advisories);
        Assert.Equal(("UBUNTU-CVE-2024-51988", AdvisoryAuthority.Vendor), (advisory.Id, advisory.Authority));
        Assert.Equal(["CVE-2024-51988"], advisory.Related);
        Assert.Equal("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:N", advisory.Vectors.V3);
        Assert.Equal(new DateTimeOffset(2024, 11, 6, 20, 15, 0, TimeSpan.Zero), advisory.Published);
        Assert.Equal(
            [
                ("Ubuntu:20.04:LTS", "3.8.3-0ubuntu0.1", "medium"),
                ("Ubuntu:22.04:LTS", "3.9.27-0ubuntu0.1", "medium"),
                ("Ubuntu:24.10", "3.12.1-1ubuntu2", "medium"),
                ("Ubuntu:24.04:LTS", "3.12.1-1ubuntu1", "medium"),
            ],
            advisory.Affected.Select(package => ($"{package.Ecosystem}", Assert.Single(package.Ranges).Events[^1].Version, package.SeverityWord)));
        Assert.All(advisory.Affected, package => Assert.Equal(("rabbitmq-server", AdvisoryStatus.Affected), (package.Name, package.Status)));
    }

    [Fact]
    public async Task SaysWhatItLeavesOutOfTheSample()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new UbuntuFeed(), Sample);

        Assert.Equal(
            [
                new("livepatch notice: about a running kernel, and no image has one", 1),
                new("notice of CVEs that have records of their own", 1),
            ],
            reading.Report.Skipped);
        Assert.Equal(0, reading.Report.Malformed);
    }

    // The vendor's documentation shows both places of the priority.
    [Fact]
    public async Task ReadsThePriorityAmongTheSeverities()
    {
        FeedReading reading = await ReadAsync("UBUNTU-CVE-2025-6491", """
            "upstream":["CVE-2025-6491"],"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H"},{"type":"Ubuntu","score":"medium"}]
            """);

        Advisory advisory = Assert.Single(reading.Advisories);
        Assert.Equal(("medium", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H"), (advisory.SeverityWord, advisory.Vectors.V3));
    }

    [Fact]
    public async Task ANoticeCountsOnlyForCvesWithoutARecord()
    {
        FeedReading reading = await ReadAsync("USN-1-1", """
            "upstream":["CVE-2024-1111","UBUNTU-CVE-2024-1111","CVE-2024-2222"],"related":["CVE-2024-3333","UBUNTU-CVE-2024-3333"]
            """);

        Advisory advisory = Assert.Single(reading.Advisories);
        Assert.Equal(["CVE-2024-2222"], [.. advisory.Upstream.Where(CveId.IsOne), .. advisory.Related.Where(CveId.IsOne)]);
    }

    [Theory]
    [InlineData("linux regression", 0)]
    [InlineData("linux vulnerability", 1)]
    public async Task ANoticeOfARegressionIsNoVulnerability(string summary, int affected)
    {
        Assert.Equal(affected, Assert.Single((await ReadAsync("USN-1-2", $"\"summary\":\"{summary}\"")).Advisories).Affected.Count);
    }

    [Fact]
    public async Task AWithdrawnRecordStaysWithdrawn()
    {
        Assert.NotNull(Assert.Single((await ReadAsync("UBUNTU-CVE-2008-7320", "\"withdrawn\":\"2025-06-23T15:52:31Z\"")).Advisories).Withdrawn);
    }

    [Theory]
    [InlineData("ubuntu/osv/happy/osv-all.tar.xz", true)]
    [InlineData("osv-all.tar", true)]
    [InlineData("osv/cve/2024/UBUNTU-CVE-2024-51988.json", true)]
    [InlineData("osv/lsn/LSN-0108-1.json", true)]
    [InlineData("ubuntu/vex/vex-all.tar.xz", false)]
    public void RecognisesItsDocuments(string path, bool recognised)
    {
        Assert.Equal(recognised, new UbuntuFeed().Recognises(path));
    }

    [Fact]
    public async Task AsksForItsOneArchive()
    {
        using var http = new HttpClient();
        var feed = new UbuntuFeed();

        FeedPlan plan = await feed.PlanAsync(
            new FeedSource(feed.Description.Address, http), new Dictionary<string, KnownDocument>(), TestContext.Current.CancellationToken);

        Assert.Equal([new PlannedDocument("")], plan.Documents);
    }
}
