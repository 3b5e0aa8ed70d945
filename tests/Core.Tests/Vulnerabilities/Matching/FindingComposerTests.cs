using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

public sealed class FindingComposerTests
{
    private const string V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    private const string V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";

    [Theory]
    [InlineData("2.3.0", "2.3.1")]
    [InlineData("2.10.0", "2.12.2")]
    [InlineData("2.14.1", "2.15.0")]
    [InlineData("2.15.0", null)]
    public void FixedByIsOfTheRangeThatHoldsTheVersion(string version, string? fixedBy)
    {
        using var snapshot = TestSnapshot.Of(Record(
            "GHSA-1",
            "npm",
            "x",
            string.Join(
                ',',
                Range("""{"introduced":"2.13.0"},{"fixed":"2.15.0"}"""),
                Range("""{"introduced":"2.4.0"},{"fixed":"2.12.2"}"""),
                Range("""{"introduced":"2.0.0"},{"fixed":"2.3.1"}"""))));

        Assert.Equal(fixedBy, snapshot.Find(null, Npm("x", version)).SingleOrDefault()?.FixedBy);
    }

    // DRUPAL-CORE-2026-005, BIT-apache-2021-42013 and PYSEC-2022-236.
    [Theory]
    [InlineData(
        "Packagist",
        "11.0.5",
        "11.2.14",
        """{"introduced":"11.2.0"},{"fixed":"11.2.14"}""",
        """{"introduced":"11.0.0"},{"fixed":"11.1.0"}""",
        """{"introduced":"11.1.0"},{"fixed":"11.2.0"}""")]
    [InlineData("Bitnami", "2.4.49", "2.4.51", """{"introduced":"2.4.49"},{"fixed":"2.4.50"},{"introduced":"2.4.50"},{"fixed":"2.4.51"}""")]
    [InlineData("PyPI", "3.0.3", "3.1.3", """{"introduced":"0"},{"fixed":"3.1.1"},{"introduced":"3.1.1"},{"fixed":"3.1.3"}""")]
    [InlineData("PyPI", "3.0.3", null, """{"introduced":"0"},{"fixed":"3.1.1"}""", """{"introduced":"3.1.0"}""")]
    public void FixedByIsNoVersionThatTheSameRecordCallsAffected(string ecosystem, string version, string? fixedBy, params string[] ranges)
    {
        using var snapshot = TestSnapshot.Of(Record("A-1", ecosystem, "x", string.Join(',', ranges.Select(events => Range(events)))));
        PackageType type = PackageType.All.First(type => type.Ecosystem == ecosystem);

        var finding = Assert.Single(snapshot.Find(null, new Package { Type = type, Name = "x", Version = version, Path = "p" }));

        Assert.Equal(fixedBy, finding.FixedBy);
    }

    // GO-2023-2185: the mend of 1.20.11 was mended once more, which is an entry of its own.
    [Fact]
    public void FixedByLooksAtAllThatTheRecordSaysOfThePackage()
    {
        using var snapshot = TestSnapshot.Of(Says(
            "GO-2023-2185",
            Cve,
            Of("Go", "stdlib", new RangeEvent(RangeEventKind.Introduced, "0"), new RangeEvent(RangeEventKind.Fixed, "1.20.11")),
            Of("Go", "stdlib", new RangeEvent(RangeEventKind.Introduced, "1.20.11"), new RangeEvent(RangeEventKind.Fixed, "1.20.12"))));

        Assert.Equal("1.20.12", Assert.Single(snapshot.Find(null, Go("stdlib", "1.20.10"))).FixedBy);
    }

    [Fact]
    public void GitHubAndPythonRecordsOfOneCveAreOneFinding()
    {
        using var snapshot = TestSnapshot.Of(
            Record("PYSEC-1", "PyPI", "x", FixedIn("2.5"), "\"aliases\":[\"CVE-2024-1111\",\"GHSA-1\"]"),
            Record("GHSA-1", "PyPI", "x", FixedIn("2.4"), "\"aliases\":[\"CVE-2024-1111\"]"));

        var finding = Assert.Single(snapshot.Find(null, Python("x", "1.0")));

        Assert.Equal(("CVE-2024-1111", "GHSA-1", "2.4"), (finding.Cve, finding.AdvisoryId, finding.FixedBy));
    }

