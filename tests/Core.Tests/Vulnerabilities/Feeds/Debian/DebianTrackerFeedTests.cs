using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Debian;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Debian;

public sealed class DebianTrackerFeedTests
{
    private const string Path = "tracker/data/json";

    // In the form of https://security-tracker.debian.org/tracker/data/json; the values are made up.
    private const string Made = """
        {
          "curl": {
            "CVE-2024-0001": {
              "description": "A  flaw\nin curl.", "debianbug": 1, "scope": "remote",
              "releases": {
                "bookworm": {
                  "status": "resolved", "repositories": { "bookworm": "7.88.1-10" }, "fixed_version": "7.88.1-10+deb12u5", "urgency": "not yet assigned"
                },
                "trixie": { "status": "open", "repositories": { "trixie": "8.5.0-2" }, "urgency": "high**" },
                "sid": { "status": "resolved", "repositories": { "sid": "8.6.0-1" }, "fixed_version": "8.6.0-1", "urgency": "not yet assigned" },
                "experimental": { "status": "open", "urgency": "low" }
              }
            },
            "CVE-2024-0002": {
              "releases": {
                "buster": { "status": "open", "urgency": "end-of-life" },
                "bullseye": { "status": "open", "urgency": "low", "nodsa": "Minor issue", "nodsa_reason": "postponed" },
                "bookworm": { "status": "open", "urgency": "medium", "nodsa": "Minor issue", "nodsa_reason": "" },
                "trixie": { "status": "open", "urgency": "unimportant", "nodsa": "Too intrusive", "nodsa_reason": "ignored" },
                "forky": { "status": "undetermined", "urgency": "not yet assigned" }
              }
            },
            "TEMP-0123456-ABCDEF": { "releases": { "sid": { "status": "open", "urgency": "low" } } }
          },
          "mariadb": {
            "CVE-2024-0001": { "releases": { "bookworm": { "status": "resolved", "fixed_version": "0", "urgency": "unimportant" } } },
            "TEMP-0123456-ABCDEF": { "releases": { "sid": { "status": "resolved", "fixed_version": "1:10.1-1", "urgency": "low" } } }
          }
        }
        """;

    private static Task<FeedReading> ReadAsync(string json) => FeedReading.OfTextAsync(new DebianTrackerFeed(), Path, json);

