using System.Globalization;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Nvd;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Nvd;

public sealed class NvdFeedTests
{
    private const string Modified = "nvdcve-2.0-modified.json.gz";

    private readonly NvdFeed _feed = new();

    [Fact]
    public async Task TellsNvdsScoresFromThoseOfOthers()
    {
        var cve = await ReadAsync("""
            {
              "id": "CVE-2024-0001", "sourceIdentifier": "cna@example.org", "vulnStatus": "Modified",
              "published": "2024-05-14T15:45:11.543", "lastModified": "2024-06-04T19:20:51",
              "descriptions": [{"lang": "es", "value": "Otro."}, {"lang": "en", "value": " It is bad. "}],
              "metrics": {
                "cvssMetricV40": [{"source": "cna@example.org", "type": "Secondary", "cvssData": {"vectorString": "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N"}}],
                "cvssMetricV31": [
                  {"source": "134c704f-9b21-4f2e-91b3-4a467353bcc0", "type": "Secondary", "cvssData": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"}},
                  {"source": "cna@example.org", "type": "Secondary", "cvssData": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}},
                  {"source": "nvd@nist.gov", "type": "Primary", "cvssData": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}
                ],
                "cvssMetricV30": [{"source": "nvd@nist.gov", "type": "Primary", "cvssData": {"vectorString": "CVSS:3.0/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}}],
                "cvssMetricV2": [{"source": "nvd@nist.gov", "type": "Primary", "cvssData": {"vectorString": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}}]
              }
            }
            """);

        Assert.Equal("CVE-2024-0001", cve.Id);
        Assert.False(cve.IsRejected);
        Assert.Equal("It is bad.", cve.Summary);
        Assert.Equal(Utc("2024-05-14T15:45:11.543"), cve.PublishedOn);
        Assert.Equal(Utc("2024-06-04T19:20:51"), cve.LastModified);
        Assert.Equal("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", cve.NvdScores.V3?.Vector);
        Assert.Equal("AV:N/AC:L/Au:N/C:P/I:P/A:P", cve.NvdScores.V2?.Vector);
        Assert.Equal("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", cve.Scores.V3?.Vector);
        Assert.Null(cve.Scores.V2);
        Assert.Equal(5.3f, cve.Scores.V4Score);
    }

    [Fact]
    public async Task TakesForNvdsWhatNvdCallsPrimary()
    {
        var cve = await ReadAsync("""
            {
              "id": "CVE-2024-0001", "sourceIdentifier": "cna@example.org",
              "metrics": {"cvssMetricV31": [{"source": "cna@example.org", "type": "Primary", "cvssData": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}]}
            }
            """);

        Assert.Equal(9.8f, cve.NvdScores.V3?.Score);
        Assert.Equal(9.8f, cve.Scores.V3?.Score);
    }

    [Fact]
    public async Task SaysThatARecordIsRejected() =>
        Assert.True((await ReadAsync("""{"id": "CVE-2024-0001", "vulnStatus": "Rejected", "metrics": {}}""")).IsRejected);

    // The samples of feed and API hold one and the same record of CVE-2021-44228 and CVE-2024-4819, among others.
    [Fact]
    public async Task ReadsTheFeedOfAYear()
    {
        var reading = await FeedReading.OfSharedAsync(_feed, "feeds/nvd/feed/cve/v2/nvdcve-2.0-2021.json.gz");

        Assert.Equal(["CVE-2021-3002", "CVE-2021-23814", "CVE-2021-44228"], reading.Cves.Select(cve => cve.Id));
        CveMetadata log4j = reading.Cves[2];
        Assert.Equal(Utc("2021-12-10T10:15:09.143"), log4j.PublishedOn);
        Assert.Equal(Utc("2026-06-17T04:12:05.460"), log4j.LastModified);
        Assert.StartsWith("Apache Log4j2 2.0-beta9 through 2.15.0 (excluding security r", log4j.Summary, StringComparison.Ordinal);
        Assert.Equal(10f, log4j.NvdScores.V3?.Score);
        Assert.Equal(9.3f, log4j.NvdScores.V2?.Score);
        Assert.Equal("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", log4j.Scores.V3?.Vector);
        Assert.Equal("CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:H/I:H/A:L", reading.Cves[1].Scores.V3?.Vector);
        Assert.Equal("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", reading.Cves[1].NvdScores.V3?.Vector);
        Assert.Equal(0, reading.Report.Malformed);
    }

