using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class CveSourcesTests
{
    private const string Id = "CVE-2024-1111";
    private const string Low = "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L";
    private const string High = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";

    private static readonly Advisory About = TestSnapshot.Read($$"""
        {"id":"A-1","modified":"2024-01-01T00:00:00Z","upstream":["{{Id}}"],
         "affected":[{"package":{"ecosystem":"Debian:11","name":"x"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}
        """);

    private static readonly CveMetadata List = new()
    {
        Id = Id,
        Feed = "cve-list",
        PublishedOn = Day(2),
        LastModified = Day(5),
        Scores = Scores(Low),
        Summary = "as its author has it",
    };

    private static readonly CveMetadata Nvd = new()
    {
        Id = Id,
        Feed = "nvd",
        PublishedOn = Day(3),
        LastModified = Day(9),
        NvdScores = Scores(High),
        Summary = "as NVD has it",
    };

    private static readonly CveMetadata Epss = new() { Id = Id, Feed = "epss", Epss = new EpssScore(0.12345f, 0.9f) };

    private static readonly CveMetadata Kev = new()
    {
        Id = Id,
        Feed = "kev",
        Exploit = new KnownExploit(new DateOnly(2024, 2, 3), null) { ShortDescription = "d", RequiredAction = "a", RansomwareCampaignUse = "Known" },
    };

    private static DateTimeOffset Day(int day) => new(2024, 1, day, 0, 0, 0, TimeSpan.Zero);

    private static CvssScores Scores(string vector)
    {
        Assert.True(CvssV3.TryParse(vector, out var v3));
        return new CvssScores(v3, null, null);
    }

    private static CveMetadata? Stored(params FeedRecord[] records)
    {
        using var snapshot = TestSnapshot.OfRecords(records);
        return snapshot.Database.Lookup().Cve(Id);
    }

    [Fact]
    public void PutsTogetherWhatEachSourceKnowsWhateverTheOrder()
    {
        var expected = new CveMetadata
        {
            Id = Id,
            PublishedOn = Day(2),
            LastModified = Day(9),
            Scores = Scores(Low),
            NvdScores = Scores(High),
            Summary = "as its author has it",
            Epss = new EpssScore(0.12345f, 0.9f),
            Exploit = Kev.Exploit,
        };

        Assert.Equal(expected, Stored(List, Nvd, Epss, Kev, About));
        Assert.Equal(expected, Stored(About, Kev, Epss, Nvd, List));
        Assert.Equal(expected, Stored(Nvd, About, Kev, List, Epss));
    }

    [Fact]
    public void TakesNvdsTextAndDateWhereTheListHasNone()
    {
        var stored = Stored(About, Nvd, List with { Summary = "", PublishedOn = null });

        Assert.Equal(("as NVD has it", Day(3)), (stored?.Summary, stored?.PublishedOn));
    }

    [Fact]
    public void NvdsTextIsSecondAlsoWhereItHasNoScores()
    {
        Assert.Equal("as its author has it", Stored(About, Nvd with { NvdScores = default, Feed = "nvd" }, List with { Feed = "zzz" })?.Summary);
    }

    [Fact]
    public void OfTwoCopiesOfTheListTheFresherCounts()
    {
        CveMetadata fresher = List with { Feed = "cvelist", Summary = "fresher", Scores = Scores(High), LastModified = Day(6) };

        Assert.Equal(("fresher", Scores(High)), (Stored(About, List, fresher)?.Summary, Stored(About, fresher, List)?.Scores));
    }

    [Fact]
    public void TheLaterModifiedStatementOfOneFeedCounts()
    {
        CveMetadata older = List with { Summary = "older", LastModified = Day(4) };

        Assert.Equal("as its author has it", Stored(About, List, older)?.Summary);
        Assert.Equal("as its author has it", Stored(About, older, List)?.Summary);
    }

    [Fact]
    public void OfStatementsOfOneFeedWithoutDatesTheLastCounts()
    {
        Assert.Equal(0.5f, Stored(About, Epss, Epss with { Epss = new EpssScore(0.5f, 0.9f) })?.Epss?.Probability);
    }

    [Fact]
    public void ARejectionByTheListOrByNvdCounts()
    {
        Assert.Null(Stored(About, List with { IsRejected = true }, Nvd));
        Assert.Null(Stored(About, List, Nvd with { IsRejected = true }));
    }

    [Fact]
    public void ARejectionThatTheSameSourceHasTakenBackDoesNot()
    {
        Assert.NotNull(Stored(About, List with { IsRejected = true, LastModified = Day(4) }, List));
    }

    [Fact]
    public void HasNothingOnWhatNoAdvisoryIsAbout()
    {
        using var snapshot = TestSnapshot.OfRecords(About, Nvd with { Id = "CVE-2024-2222" });

        Assert.Null(snapshot.Database.Lookup().Cve("CVE-2024-2222"));
        Assert.Equal(0, snapshot.Database.Description.Cves);
    }
}
