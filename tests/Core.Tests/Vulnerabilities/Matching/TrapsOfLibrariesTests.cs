using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Traps 26 to 32 and 39 to 46: packages of languages, and how several views of one vulnerability make one finding.</summary>
public sealed class TrapsOfLibrariesTests
{
    // https://osv.dev/vulnerability/GHSA-jfh8-c2jp-5v3q: three lines of releases, each mended by a release of its own.
    private static readonly string Log4Shell = Record(
        "GHSA-jfh8-c2jp-5v3q",
        "Maven",
        "org.apache.logging.log4j:log4j-core",
        string.Join(
            ',',
            Range("""{"introduced":"2.13.0"},{"fixed":"2.15.0"}"""),
            Range("""{"introduced":"2.4"},{"fixed":"2.12.2"}"""),
            Range("""{"introduced":"2.0-beta9"},{"fixed":"2.3.1"}""")),
        "\"aliases\":[\"CVE-2021-44228\"]");

    /// <summary>Trap 26: the standard library is a package of its own, under Go's version; the toolchain's records are not about it.</summary>
    [Theory]
    [InlineData("1.21.3", 1)]
    [InlineData("1.21.4", 0)]
    [InlineData("1.22.0-rc.1", 0)]
    [InlineData("1.18.1", 1)]
    public void Trap26GoStandardLibrary(string version, int found)
    {
        using var snapshot = TestSnapshot.Of(
            Record("GO-2023-1", "Go", "stdlib", Range("""{"introduced":"0"},{"fixed":"1.21.4"}""", "SEMVER")),
            Record("GO-2023-2", "Go", "toolchain", Range("""{"introduced":"0"},{"fixed":"1.99.0"}""", "SEMVER")));

        Assert.Equal(found, snapshot.Find(null, Go("stdlib", version)).Count);
    }

    /// <summary>Trap 27: nobody can tell of a main module without version, and it is never taken for 0.</summary>
    [Theory]
    [InlineData("(devel)")]
    [InlineData("")]
    public void Trap27GoDevelopmentVersions(string version)
    {
        using var snapshot = TestSnapshot.Of(
            Record("GO-1", "Go", "example.com/server", Range("""{"introduced":"0"}""", "SEMVER")),
            Record("GO-2", "Go", "example.com/server", Range("""{"introduced":"0"},{"fixed":"1.0.0"}""", "SEMVER")));

        var outcome = snapshot.Match(null, Go("example.com/server", version));

        Assert.Empty(outcome.Packages.Single().Findings);
        Assert.Contains("Cannot tell", Assert.Single(outcome.Warnings).Reason, StringComparison.Ordinal);
    }

    /// <summary>Trap 28: pseudo-versions come before what they lead to, and what stands after <c>+</c> counts nothing.</summary>
    [Theory]
    [InlineData("v1.2.3", "1.2.3", false)]
    [InlineData("v1.2.3-0.20240101000000-abcdefabcdef", "1.2.3", true)]
    [InlineData("v1.2.4-0.20240101000000-abcdefabcdef", "1.2.3", false)]
    [InlineData("v0.0.0-20200101000000-abcdefabcdef", "0.0.0-20220314234659-1baeb1ce4c0b", true)]
    [InlineData("v0.0.0-20230101000000-abcdefabcdef", "0.0.0-20220314234659-1baeb1ce4c0b", false)]
    [InlineData("v2.0.0+incompatible", "2.0.0", false)]
    [InlineData("v2.0.0+incompatible", "2.0.0+incompatible", false)]
    [InlineData("v1.9.9+incompatible", "2.0.0+incompatible", true)]
    public void Trap28GoPseudoVersions(string version, string fix, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Record("GO-1", "Go", "example.com/x", Range($$"""{"introduced":"0"},{"fixed":"{{fix}}"}""", "SEMVER")));