    // Records of malicious packages rate nothing; RustSec's word on one is that of an alias (RUSTSEC-2022-0042).
    [Theory]
    [InlineData("MAL-2025-1", "")]
    [InlineData("RUSTSEC-2022-0042", ""","aliases":["GHSA-7pwq-f4pq-78gm","MAL-2022-1"]""")]
    [InlineData("GHSA-1", ""","aliases":["MAL-2022-1"],"database_specific":{"severity":"LOW"}""")]
    public void AMaliciousPackageIsCritical(string id, string more)
    {
        using var snapshot = TestSnapshot.Of(Record(id, "npm", "x", Range("""{"introduced":"0"}"""), $"\"summary\":\"\"{more}"));

        Assert.Equal(Severity.Critical, Assert.Single(snapshot.Find(null, Npm("x", "1.0.0"))).Severity);
    }

    [Fact]
    public void ARecordWithoutCveTakesThatOfItsAliases()
    {
        using var snapshot = TestSnapshot.Of(
            Record("PYSEC-1", "PyPI", "x", FixedIn("2.5"), "\"aliases\":[\"GHSA-1\"]"),
            Record("GHSA-1", "PyPI", "x", FixedIn("2.4"), "\"aliases\":[\"CVE-2024-1111\"]"));

        Assert.Equal("CVE-2024-1111", Assert.Single(snapshot.Find(null, Python("x", "1.0"))).Cve);
    }

    [Fact]
    public void AliasesWithoutAnyCveAreOneFindingUnderGitHubsId()
    {
        using var snapshot = TestSnapshot.Of(
            Record("AAA-1", "PyPI", "x", FixedIn("2.5"), "\"aliases\":[\"GHSA-1\"]"),
            Record("PYSEC-1", "PyPI", "x", FixedIn("2.4"), "\"aliases\":[\"GHSA-1\"]"));

        Assert.Equal("GHSA-1", Assert.Single(snapshot.Find(null, Python("x", "1.0"))).Cve);
    }

    [Fact]
    public void AWithdrawnAliasHidesNoLiveRecord()
    {
        using var snapshot = TestSnapshot.Of(
            Record("GHSA-1", "PyPI", "x", FixedIn("2.5"), "\"withdrawn\":\"2024-02-01T00:00:00Z\",\"aliases\":[\"CVE-2024-1111\"]"),
            Record("PYSEC-1", "PyPI", "x", FixedIn("2.4"), "\"aliases\":[\"CVE-2024-1111\"]"));

        Assert.Equal("PYSEC-1", Assert.Single(snapshot.Find(null, Python("x", "1.0"))).AdvisoryId);
    }

    [Fact]
    public void AnAdvisoryWithSeveralCvesGivesAFindingForEach()
    {
        using var snapshot = TestSnapshot.Of(
            Record("DSA-1", "Debian:11", "tiff", FixedIn("4.2"), "\"upstream\":[\"CVE-2024-2222\",\"CVE-2024-1111\",\"GHSA-1\"]"));

        var findings = snapshot.Find(Debian11, Deb("tiff", "4.1"));

        Assert.Equal(["CVE-2024-1111", "CVE-2024-2222"], findings.Select(finding => finding.Cve));
        Assert.All(findings, finding => Assert.Equal(("DSA-1", "4.2"), (finding.AdvisoryId, finding.FixedBy)));
    }

    [Fact]
    public void RelatedCvesCountForADistributionAndNotForALibrary()
    {
        using var snapshot = TestSnapshot.Of(
            Record("ELA-1", "Debian:11", "x", FixedIn("2"), "\"related\":[\"CVE-2024-1111\"]"),
            Record("GHSA-1", "npm", "x", FixedIn("2.0.0"), "\"related\":[\"CVE-2024-1111\"]"));

        Assert.Equal("CVE-2024-1111", Assert.Single(snapshot.Find(Debian11, Deb("x", "1"))).Cve);
        Assert.Equal("GHSA-1", Assert.Single(snapshot.Find(null, Npm("x", "1.0.0"))).Cve);
    }