    // The sample of what changed has a newer statement about the first, and an older one about the second, that says so itself.
    [Fact]
    public async Task OfTwoDocumentsTheLaterStatementCounts()
    {
        var year = await FeedReading.OfSharedAsync(_feed, "feeds/nvd/feed/cve/v2/nvdcve-2.0-2021.json.gz");
        var modified = await FeedReading.OfSharedAsync(_feed, $"feeds/nvd/feed/cve/v2/{Modified}");

        using TestSnapshot snapshot = TestSnapshot.WithCves(
            [.. year.Cves, .. modified.Cves],
            """{"id": "X-1", "modified": "2024-01-01T00:00:00Z", "upstream": ["CVE-2021-3002", "CVE-2021-23814"], "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "versions": ["1"]}]}""");

        Assert.StartsWith("UPDATED BY MODIFIED FEED", snapshot.Database.Lookup().Cve("CVE-2021-3002")?.Summary, StringComparison.Ordinal);
        Assert.StartsWith("This affects versions of the package", snapshot.Database.Lookup().Cve("CVE-2021-23814")?.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsTheFeedOfTheFirstYears()
    {
        var reading = await FeedReading.OfSharedAsync(_feed, "feeds/nvd/feed/cve/v2/nvdcve-2.0-2002.json.gz");

        Assert.Equal(["CVE-1999-0095", "CVE-2000-0388", "CVE-2001-0679", "CVE-2002-1594"], reading.Cves.Select(cve => cve.Id));
        Assert.Equal(Utc("1988-10-01T04:00:00"), reading.Cves[0].PublishedOn);
        Assert.Equal(["AV:N/AC:L/Au:N/C:C/I:C/A:C", "AV:N/AC:L/Au:N/C:P/I:P/A:P", "AV:N/AC:L/Au:N/C:C/I:C/A:C", "AV:L/AC:L/Au:N/C:C/I:C/A:C"],
            reading.Cves.Select(cve => cve.NvdScores.V2?.Vector));
        Assert.All(reading.Cves, cve => Assert.Equal(default, cve.Scores));
    }

    [Theory]
    [InlineData("1_item/0-1.json", 1)]
    [InlineData("3_items/0-3.json", 3)]
    [InlineData("3_pages/6-3.json", 2)]
    [InlineData("empty/0-1.json", 0)]
    [InlineData("ssvc_affected/0-1.json", 1)]
    public async Task ReadsPagesOfTheApi(string page, int cves)
    {
        var reading = await FeedReading.OfSharedAsync(_feed, $"feeds/nvd/api/cve/{page}");

        Assert.Equal(cves, reading.Cves.Count);
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsScoresOfAuthorsFromTheApi()
    {
        var reading = await FeedReading.OfSharedAsync(_feed, "feeds/nvd/api/cve/1_item/0-1.json");

        CveMetadata cve = Assert.Single(reading.Cves);
        Assert.Equal("CVE-2024-4819", cve.Id);
        Assert.Equal(default, cve.NvdScores);
        Assert.Equal((4.3f, 4f, 5.3f), (cve.Scores.V3?.Score, cve.Scores.V2?.Score, cve.Scores.V4Score));
    }

    [Fact]
    public async Task SaysThatFeedsOfVersion1AreRetired()
    {
        var reading = await FeedReading.OfSharedAsync(_feed, "feeds/nvd/feed/cve/v1/nvdcve-1.1-2021.json.gz");

        Assert.Empty(reading.Records);
        Assert.Contains("retired", Assert.Single(reading.Report.Failed).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nvd/api/cve/increase/0-1.json", true)]
    [InlineData("api/cve/page1.json", true)]
    [InlineData("nvdcve-2.0-modified.json.gz", true)]
    [InlineData("nvd/nvdcve-2.0-2024.json", true)]
    [InlineData("nvd/nvdcve-2.0-2024.meta", false)]
    [InlineData("nvd/api/cpe/1_item/0-1.json", false)]
    [InlineData("nvd/api/cpematch/1_item/0-1.json", false)]
    [InlineData("nvd/api/cvehistory/1_item/0-1.json", false)]
    [InlineData("nvd/feed/cpe/v2/nvdcpe-2.0.tar.gz", false)]
    [InlineData("redhat/vex/cve-2024-1.json", false)]
    public void RecognisesCvesAlone(string path, bool isOne) => Assert.Equal(isOne, _feed.Recognises(path));

    [Fact]
    public async Task CountsEntriesThatAreNoCves()
    {
        var reading = await FeedReading.OfTextAsync(_feed, "nvdcve-2.0-2024.json", """
            {"vulnerabilities": [{"cve": {"id": "x"}}, {"cve": 1}, 2, {"cve": {"id": "CVE-2024-\ud800"}}, {"cve": {"id": "CVE-2024-0001"}}]}
            """);

        Assert.Equal("CVE-2024-0001", Assert.Single(reading.Cves).Id);
        Assert.Equal(4, reading.Report.Malformed);
    }

    [Fact]
    public async Task CountsVectorsThatAreNone()
    {
        var reading = await FeedReading.OfTextAsync(_feed, "nvdcve-2.0-2024.json", """
            {"vulnerabilities": [{"cve": {"id": "CVE-2024-0001", "metrics": {"cvssMetricV31": [{"source": "nvd@nist.gov", "cvssData": {"vectorString": "CVSS:3.1/AV:N"}}, 3]}}}]}
            """);

        Assert.Equal(default, Assert.Single(reading.Cves).NvdScores);
        Assert.Equal(2, reading.Report.Malformed);
    }

    [Fact]
    public async Task AsksForEveryYearAtFirstAndForWhatChangedLast()
    {
        FeedPlan plan = await PlanAsync("2026-03-01T00:00:00Z", []);

        Assert.Equal(26, plan.Documents.Count);
        Assert.Equal("nvdcve-2.0-2002.json.gz", plan.Documents[0].Path);
        Assert.Equal("nvdcve-2.0-2026.json.gz", plan.Documents[^2].Path);
        Assert.Equal(Modified, plan.Documents[^1].Path);
    }

    [Fact]
    public async Task AsksOnlyForWhatChangedWhileTheYearsAreFresh()
    {
        FeedPlan plan = await PlanAsync("2026-03-06T23:00:00Z", Years("2026-03-01T00:00:00Z"));

        Assert.Equal([new PlannedDocument(Modified) { IsWindow = true }], plan.Documents);
        Assert.Equal(25, plan.Kept.Count);
    }

    [Fact]
    public async Task AsksForEveryYearAgainBeforeItsChangesAreForgotten() =>
        Assert.Equal(26, (await PlanAsync("2026-03-07T00:00:00Z", Years("2026-03-01T00:00:00Z"))).Documents.Count);

    [Fact]
    public async Task LeavesOutAYearThatHasNoFeedYet()
    {
        FeedPlan plan = await PlanAsync("2027-01-01T00:10:00Z", []);

        Assert.Equal("nvdcve-2.0-2026.json.gz", plan.Documents[^2].Path);
    }

    [Fact]
    public Task TakesAnythingThatIsSpoilt() => SpoiltDocuments.ReadAsync(_feed, "nvdcve-2.0-2024.json", """
        {"resultsPerPage": 1, "format": "NVD_CVE", "vulnerabilities": [{"cve": {"id": "CVE-2024-0001", "published": "2024-05-14T15:45:11.543",
        "descriptions": [{"lang": "en", "value": "é"}], "metrics": {"cvssMetricV31": [{"source": "nvd@nist.gov", "type": "Primary",
        "cvssData": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}]}}}]}
        """, iter: 2000);

    private static Dictionary<string, KnownDocument> Years(string readAt) =>
        Enumerable.Range(2002, 25).ToDictionary(year => $"nvdcve-2.0-{year}.json.gz", _ => new KnownDocument("\"tag\"", Utc(readAt), null));

    private static Task<FeedPlan> PlanAsync(string now, Dictionary<string, KnownDocument> known) =>
        new FeedWeb(new Dictionary<string, byte[]>()).PlanAsync(new NvdFeed(new FakeTimeProvider(Utc(now))), "https://nvd.example/feeds", known);

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private async Task<CveMetadata> ReadAsync(string cve)
    {
        string feed = $$"""{"format": "NVD_CVE", "vulnerabilities": [{"cve": {{cve}}}]}""";
        var reading = await FeedReading.OfTextAsync(_feed, "nvdcve-2.0-2024.json", feed);
        Assert.Equal(0, reading.Report.Malformed);
        return Assert.Single(reading.Cves);
    }
}