    [Fact]
    public async Task ReadsTheSampleOfTheTracker()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new DebianTrackerFeed(), "feeds/debian/tracker/api/advisory.json");

        Assert.Equal(
            [
                "CVE-2012-0833/389-ds-base: Debian:11 389-ds-base every NotAffected word=unimportant",
                "CVE-2012-0833/389-ds-base: Debian:sid 389-ds-base every NotAffected word=unimportant",
                "CVE-2016-5405/389-ds-base: Debian:11 389-ds-base < 1.3.5.15-1",
                "CVE-2016-5405/389-ds-base: Debian:sid 389-ds-base < 1.3.5.15-1",
                "CVE-2016-5416/389-ds-base: Debian:11 389-ds-base every WillNotFix",
                "CVE-2016-5416/389-ds-base: Debian:sid 389-ds-base every",
                "TEMP-0000000-0CA7E3: Debian:11 wordpress every NotAffected word=unimportant",
                "TEMP-0000000-0CA7E3: Debian:sid wordpress every NotAffected word=unimportant",
            ],
            Stated.Of(reading));
        Assert.Equal(0, reading.Report.Malformed);
        Assert.All(reading.Advisories, advisory => Assert.Equal(AdvisoryAuthority.Vendor, advisory.Authority));
        Advisory ignored = reading.Advisories[2];
        Assert.Equal("CVE-2016-5416", Assert.Single(ignored.Upstream));
        Assert.Equal("https://security-tracker.debian.org/tracker/CVE-2016-5416", ignored.Link);
        Assert.StartsWith("389 Directory Server in Red Hat Enterprise Linux Desktop 6 through 7,", ignored.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesASampleThatIsNoJson()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => FeedReading.OfSharedAsync(new DebianTrackerFeed(), "feeds/debian/tracker/api/invalid.json"));
    }

    [Fact]
    public async Task ReadsEveryState()
    {
        FeedReading reading = await ReadAsync(Made);

        Assert.Equal(
            [
                "CVE-2024-0001/curl: Debian:12 curl < 7.88.1-10+deb12u5",
                "CVE-2024-0001/curl: Debian:13 curl every word=high",
                "CVE-2024-0001/curl: Debian:sid curl < 8.6.0-1",
                "CVE-2024-0002/curl: Debian:10 curl every EndOfLife",
                "CVE-2024-0002/curl: Debian:11 curl every FixDeferred word=low",
                "CVE-2024-0002/curl: Debian:12 curl every word=medium",
                "CVE-2024-0002/curl: Debian:13 curl every WillNotFix word=unimportant",
                "CVE-2024-0002/curl: Debian:14 curl every UnderInvestigation",
                "CVE-2024-0001/mariadb: Debian:12 mariadb every NotAffected word=unimportant",
                "TEMP-0123456-ABCDEF: Debian:sid curl every word=low",
                "TEMP-0123456-ABCDEF: Debian:sid mariadb < 1:10.1-1 word=low",
            ],
            Stated.Of(reading));
        Assert.Equal("A flaw in curl.", reading.Advisories[0].Summary);
        Assert.Equal(
            [("about a release whose number is not known", 1), ("undetermined: no finding, and none by others' word", 1)],
            reading.Report.Skipped.Select(skipped => (skipped.Key, skipped.Value)));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task NamesEveryRecordApart()
    {
        FeedReading reading = await ReadAsync(Made);

        Assert.Equal(reading.Records.Count, reading.Records.Select(record => record.Key).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"curl":{"CVE-2024-1":{"releases":{}},"CVE-2024-0001":{"releases":[]},"CVE-2024-0002":7,"x":{"releases":{}}}}""", 4)]
    [InlineData("""{"curl":7}""", 1)]
    [InlineData("""{"curl":{"CVE-2024-0001":{"releases":{"sid":{"status":"resolved"}}}}}""", 1)]
    [InlineData("""{"curl":{"CVE-2024-0001":{"releases":{"sid":{"status":"mended"}}}}}""", 1)]
    [InlineData("""{"curl":{"CVE-2024-0001":{"releases":{"sid":7}}}}""", 1)]
    [InlineData("""{"curl":{"CVE-2024-0001":{"releases":{"sid":{"status":"resolved","fixed_version":"\ud800"}}}}}""", 1)]
    public async Task NamesWhatIsMalformed(string json, int malformed)
    {
        FeedReading reading = await ReadAsync(json);

        Assert.Empty(reading.Records);
        Assert.Equal(malformed, reading.Report.Malformed);
    }

    [Fact]
    public async Task RefusesAnotherDocument()
    {
        await Assert.ThrowsAsync<FeedException>(() => ReadAsync("""[{"cve_id":"CVE-2024-0001"}]"""));
    }

    [Theory]
    [InlineData("tracker/data/json", true)]
    [InlineData("debian/tracker/data/json.gz", true)]
    [InlineData("debian/tracker/salsa/security-tracker-master.tar.gz", false)]
    [InlineData("debian/tracker/salsa/archive/debian/dists/squeeze/main/source/Sources.gz", false)]
    [InlineData("advisory.json", false)]
    public void RecognisesItsDocument(string path, bool expected)
    {
        Assert.Equal(expected, new DebianTrackerFeed().Recognises(path));
    }

    [Theory]
    [InlineData("https://security-tracker.debian.org", "tracker/data/json")]
    [InlineData("https://mirror.example/debian.json", "")]
    public async Task AsksForOneDocument(string location, string path)
    {
        using var http = new HttpClient();
        FeedPlan plan = await new DebianTrackerFeed().PlanAsync(
            new FeedSource(location, http), new Dictionary<string, KnownDocument>(), TestContext.Current.CancellationToken);

        Assert.Equal(path, Assert.Single(plan.Documents).Path);
    }

    [Fact]
    public Task ThrowsOnlyWhatItMayOnSpoiltDocuments() => SpoiltDocuments.ReadAsync(new DebianTrackerFeed(), Path, Made);
}