    [Fact]
    public void AnIdThatIsACveNamesIt()
    {
        using var snapshot = TestSnapshot.Of(Record("CVE-2024-1111", "Debian:11", "x", FixedIn("2")));

        Assert.Equal("CVE-2024-1111", Assert.Single(snapshot.Find(Debian11, Deb("x", "1"))).Cve);
    }

    [Fact]
    public void ADistributionsFixIsTheLastOneNeeded()
    {
        using var snapshot = TestSnapshot.Of(
            Record("DSA-1", "Debian:11", "x", FixedIn("1.0-1+deb11u10"), "\"upstream\":[\"CVE-2024-1111\"]"),
            Record("DSA-2", "Debian:11", "x", FixedIn("1.0-1+deb11u9"), "\"upstream\":[\"CVE-2024-1111\"]"));

        Assert.Equal("1.0-1+deb11u10", Assert.Single(snapshot.Find(Debian11, Deb("x", "1.0-1"))).FixedBy);
        Assert.Equal("DSA-1", Assert.Single(snapshot.Find(Debian11, Deb("x", "1.0-1+deb11u9"))).AdvisoryId);
    }

    [Fact]
    public void AnOpenVulnerabilityHasNoFix()
    {
        using var snapshot = TestSnapshot.Of(Record("DEBIAN-CVE-1", "Debian:11", "x", Range("""{"introduced":"0"}""")));

        Assert.Null(Assert.Single(snapshot.Find(Debian11, Deb("x", "1"))).FixedBy);
    }

    [Fact]
    public void DebiansUnimportantIsLow()
    {
        using var snapshot = TestSnapshot.Of(Record(
            "DEBIAN-CVE-1", "Debian:11", "x", Range("""{"introduced":"0"}"""), affectedMore: "\"ecosystem_specific\":{\"urgency\":\"unimportant\"}"));

        Assert.Equal(Severity.Low, Assert.Single(snapshot.Find(Debian11, Deb("x", "1"))).Severity);
    }

    [Fact]
    public void TheAdvisorysOwnScoreComesBeforeTheCves()
    {
        var cve = Metadata("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N");
        using var snapshot = TestSnapshot.WithCves(
            [cve],
            Record("GHSA-1", "npm", "x", FixedIn("2.0.0"), $$"""
                "aliases":["CVE-2024-1111"],"severity":[{"type":"CVSS_V3","score":"{{V31}}"}]
                """));

        var finding = Assert.Single(snapshot.Find(null, Npm("x", "1.0.0")));

        Assert.Equal((9.8f, Severity.Critical), (finding.CvssV3?.Score, finding.Severity));
    }

    [Fact]
    public void TheScoreForThePackageComesBeforeThatOfTheAdvisory()
    {
        using var snapshot = TestSnapshot.Of(Record(
            "GHSA-1",
            "npm",
            "x",
            FixedIn("2.0.0"),
            "\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N\"}]",
            $$"""
            "severity":[{"type":"CVSS_V3","score":"{{V31}}"}]
            """));

        Assert.Equal(9.8f, Assert.Single(snapshot.Find(null, Npm("x", "1.0.0"))).CvssV3?.Score);
    }

