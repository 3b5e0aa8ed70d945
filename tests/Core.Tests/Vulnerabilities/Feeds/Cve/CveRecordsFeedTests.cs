using System.IO.Compression;
using System.Text;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Cve;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Cve;

public sealed class CveRecordsFeedTests
{
    // Written after the record format's own documentation (https://cveproject.github.io/cve-schema/schema/docs/) and CISA's of its container
    // (https://github.com/cisagov/vulnrichment); no real record.
    private const string Record = """
        {
          "dataType": "CVE_RECORD", "dataVersion": "5.1",
          "cveMetadata": {
            "cveId": "CVE-2024-1234", "assignerOrgId": "00000000-0000-4000-8000-000000000000", "state": "PUBLISHED",
            "dateReserved": "2024-01-02T00:00:00", "datePublished": "2024-02-03T04:05:06.789Z", "dateUpdated": "2024-03-04T05:06:07"
          },
          "containers": {
            "cna": {
              "providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000000", "shortName": "example"},
              "descriptions": [{"lang": "de", "value": "Schlimm."}, {"lang": "en-US", "value": "Bad."}],
              "metrics": [
                {"format": "CVSS", "cvssV3_0": {"version": "3.0", "vectorString": "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
                {"cvssV2_0": {"version": "2.0", "vectorString": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}}
              ]
            },
            "adp": [
              {
                "title": "CISA ADP Vulnrichment", "providerMetadata": {"orgId": "134c704f-9b21-4f2e-91b3-4a467353bcc0", "shortName": "CISA-ADP"},
                "metrics": [
                  {"other": {"type": "ssvc", "content": {"id": "CVE-2024-1234", "options": [{"Exploitation": "active"}]}}},
                  {"other": {"type": "kev", "content": {"dateAdded": "2024-02-05", "reference": "https://www.cisa.gov/known-exploited-vulnerabilities-catalog"}}},
                  {"cvssV2_0": {"vectorString": "AV:L/AC:L/Au:N/C:P/I:P/A:P"}, "cvssV3_1": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}}
                ]
              }
            ]
          }
        }
        """;

    private readonly CveRecordsFeed _feed = new();

    [Fact]
    public async Task ReadsWhatAuthorsAndEnrichersSay()
    {
        var reading = await FeedReading.OfAsync(_feed, "cvelistV5-main.zip", Zip(("cvelistV5-main/cves/2024/1xxx/CVE-2024-1234.json", Record)));

        CveMetadata cve = Assert.Single(reading.Cves);
        Assert.Equal("CVE-2024-1234", cve.Id);
        Assert.False(cve.IsRejected);
        Assert.Equal(new DateTimeOffset(2024, 2, 3, 4, 5, 6, 789, TimeSpan.Zero), cve.PublishedOn);
        Assert.Equal(new DateTimeOffset(2024, 3, 4, 5, 6, 7, TimeSpan.Zero), cve.LastModified);
        Assert.Equal("Bad.", cve.Summary);
        // 3.1 counts before 3.0, whosesoever it is; of two of one version the author's.
        Assert.Equal("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", cve.Scores.V3?.Vector);
        Assert.Equal("AV:N/AC:L/Au:N/C:P/I:P/A:P", cve.Scores.V2?.Vector);
        Assert.Equal(default, cve.NvdScores);
        Assert.Equal(new KnownExploit(new DateOnly(2024, 2, 5), null), cve.Exploit);
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsAZipInsideAZip()
    {
        byte[] inner = Zip(("cves/2024/1xxx/CVE-2024-1234.json", Record), ("cves/delta.json", "{}"));
        using var outer = new MemoryStream();
        using (var zip = new ZipArchive(outer, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream content = zip.CreateEntry("cves.zip").Open();
            content.Write(inner);
        }

        var reading = await FeedReading.OfAsync(_feed, "2024-06-15_all_CVEs_at_midnight.zip.zip", outer.ToArray());

        Assert.Equal("CVE-2024-1234", Assert.Single(reading.Cves).Id);
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsARecordByItself() =>
        Assert.Single((await FeedReading.OfTextAsync(_feed, "cvelistV5/cves/2024/1xxx/CVE-2024-1234.json", Record)).Cves);

    [Fact]
    public async Task SaysThatARecordIsRejected()
    {
        var reading = await FeedReading.OfTextAsync(
            _feed, "cves/CVE-2024-1234.json", """{"cveMetadata": {"cveId": "CVE-2024-1234", "state": "REJECTED"}, "containers": {"cna": {"rejectedReasons": []}}}""");

        Assert.True(Assert.Single(reading.Cves).IsRejected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"cveMetadata": {"cveId": "CVE-1"}}""")]
    [InlineData("""{"cveMetadata": {"cveId": "CVE-2024-\udc00"}}""")]
    public async Task CountsWhatIsNoRecordAndGoesOn(string record)
    {
        var reading = await FeedReading.OfAsync(_feed, "cves.zip", Zip(("cves/CVE-2024-0001.json", record), ("cves/CVE-2024-1234.json", Record)));

        Assert.Single(reading.Cves);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Fact]
    public async Task RefusesWhatIsNoZip() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => FeedReading.OfTextAsync(_feed, "cvelistV5-main.zip", "<html>"));

    [Theory]
    [InlineData("cvelistV5-main.zip", true)]
    [InlineData("cve/2024-06-15_all_CVEs_at_midnight.zip.zip", true)]
    [InlineData("cve/2024-06-15_delta_CVEs_at_1200Z.zip", true)]
    [InlineData("cvelistV5/cves/2024/1xxx/CVE-2024-1234.json", true)]
    [InlineData("cvelistV5/cves/delta.json", false)]
    [InlineData("redhat/vex/2024/cve-2024-1234.json", false)]
    [InlineData("npm/all.zip", false)]
    public void RecognisesTheList(string path, bool isOne) => Assert.Equal(isOne, _feed.Recognises(path));

    [Fact]
    public async Task TakesAnythingThatIsSpoilt()
    {
        await SpoiltDocuments.ReadAsync(_feed, "cves/CVE-2024-1234.json", Record, iter: 2000);
        await SpoiltDocuments.ReadAsync(_feed, "cves.zip", Zip(("cves/CVE-2024-1234.json", Record), ("cves/CVE-2024-1235.json", Record)), iter: 1000);
    }

    private static byte[] Zip(params (string Path, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                using Stream content = zip.CreateEntry(path).Open();
                content.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }
}