        Assert.Equal(affected, snapshot.Find(null, Go("example.com/x", version)).Count == 1);
    }

    /// <summary>Trap 29: which packages of a module are imported is not known, so all its advisories count.</summary>
    [Fact]
    public void Trap29GoImports()
    {
        using var snapshot = TestSnapshot.Of(Record(
            "GO-1", "Go", "example.com/x", Range("""{"introduced":"0"}""", "SEMVER"),
            affectedMore: "\"ecosystem_specific\":{\"imports\":[{\"path\":\"example.com/x/y\",\"symbols\":[\"Z\"]}]}"));

        Assert.Single(snapshot.Find(null, Go("example.com/x", "v1.0.0")));
    }

    /// <summary>Trap 31: an archive whose group nobody knows has none of the vulnerabilities of its namesakes.</summary>
    [Fact]
    public void Trap31GrouplessJars()
    {
        using var snapshot = TestSnapshot.Of(Log4Shell, Record("GHSA-2", "Maven", "log4j-core", FixedIn("99")));

        Assert.Empty(snapshot.Find(null, Maven("log4j-core", "2.14.1")));
        Assert.Single(snapshot.Find(null, Maven("org.apache.logging.log4j:log4j-core", "2.14.1")));
    }

    /// <summary>Trap 32: which classes were removed from an archive does not show in its version: it is reported.</summary>
    [Fact]
    public void Trap32RepackagedJars()
    {
        using var snapshot = TestSnapshot.Of(Log4Shell);

        Assert.Single(snapshot.Find(null, Maven("org.apache.logging.log4j:log4j-core", "2.14.1") with { InnerPath = "BOOT-INF/lib/log4j-core-2.14.1.jar" }));
    }

    /// <summary>Trap 40: one finding under the CVE, the other ids beside it, mended by the nearest fix any of them knows.</summary>
    [Fact]
    public void Trap40Aliases()
    {
        using var snapshot = TestSnapshot.Of(
            Record("GHSA-1", "PyPI", "x", Range("""{"introduced":"0"},{"last_affected":"2.4.9"}"""), "\"aliases\":[\"CVE-2024-1111\"]"),
            Record("PYSEC-1", "PyPI", "x", FixedIn("2.5") + "," + Range("""{"introduced":"3.0"},{"fixed":"3.1"}"""), "\"aliases\":[\"GHSA-1\"]"),
            Record("PYSEC-2", "PyPI", "x", FixedIn("2.6"), "\"aliases\":[\"CVE-2024-1111\"]"));

        var finding = Assert.Single(snapshot.Find(null, Python("x", "2.0")));

        Assert.Equal((Cve, "2.5", "PYSEC-1"), (finding.Cve, finding.FixedBy, finding.AdvisoryId));
        Assert.Equal(["GHSA-1", "PYSEC-1", "PYSEC-2"], finding.Aliases);
    }

    /// <summary>Trap 40: a distribution's advisory about the CVE is about its own package, and lends a library nothing.</summary>
    [Fact]
    public void Trap40DistributionsAreNotMergedWithLibraries()
    {
        using var snapshot = TestSnapshot.Of(
            Record("GHSA-1", "PyPI", "x", FixedIn("2.5"), "\"aliases\":[\"CVE-2024-1111\"]"),
            Record("DSA-1", "Debian:11", "python-x", FixedIn("2.0-1+deb11u1"), "\"upstream\":[\"CVE-2024-1111\"]"));

        var outcome = snapshot.Match(Debian11, Python("x", "2.0"), Deb("python3-x", "2.0-1", "python-x"));

        Assert.Equal(["2.5", "2.0-1+deb11u1"], outcome.Packages.Select(package => package.Findings.Single().FixedBy!));
        Assert.Empty(outcome.Packages[1].Findings.Single().Aliases);
    }

    /// <summary>Trap 41: what was withdrawn reports nothing, and hides no live record of the same vulnerability.</summary>
    [Fact]
    public void Trap41WithdrawnAliasOfALiveRecord()
    {
        using var snapshot = TestSnapshot.Of(
            Record("GHSA-1", "PyPI", "x", FixedIn("2.5"), "\"withdrawn\":\"2024-02-01T00:00:00Z\",\"aliases\":[\"CVE-2024-1111\"]"),
            Record("PYSEC-1", "PyPI", "x", FixedIn("2.4"), "\"aliases\":[\"CVE-2024-1111\",\"GHSA-1\"]"),
            Record("GHSA-2", "PyPI", "x", FixedIn("2.5"), "\"withdrawn\":\"2024-02-01T00:00:00Z\",\"aliases\":[\"CVE-2024-2222\"]"));

        var finding = Assert.Single(snapshot.Find(null, Python("x", "1.0")));

        Assert.Equal((Cve, "2.4"), (finding.Cve, finding.FixedBy));
    }

    /// <summary>Trap 42: of log4j's three ranges the one that holds the version says what mends it.</summary>
    [Theory]
    [InlineData("2.3", "2.3.1")]
    [InlineData("2.10.0", "2.12.2")]
    [InlineData("2.14.1", "2.15.0")]
    [InlineData("2.3.1", null)]
    [InlineData("2.12.2", null)]
    [InlineData("2.15.0", null)]
    public void Trap42ThreeRangesOfLog4j(string version, string? fixedBy)
    {
        using var snapshot = TestSnapshot.Of(Log4Shell);

        Finding? finding = snapshot.Find(null, Maven("org.apache.logging.log4j:log4j-core", version)).SingleOrDefault();

        Assert.Equal((fixedBy, fixedBy is null ? null : "CVE-2021-44228"), (finding?.FixedBy, finding?.Cve));
    }

    /// <summary>Trap 43: the last affected version is affected, and what mends it is not known.</summary>
    [Theory]
    [InlineData("2.4.9", true)]
    [InlineData("2.4.10", false)]
    public void Trap43LastAffected(string version, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "PyPI", "x", Range("""{"introduced":"0"},{"last_affected":"2.4.9"}""")));

        Finding? finding = snapshot.Find(null, Python("x", version)).SingleOrDefault();

        Assert.Equal((affected, null), (finding is not null, finding?.FixedBy));
    }

    /// <summary>Trap 44: a range over commits that stands first hides none of the others.</summary>
    [Fact]
    public void Trap44GitRangeFirst()
    {
        using var snapshot = TestSnapshot.Of(Record("PYSEC-1", "PyPI", "x", Range("""{"introduced":"0"},{"fixed":"abc"}""", "GIT") + "," + FixedIn("2.0")));

        Assert.Equal("2.0", Assert.Single(snapshot.Find(null, Python("x", "1.0"))).FixedBy);
    }

    /// <summary>Trap 45: nobody can tell of what is no version: neither affected nor clean, but said.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    public void Trap45UnparsableVersions(string version)
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("2.0.0")));

        var outcome = snapshot.Match(null, Npm("x", version));

        Assert.Empty(outcome.Packages.Single().Findings);
        Assert.Single(outcome.Warnings);
    }

    /// <summary>Trap 46: the vendor's word, else its score, else NVD's, else that of the CVE's record; and whose it is.</summary>
    [Theory]
    [InlineData("low", true, true, true, Severity.Low, ScoreSource.Advisory)]
    [InlineData(null, true, true, true, Severity.Critical, ScoreSource.Advisory)]
    [InlineData(null, false, true, true, Severity.Low, ScoreSource.Nvd)]
    [InlineData(null, false, false, true, Severity.Moderate, ScoreSource.CveRecord)]
    [InlineData(null, false, false, false, Severity.Unknown, ScoreSource.None)]
    public void Trap46Severity(string? word, bool own, bool nvd, bool record, Severity severity, ScoreSource source)
    {
        const string Critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        CvssScores low = ScoresOf("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N");
        var cve = new CveMetadata
        {
            Id = Cve,
            NvdScores = nvd ? low : default,
            Scores = record ? ScoresOf("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:L/I:N/A:N") : default,
        };
        using var snapshot = TestSnapshot.OfRecords(
            cve,
            Says("ALSA-1", Cve, Fixed("AlmaLinux:8", "x", "2-1")) with { SeverityWord = word, Vectors = new CvssVectors(V3: own ? Critical : null) });

        var finding = Assert.Single(snapshot.Find(AlmaLinux8, Rpm("x", "1-1")));

        Assert.Equal((severity, source), (finding.Severity, finding.ScoreSource));
        Assert.Equal(own ? 9.8f : nvd ? 1.8f : record ? 4.3f : null, finding.CvssV3?.Score);
    }

    private static CvssScores ScoresOf(string vector) => new(CvssV3.TryParse(vector, out CvssV3? v3) ? v3 : null, null, null);
}
