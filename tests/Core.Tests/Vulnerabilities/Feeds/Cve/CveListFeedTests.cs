using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Cve;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Cve;

public sealed class CveListFeedTests
{
    private const string Path = "cve-metadata.jsonl.gz";
    private const string Line =
        """{"id": "CVE-2024-0001", "state": "PUBLISHED", "published": "2024-01-02T03:04:05", "modified": "2024-02-03T04:05:06.789Z", "cvss": [["cvssV3_1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", 5.3, "CISA-ADP"], ["cvssV3_1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, "example"], ["cvssV2_0", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5, "example"]], "kev": "2024-03-04"}""";

    private readonly CveListFeed _feed = new();

    [Fact]
    public async Task ReadsDatesScoresAndExploits()
    {
        var reading = await FeedReading.OfTextAsync(_feed, Path, Line + "\n\n" + """{"id": "CVE-2024-0002", "state": "REJECTED", "cvss": [], "kev": null}""");

        Assert.Equal(["CVE-2024-0001", "CVE-2024-0002"], reading.Cves.Select(cve => cve.Id));
        Assert.Equal([false, true], reading.Cves.Select(cve => cve.IsRejected));
        CveMetadata cve = reading.Cves[0];
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero), cve.PublishedOn);
        Assert.Equal(new DateTimeOffset(2024, 2, 3, 4, 5, 6, 789, TimeSpan.Zero), cve.LastModified);
        // The author's score comes before CISA's.
        Assert.Equal((9.8f, 7.5f), (cve.Scores.V3?.Score, cve.Scores.V2?.Score));
        Assert.Equal(new KnownExploit(new DateOnly(2024, 3, 4), null), cve.Exploit);
        Assert.Null(reading.Cves[1].Exploit);
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsAllOfTheRealOnes()
    {
        var reading = await FeedReading.OfSharedAsync(_feed, $"advisories/{Path}");

        Assert.Equal((44130, 104, 224), (reading.Cves.Count, reading.Cves.Count(cve => cve.IsRejected), reading.Cves.Count(cve => cve.Exploit is not null)));
        CveMetadata flash = reading.Cves.Single(cve => cve.Id == "CVE-2011-0611");
        Assert.Equal((8.8f, new DateOnly(2022, 3, 3)), (flash.Scores.V3?.Score, flash.Exploit?.DateAdded));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"id\": \"CVE-2024-\\ud800\"}")]
    public async Task CountsLinesThatAreNoCves(string line)
    {
        var reading = await FeedReading.OfTextAsync(_feed, Path, $"{line}\n{Line}");

        Assert.Single(reading.Cves);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Fact]
    public async Task PassesOverALineThatIsTooLong()
    {
        string endless = new('x', CveListFeed.MaxLineBytes * 3);

        var reading = await FeedReading.OfTextAsync(_feed, Path, $"{Line}\n{endless}\n{Line}\n{endless}");

        Assert.Equal(2, reading.Cves.Count);
        Assert.Equal(2, reading.Report.Malformed);
    }

    [Fact]
    public Task TakesAnythingThatIsSpoilt() => SpoiltDocuments.ReadAsync(_feed, Path, $"{Line}\n{Line}", iter: 2000);
}
