using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Cisa;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Cisa;

public sealed class KevFeedTests
{
    // An entry as of the catalogue's schema, and one of before August 2023, which does not tell of ransomware.
    private const string Catalogue = """
        {
          "title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2024.01.02", "dateReleased": "2024-01-02T10:00:00.0000Z", "count": 2,
          "vulnerabilities": [
            {
              "cveID": "CVE-2021-44228", "vendorProject": "Apache", "product": "Log4j2", "vulnerabilityName": "Apache Log4j2 Remote Code Execution",
              "dateAdded": "2021-12-10", "shortDescription": "Log4j2 contains a vulnerability.", "requiredAction": "Apply updates.",
              "dueDate": "2021-12-24", "knownRansomwareCampaignUse": "Known", "notes": "", "cwes": ["CWE-20"]
            },
            {"cveID": "CVE-2020-5902", "dateAdded": "2021-11-03", "shortDescription": "", "requiredAction": "Apply updates per vendor instructions."}
          ]
        }
        """;

    private readonly KevFeed _feed = new();

    [Fact]
    public async Task ReadsWhenWhatIsExploitedCameIntoTheCatalogue()
    {
        var reading = await FeedReading.OfTextAsync(_feed, "known_exploited_vulnerabilities.json", Catalogue);

        Assert.Equal(
            [
                new KnownExploit(new DateOnly(2021, 12, 10), new DateOnly(2021, 12, 24))
                {
                    ShortDescription = "Log4j2 contains a vulnerability.",
                    RequiredAction = "Apply updates.",
                    RansomwareCampaignUse = "Known",
                },
                new KnownExploit(new DateOnly(2021, 11, 3), null) { RequiredAction = "Apply updates per vendor instructions." },
            ],
            reading.Cves.Select(cve => cve.Exploit));
        Assert.Equal(["CVE-2021-44228", "CVE-2020-5902"], reading.Cves.Select(cve => cve.Id));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsTheCatalogueOf2022()
    {
        var reading = await FeedReading.OfSharedAsync(_feed, "feeds/cisa/kev/known_exploited_vulnerabilities.json");

        CveMetadata cve = Assert.Single(reading.Cves);
        Assert.Equal("CVE-2022-21971", cve.Id);
        Assert.Equal(
            new KnownExploit(new DateOnly(2022, 8, 18), new DateOnly(2022, 9, 8))
            {
                ShortDescription = "Microsoft Windows Runtime contains an unspecified vulnerability which allows for remote code execution.",
                RequiredAction = "Apply updates per vendor instructions.",
                RansomwareCampaignUse = "Unknown",
            },
            cve.Exploit);
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("""{"vulnerabilities":[{"dateAdded":"2021-12-10"}]}""")]
    [InlineData("""{"vulnerabilities":[{"cveID":"GHSA-1"}]}""")]
    [InlineData("""{"vulnerabilities":["CVE-2021-44228"]}""")]
    public async Task CountsWhatIsNoCve(string catalogue)
    {
        var reading = await FeedReading.OfTextAsync(_feed, "known_exploited_vulnerabilities.json", catalogue);

        Assert.Empty(reading.Records);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Fact]
    public async Task KeepsAnEntryWithoutAValidDate()
    {
        var reading = await FeedReading.OfTextAsync(
            _feed, "known_exploited_vulnerabilities.json", """{"vulnerabilities":[{"cveID":"CVE-2021-44228","dateAdded":"12/10/2021"}]}""");

        Assert.Equal(new KnownExploit(null, null), Assert.Single(reading.Cves).Exploit);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Fact]
    public async Task CountsBeforeNotesInCveRecords()
    {
        var reading = await FeedReading.OfTextAsync(_feed, "known_exploited_vulnerabilities.json", Catalogue);
        var note = new CveMetadata { Id = "CVE-2021-44228", Feed = "cvelist", Exploit = new KnownExploit(new DateOnly(2021, 12, 10), null) };

        using TestSnapshot snapshot = TestSnapshot.WithCves(
            [note, .. reading.Cves],
            """{"id": "CVE-2021-44228", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "versions": ["1"]}]}""");

        Assert.Equal(new DateOnly(2021, 12, 24), snapshot.Database.Lookup().Cve("CVE-2021-44228")?.Exploit?.DueDate);
    }

    [Theory]
    [InlineData("cisa/kev/known_exploited_vulnerabilities.json", true)]
    [InlineData("cisa/kev/known_exploited_vulnerabilities.csv", false)]
    [InlineData("unknown_exploited_vulnerabilities.json", false)]
    public void RecognisesTheCatalogue(string path, bool isOne) => Assert.Equal(isOne, _feed.Recognises(path));

    [Fact]
    public Task TakesAnythingThatIsSpoilt() =>
        SpoiltDocuments.ReadAsync(_feed, "known_exploited_vulnerabilities.json", Catalogue, iter: 2000);
}