    [Fact]
    public void TheCveLendsScoresAndDates()
    {
        using var snapshot = TestSnapshot.WithCves(
            [Metadata(V31)],
            Record("DSA-1", "Debian:11", "x", FixedIn("2"), "\"published\":\"2024-01-01T00:00:00Z\",\"upstream\":[\"CVE-2024-1111\",\"CVE-2024-2222\"]"));

        var findings = snapshot.Find(Debian11, Deb("x", "1"));

        Assert.Equal((9.8f, Severity.Critical), (findings[0].CvssV3?.Score, findings[0].Severity));
        Assert.Equal(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), findings[0].PublishedOn);
        Assert.Equal(new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), findings[0].LastModified);
        Assert.Equal((null, Severity.Unknown), (findings[1].CvssV3, findings[1].Severity));
        Assert.Equal(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), findings[1].PublishedOn);
    }

    [Fact]
    public void AVersion4ScoreAloneGivesASeverityAndNoScore()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("2.0.0"), $$"""
            "severity":[{"type":"CVSS_V4","score":"{{V4}}"}]
            """));

        var finding = Assert.Single(snapshot.Find(null, Npm("x", "1.0.0")));

        Assert.Equal((Severity.Critical, null, null), (finding.Severity, finding.CvssV3, finding.CvssV2));
    }

    [Theory]
    [InlineData("Debian:11", "DSA-1", "\"upstream\":[\"CVE-2024-1111\"]", "https://security-tracker.debian.org/tracker/CVE-2024-1111")]
    [InlineData("Debian:11", "DSA-1", "\"references\":[{\"type\":\"ADVISORY\",\"url\":\"https://example.com/dsa\"}]", "https://example.com/dsa")]
    [InlineData("Debian:11", "DSA-1/../x", "\"summary\":\"\"", "https://osv.dev/vulnerability/DSA-1%2F..%2Fx")]
    public void LinksToTheSourcesPageElseToAKnownOne(string ecosystem, string id, string more, string link)
    {
        using var snapshot = TestSnapshot.Of(Record(id, ecosystem, "x", FixedIn("2"), more));

        Assert.Equal(link, Assert.Single(snapshot.Find(Debian11, Deb("x", "1"))).Link);
    }

    [Theory]
    [InlineData("npm")]
    [InlineData("Debian:11")]
    public void AVersion4VectorAloneIsShownByTheCvesScore(string ecosystem)
    {
        using var snapshot = TestSnapshot.WithCves(
            [Metadata("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N")],
            Record("ADV-1", ecosystem, "x", FixedIn("2.0.0"), $$"""
                "aliases":["CVE-2024-1111"],"severity":[{"type":"CVSS_V4","score":"{{V4}}"}]
                """));

        var finding = Assert.Single(snapshot.Find(Debian11, ecosystem == "npm" ? Npm("x", "1.0.0") : Deb("x", "1.0.0")));

        Assert.Equal((Severity.Critical, 1.8f, null), (finding.Severity, finding.CvssV3?.Score, finding.CvssV2));
    }

    [Theory]
    [InlineData("npm")]
    [InlineData("Debian:11")]
    public void TheCveLendsVersion2WhereThereIsNoVectorAtAll(string ecosystem)
    {
        Assert.True(CvssV2.TryParse("AV:N/AC:L/Au:N/C:P/I:P/A:P", out var v2));
        using var snapshot = TestSnapshot.WithCves(
            [Metadata(V31) with { Scores = new CvssScores(null, v2, null) }],
            Record("ADV-1", ecosystem, "x", FixedIn("2.0.0"), "\"aliases\":[\"CVE-2024-1111\"]"));

        var finding = Assert.Single(snapshot.Find(Debian11, ecosystem == "npm" ? Npm("x", "1.0.0") : Deb("x", "1.0.0")));

        Assert.Equal((Severity.Important, 7.5f), (finding.Severity, finding.CvssV2?.Score));
    }

    [Fact]
    public void TellsWhatIsKnownOfTheCve()
    {
        Assert.True(CvssV3.TryParse(V31, out var nvd));
        var exploit = new KnownExploit(new DateOnly(2024, 2, 3), null) { RansomwareCampaignUse = "Known" };
        using var snapshot = TestSnapshot.OfRecords(
            new CveMetadata
            {
                Id = Cve,
                Summary = "A hole.",
                NvdScores = new CvssScores(nvd, null, null),
                Epss = new EpssScore(0.5f, 0.9f),
                Exploit = exploit,
            },
            Says("DEBIAN-CVE-2024-1111", Cve, Fixed("Debian:11", "x", "2")));

        var finding = Assert.Single(snapshot.Find(Debian11, Deb("x", "1")));

        Assert.Equal("A hole.", finding.Summary);
        Assert.Equal((9.8f, 9.8f, ScoreSource.Nvd), (finding.CvssV3?.Score, finding.NvdCvssV3?.Score, finding.ScoreSource));
        Assert.Equal(0.9f, finding.Epss?.Percentile);
        Assert.Equal(exploit, finding.Exploit);
    }

    [Fact]
    public void TheAdvisorysOwnTextComesBeforeTheCves()
    {
        using var snapshot = TestSnapshot.OfRecords(
            new CveMetadata { Id = Cve, Summary = "A hole." },
            Says("A", Cve, Fixed("Debian:11", "x", "2")),
            Says("B", Cve, Fixed("Debian:11", "x", "2")) with { Summary = "A hole in x." });

        Assert.Equal("A hole in x.", Assert.Single(snapshot.Find(Debian11, Deb("x", "1"))).Summary);
    }

    [Fact]
    public void TheFixIsOfTheErratumThatBringsIt()
    {
        var day = new DateTimeOffset(2024, 5, 6, 0, 0, 0, TimeSpan.Zero);
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Fixed("Oracle Linux:8", "x", "2-1") with { Erratum = "ELSA-2024-1", FixedOn = day.AddDays(-1) }) with
            {
                Link = "https://example.com/a",
            },
            Says("B", Cve, Fixed("Oracle Linux:8", "x", "2-2") with { Erratum = "ELSA-2024-2", FixedOn = day }));

        var finding = Assert.Single(snapshot.Find(OracleLinux8, Rpm("x", "1-1")));

        Assert.Equal(("2-2", "ELSA-2024-2", day), (finding.FixedBy, finding.AdvisoryId, finding.FixedOn));
        Assert.Equal("https://linux.oracle.com/errata/ELSA-2024-2.html", finding.AdvisoryLink);
        Assert.Equal(("https://example.com/a", "Oracle Linux:8"), (finding.Link, finding.Ecosystem));
    }

    [Fact]
    public void TheAdvisorysPageIsTheOneItNamesItself()
    {
        using var snapshot = TestSnapshot.Of(Says("ALSA-2024:1", Cve, Fixed("AlmaLinux:8", "x", "2-1")) with { Link = "https://example.com/a" });

        Assert.Equal("https://example.com/a", Assert.Single(snapshot.Find(AlmaLinux8, Rpm("x", "1-1"))).AdvisoryLink);
    }

    private static CveMetadata Metadata(string vector)
    {
        Assert.True(CvssV3.TryParse(vector, out var v3));
        return new CveMetadata
        {
            Id = "CVE-2024-1111",
            PublishedOn = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            LastModified = new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Scores = new CvssScores(v3, null, null),
        };
    }

    // CLEANSTART-2026-AC01087 is about sixteen CVEs, and has score and summary of one of them.
    [Fact]
    public void WhatAnUpdateOfManyCvesScoresIsOfNoneOfThem()
    {
        const string Low = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
        Assert.True(CvssV3.TryParse(Low, out CvssV3? nvd));
        using var snapshot = TestSnapshot.OfRecords(
            new CveMetadata { Id = Cve, Summary = "A small hole.", NvdScores = new CvssScores(nvd, null, null) },
            Says("A", Cve, Fixed("CleanStart", "x", "2")) with
            {
                Upstream = [Cve, "CVE-2024-2222"],
                Vectors = new CvssVectors(null, V31),
                Summary = "A great hole.",
            });

        var findings = snapshot.Find(new Distribution("cleanstart", ""), Apk("x", "1"));

        Assert.Equal(
            [(Cve, Low, ScoreSource.Nvd, Severity.Low, "A small hole."), ("CVE-2024-2222", V31, ScoreSource.Advisory, Severity.Critical, "A great hole.")],
            findings.Select(finding => (finding.Cve, finding.CvssV3?.Vector, finding.ScoreSource, finding.Severity, finding.Summary)));
    }

    [Fact]
    public void AStatementWithoutAnIdOfItsOwnIsShownByItsCve()
    {
        using var snapshot = TestSnapshot.Of(Says($"{Cve}/v3.9/main/x", Cve, Fixed("Alpine:v3.9", "x", "2")));

        var known = snapshot.Match(Alpine39, Apk("x", "1"), Apk("x", "none"));

        Assert.Equal(Cve, Assert.Single(known.Packages[0].Findings).AdvisoryId);
        Assert.Contains($"by {Cve}:", Assert.Single(known.Warnings).Reason, StringComparison.Ordinal);
    }
}
