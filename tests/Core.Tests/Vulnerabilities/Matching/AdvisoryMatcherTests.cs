using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

public sealed class AdvisoryMatcherTests
{
    private const string V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    private const string V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";

    private static readonly Distribution Debian11 = new("debian", "11");
    private static readonly Distribution Alpine39 = new("alpine", "3.9.2");

    private static Package Npm(string name, string version) => new() { Type = PackageType.Npm, Name = name, Version = version, Path = "app/" + name };

    private static Package Python(string name, string version) => new() { Type = PackageType.Python, Name = name, Version = version, Path = "py/" + name };

    private static Package Deb(string name, string version, string? source = null, string? sourceVersion = null) => new()
    {
        Type = PackageType.Dpkg,
        Name = name,
        Version = version,
        SourceName = source,
        SourceVersion = sourceVersion,
        Path = "var/lib/dpkg/status",
    };

    private static Package Apk(string name, string version, string? origin = null) => new()
    {
        Type = PackageType.Apk,
        Name = name,
        Version = version,
        SourceName = origin,
        Path = "lib/apk/db/installed",
    };

    private static string Range(string events, string type = "ECOSYSTEM") => $$"""{"type":"{{type}}","events":[{{events}}]}""";

    private static string FixedIn(string version) => Range($$"""{"introduced":"0"},{"fixed":"{{version}}"}""");

    private static string Record(string id, string ecosystem, string name, string ranges, string more = "", string affectedMore = "") => $$"""
        {"id":"{{id}}","modified":"2024-01-01T00:00:00Z"{{(more.Length > 0 ? "," + more : "")}},
         "affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"{{name}}"},"ranges":[{{ranges}}]{{(affectedMore.Length > 0 ? "," + affectedMore : "")}}}]}
        """;

    [Fact]
    public void WithoutASnapshotNothingIsCoveredAndNothingClean()
    {
        var package = new InstalledPackage(Npm("x", "1.0.0"), 2);

        var outcome = AdvisoryMatcher.Match(new ImageInventory { Distribution = Debian11, Packages = [package], Warnings = [] }, null);

        Assert.Null(outcome.Advisories);
        Assert.False(outcome.CoversDistribution);
        Assert.Equal(package, Assert.Single(outcome.Packages).Installed);
    }

