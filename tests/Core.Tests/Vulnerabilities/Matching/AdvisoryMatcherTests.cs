using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

public sealed class AdvisoryMatcherTests
{
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

        Assert.Equal(["CVE-2024-1111", "CVE-2024-2222", "CVE-2024-3333"], findings.Select(finding => finding.Cve));
        Assert.Equal([false, false, true], findings.Select(finding => finding.FixNeedsSubscription));
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

    [Fact]
    public void AnUnreadableRangeHidesNoOther()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("soon") + "," + FixedIn("2.0.0")));

        var outcome = snapshot.Match(null, Npm("x", "1.0.0"));

        Assert.Equal("2.0.0", Assert.Single(outcome.Packages.Single().Findings).FixedBy);
        Assert.Empty(outcome.Warnings);
    }

    [Fact]
    public void PackagesOfOneSourceGetTheSameFindings()
    {
        using var snapshot = TestSnapshot.Of(Record("DSA-1", "Debian:11", "openssl", FixedIn("2"), "\"upstream\":[\"CVE-2024-1111\"]"));

        var outcome = snapshot.Match(Debian11, Deb("libssl", "1", "openssl"), Deb("openssl", "1"), Deb("libssl-dev", "2", "openssl"));

        Assert.Equal([1, 1, 0], outcome.Packages.Select(package => package.Findings.Count));
    }
}