    [Fact]
    public void KeepsEveryPackageInItsOrder()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "b", FixedIn("2.0.0")));

        var outcome = snapshot.Match(null, Npm("a", "1.0.0"), Npm("b", "1.0.0"), Npm("b", "2.0.0"));

        Assert.Equal([0, 1, 0], outcome.Packages.Select(package => package.Findings.Count));
        Assert.Equal(["a", "b", "b"], outcome.Packages.Select(package => package.Installed.Package.Name));
        Assert.Equal(snapshot.Database.Origin, outcome.Advisories);
    }

    [Fact]
    public void MatchesASourceByItsNameAndItsOwnVersion()
    {
        using var snapshot = TestSnapshot.Of(Record("DSA-1", "Debian:11", "glibc", FixedIn("2.31-13"), "\"upstream\":[\"CVE-2024-1111\"]"));

        Assert.Single(snapshot.Find(Debian11, Deb("libc6", "9:99", "glibc", "2.31-12")));
        Assert.Empty(snapshot.Find(Debian11, Deb("libc6", "2.31-12+b1", "glibc", "2.31-13")));
        Assert.Single(snapshot.Find(Debian11, Deb("libc-bin", "2.31-12", "glibc")));
        Assert.Single(snapshot.Find(Debian11, Deb("glibc", "2.31-12")));
        Assert.Empty(snapshot.Find(Debian11, Deb("glibc", "2.31-12", "other")));
    }

    [Theory]
    [InlineData("wolfi", "Wolfi", 1)]
    [InlineData("chainguard", "Chainguard", 1)]
    public void LooksForApkPackagesOfRollingDistributionsByOwnNameToo(string id, string ecosystem, int found)
    {
        using var snapshot = TestSnapshot.Of(Record("CGA-1", ecosystem, "libcurl", FixedIn("8.5.0-r0"), "\"upstream\":[\"CVE-2024-1111\"]"));

        Assert.Equal(found, snapshot.Find(new Distribution(id, "20230201"), Apk("libcurl", "8.4.0-r0", "curl")).Count);
        Assert.True(snapshot.Match(new Distribution(id, "20991231")).CoversDistribution);
    }

    [Fact]
    public void LooksForAlpinePackagesByOriginAlone()
    {
        using var snapshot = TestSnapshot.Of(Record("ALPINE-CVE-1", "Alpine:v3.9", "libcurl", FixedIn("8.5.0-r0")));

        Assert.Empty(snapshot.Find(Alpine39, Apk("libcurl", "8.4.0-r0", "curl")));
    }

    [Fact]
    public void OneFindingWhereOriginAndOwnNameAreBothAffected()
    {
        using var snapshot = TestSnapshot.Of(
            Record("CGA-1", "Wolfi", "libcurl", FixedIn("8.5.0-r0"), "\"upstream\":[\"CVE-2024-1111\"]"),
            Record("CGA-2", "Wolfi", "curl", FixedIn("8.6.0-r0"), "\"upstream\":[\"CVE-2024-1111\"]"));

        var finding = Assert.Single(snapshot.Find(new Distribution("wolfi", ""), Apk("libcurl", "8.4.0-r0", "curl")));

        Assert.Equal("8.6.0-r0", finding.FixedBy);
    }

    [Fact]
    public void TheOldAndTheNewNameOfAnUbuntuReleaseAreOne()
    {
        using var snapshot = TestSnapshot.Of(
            Record("USN-1", "Ubuntu:22.04:LTS", "curl", FixedIn("2"), "\"upstream\":[\"CVE-2024-1111\"]"),
            Record("USN-2", "Ubuntu:22.04", "curl", FixedIn("3"), "\"upstream\":[\"CVE-2024-2222\"]"),
            Record("USN-3", "Ubuntu:Pro:22.04:LTS", "curl", FixedIn("4"), "\"upstream\":[\"CVE-2024-3333\"]"));

        var findings = snapshot.Find(new Distribution("ubuntu", "22.04"), Deb("curl", "1"));

        Assert.Equal(["CVE-2024-1111", "CVE-2024-2222"], findings.Select(finding => finding.Cve));
    }

    [Fact]
    public void DoesNotHoldForeignPackagesAgainstADistribution()
    {
        using var snapshot = TestSnapshot.Of(Record("ALPINE-CVE-1", "Alpine:v3.9", "curl", FixedIn("8.0-r0")));

        Assert.Empty(snapshot.Find(Alpine39, Deb("curl", "7.0-1")));
    }

    [Fact]
    public void ARecordWithoutReleaseMatchesNothing()
    {
        using var snapshot = TestSnapshot.Of(Record("X-1", "Debian", "curl", FixedIn("99")), Record("X-2", "Alpine", "curl", FixedIn("99")));

        Assert.Empty(snapshot.Find(Debian11, Deb("curl", "1")));
        Assert.Empty(snapshot.Find(Alpine39, Apk("curl", "1")));
    }

    [Fact]
    public void CoversOnlyTheReleaseItHasRecordsOf()
    {
        using var snapshot = TestSnapshot.Of(Record("DSA-1", "Debian:11", "curl", FixedIn("1")));

        Assert.True(snapshot.Match(Debian11).CoversDistribution);
        Assert.False(snapshot.Match(new Distribution("debian", "12")).CoversDistribution);
        Assert.False(snapshot.Match(new Distribution("kali", "11")).CoversDistribution);
        Assert.False(snapshot.Match(null).CoversDistribution);
    }

    [Fact]
    public void AffectedIsWhatIsListedOrInAnyRange()
    {
        using var snapshot = TestSnapshot.Of(Record(
            "GHSA-1", "npm", "x", Range("""{"introduced":"5.0.0"},{"fixed":"5.1.0"}""", "SEMVER"), affectedMore: "\"versions\":[\"1.2.3\"]"));

        Assert.Equal("5.1.0", Assert.Single(snapshot.Find(null, Npm("x", "5.0.1"))).FixedBy);
        Assert.Null(Assert.Single(snapshot.Find(null, Npm("x", "1.2.3"))).FixedBy);
        Assert.Empty(snapshot.Find(null, Npm("x", "1.2.4")));
    }

    [Fact]
    public void AListedVersionIsFoundInAnySpelling()
    {
        using var snapshot = TestSnapshot.Of(
            """{"id":"PYSEC-1","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"x"},"versions":["1.0"]}]}""");

        Assert.Single(snapshot.Find(null, Python("x", "1.0.0")));
        Assert.Empty(snapshot.Find(null, Python("x", "1.0.1")));
    }

    [Fact]
    public void ACommitRangeListedFirstHidesNothing()
    {
        using var snapshot = TestSnapshot.Of(Record("PYSEC-1", "PyPI", "x", Range("""{"introduced":"abc"}""", "GIT") + "," + FixedIn("2.0")));

        Assert.Equal("2.0", Assert.Single(snapshot.Find(null, Python("x", "1.0"))).FixedBy);
    }

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

    [Fact]
    public void GitHubAndPythonRecordsOfOneCveAreOneFinding()
    {
        using var snapshot = TestSnapshot.Of(
            Record("PYSEC-1", "PyPI", "x", FixedIn("2.5"), "\"aliases\":[\"CVE-2024-1111\",\"GHSA-1\"]"),
            Record("GHSA-1", "PyPI", "x", FixedIn("2.4"), "\"aliases\":[\"CVE-2024-1111\"]"));

        var finding = Assert.Single(snapshot.Find(null, Python("x", "1.0")));

        Assert.Equal(("CVE-2024-1111", "GHSA-1", "2.4"), (finding.Cve, finding.AdvisoryId, finding.FixedBy));
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
    public void CannotTellOfAVersionThatIsNone()
    {
        using var snapshot = TestSnapshot.Of(
            Record("GHSA-1", "npm", "x", FixedIn("2.0.0")),
            Record("GHSA-2", "npm", "x", Range("""{"introduced":"0"}""")));

        var outcome = snapshot.Match(null, Npm("x", "not a version"), Npm("unknown", "not a version"));

        Assert.All(outcome.Packages, package => Assert.Empty(package.Findings));
        var warning = Assert.Single(outcome.Warnings);
        Assert.Equal("app/x", warning.Path);
        Assert.Contains("Cannot tell", warning.Reason, StringComparison.Ordinal);
        Assert.Contains("GHSA-1, GHSA-2", warning.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void CannotTellWhereTheAdvisorysVersionIsNone()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("soon")));

        var outcome = snapshot.Match(null, Npm("x", "1.0.0"));

        Assert.Empty(outcome.Packages.Single().Findings);
        Assert.Single(outcome.Warnings);
    }

    [Fact]
    public void AnUnreadableRangeHidesNoOther()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("soon") + "," + FixedIn("2.0.0")));

        var outcome = snapshot.Match(null, Npm("x", "1.0.0"));

        Assert.Equal("2.0.0", Assert.Single(outcome.Packages.Single().Findings).FixedBy);
        Assert.Empty(outcome.Warnings);
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
        Assert.Equal((new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)), (findings[0].PublishedOn, findings[0].LastModified));
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

    [Fact]
    public void PackagesOfOneSourceGetTheSameFindings()
    {
        using var snapshot = TestSnapshot.Of(Record("DSA-1", "Debian:11", "openssl", FixedIn("2"), "\"upstream\":[\"CVE-2024-1111\"]"));

        var outcome = snapshot.Match(Debian11, Deb("libssl", "1", "openssl"), Deb("openssl", "1"), Deb("libssl-dev", "2", "openssl"));

        Assert.Equal([1, 1, 0], outcome.Packages.Select(package => package.Findings.Count));
    }

    [Theory]
    [InlineData("npm")]
    [InlineData("Debian:11")]
    public void AVersion4VectorAloneKeepsTheCvesScoreAway(string ecosystem)
    {
        using var snapshot = TestSnapshot.WithCves(
            [Metadata("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N")],
            Record("ADV-1", ecosystem, "x", FixedIn("2.0.0"), $$"""
                "aliases":["CVE-2024-1111"],"severity":[{"type":"CVSS_V4","score":"{{V4}}"}]
                """));

        var finding = Assert.Single(snapshot.Find(Debian11, ecosystem == "npm" ? Npm("x", "1.0.0") : Deb("x", "1.0.0")));

        Assert.Equal((Severity.Critical, null, null), (finding.Severity, finding.CvssV3, finding.CvssV2));
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
    public void SaysWhichLanguagesItHasNoAdvisoriesOf()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("2.0.0")));

        var outcome = snapshot.Match(null, Npm("y", "1.0.0"), Python("a", "1"), Python("b", "1"));

        Assert.False(outcome.CoversLanguages);
        string reason = Assert.Single(outcome.Warnings).Reason;
        Assert.Contains("PyPI", reason, StringComparison.Ordinal);
        Assert.EndsWith("has 2.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void CoversLanguagesThatItHasAdvisoriesOfOrThatAreNotThere()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("2.0.0")));

        Assert.True(snapshot.Match(null, Npm("y", "1.0.0")).CoversLanguages);
        Assert.True(snapshot.Match(Debian11, Deb("y", "1.0.0")).CoversLanguages);
        Assert.Empty(snapshot.Match(null, Npm("y", "1.0.0")).Warnings);
    }

    [Fact]
    public void WithoutASnapshotOnlyAbsentLanguagesAreCovered()
    {
        ImageInventory Of(params Package[] packages) =>
            new() { Packages = [.. packages.Select(package => new InstalledPackage(package, 0))], Warnings = [] };

        Assert.False(AdvisoryMatcher.Match(Of(Npm("x", "1.0.0")), null).CoversLanguages);
        Assert.True(AdvisoryMatcher.Match(Of(Deb("x", "1.0.0")), null).CoversLanguages);
    }

    [Fact]
    public void StopsWhereThereAreMoreFindingsThanInAnyRealImage()
    {
        string cves = string.Join(',', Enumerable.Range(1000, 2000).Select(i => $"\"CVE-2024-{i}\""));
        using var snapshot = TestSnapshot.Of(Record("DSA-1", "Debian:11", "linux", FixedIn("2"), $"\"upstream\":[{cves}]"));

        var outcome = snapshot.Match(Debian11, [.. Enumerable.Range(0, 260).Select(i => Deb($"linux-{i}", "1", "linux"))]);

        Assert.Equal(250, outcome.Packages.Count(package => package.Findings.Count > 0));
        Assert.StartsWith("10 packages were not matched", Assert.Single(outcome.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysHowManyWarningsWereLeftOut()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("2.0.0")));

        var outcome = snapshot.Match(null, [.. Enumerable.Range(0, 600).Select(_ => Npm("x", "no version"))]);

        Assert.Equal(501, outcome.Warnings.Count);
        Assert.Contains("100 more", outcome.Warnings[^1].Reason, StringComparison.Ordinal);
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
}
