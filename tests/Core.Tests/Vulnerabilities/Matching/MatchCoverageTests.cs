using System.Globalization;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Matching;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>What an outcome says of packages that nobody could match.</summary>
public sealed class MatchCoverageTests
{
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
    public void CoversOnlyTheReleaseItHasRecordsOf()
    {
        using var snapshot = TestSnapshot.Of(Record("DSA-1", "Debian:11", "curl", FixedIn("1")));

        Assert.True(snapshot.Match(Debian11).CoversDistribution);
        Assert.False(snapshot.Match(new Distribution("debian", "12")).CoversDistribution);
        Assert.False(snapshot.Match(new Distribution("kali", "11")).CoversDistribution);
        Assert.False(snapshot.Match(null).CoversDistribution);
    }

    [Theory]
    [InlineData("2025-06-01T00:00:00Z", "2025-06-01T00:00:00Z")]
    [InlineData("2099-01-01T00:00:00Z", "2026-01-02T03:04:05Z")]
    [InlineData("0001-01-01T00:00:00Z", null)]
    public void AReleasesAdvisoriesAreAsOfTheirNewestAndNoLaterThanTheSnapshot(string modified, string? asOf)
    {
        using var snapshot = TestSnapshot.Of(
            Says("DSA-1", Cve, Fixed("Debian:11", "curl", "1")) with { Modified = DateTimeOffset.Parse(modified, CultureInfo.InvariantCulture) });

        Assert.Equal(asOf is null ? null : DateTimeOffset.Parse(asOf, CultureInfo.InvariantCulture), snapshot.Match(Debian11).NewestForDistribution);
    }

    // Debian's tracker dates nothing: what it says is as of when it was last read.
    [Fact]
    public void WhatHasNoDatesIsAsOfWhenItsFeedWasLastRead()
    {
        DateTimeOffset read = TestSnapshot.BuiltAt.AddDays(-40);
        using var folder = new TemporaryFolder();
        using (var builder = new SnapshotBuilder(SnapshotTexts.Summaries))
        {
            builder.Describe("debian", "", read);
            builder.Add(Says("CVE-2024-1111/11/curl", Cve, Fixed("Debian:11", "curl", "1")) with { Feed = "debian", Modified = default });
            builder.Add(Says("DSA-1", Cve, Fixed("Debian:11", "bash", "1")) with { Feed = "osv", Modified = TestSnapshot.BuiltAt.AddDays(-1) });
            builder.Write(folder.File("a.snap"), TestSnapshot.BuiltAt);
        }

        using var database = AdvisoryDatabase.Open(folder.File("a.snap"));

        Assert.Equal(read, AdvisoryMatcher.Match(new ImageInventory { Distribution = Debian11, Packages = [], Warnings = [] }, database).NewestForDistribution);
        Assert.Equal([(DateTimeOffset?)read, null], database.Description.Feeds.Select(feed => feed.CheckedAt));
    }

    [Fact]
    public void SaysThatPackagesOfAnotherPackageManagerWereNotMatched()
    {
        using var snapshot = TestSnapshot.Of(Record("DSA-1", "Debian:11", "curl", FixedIn("1")));

        var outcome = snapshot.Match(Debian11, Rpm("curl", "0-1"), Rpm("bash", "0-1"), Deb("curl", "2"));

        Assert.Equal("2 packages of rpm were not matched: the distribution's own are of dpkg.", Assert.Single(outcome.Warnings).Reason);
        Assert.All(outcome.Packages, package => Assert.Empty(package.Findings));
    }

    [Fact]
    public void SaysThatPackagesOfModulesDoNotTellOfWhich()
    {
        const string Release = "3.module_el8.9.0+1+x";
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Fixed("AlmaLinux:8", "nodejs", $"1:18.20.2-{Release}") with { Module = "nodejs:18" }));
        var nodejs = Rpm("nodejs", $"1:18.10.0-{Release}");

        var untold = snapshot.Match(AlmaLinux8, nodejs);
        var told = snapshot.Match(AlmaLinux8, nodejs with { Module = "nodejs:18:8070:abc" });

        Assert.Empty(untold.Packages.Single().Findings);
        Assert.StartsWith("1 packages were built in modules", Assert.Single(untold.Warnings).Reason, StringComparison.Ordinal);
        Assert.Single(told.Packages.Single().Findings);
        Assert.Empty(told.Warnings);
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
    public void CannotTellOfAPythonVersionFromBeforePep440UnlessItIsListed()
    {
        using var snapshot = TestSnapshot.Of(
            Record("PYSEC-1", "PyPI", "x", FixedIn("2.0.0")),
            Record("PYSEC-2", "PyPI", "y", Range("""{"introduced":"0"}"""), affectedMore: """ "versions":["2004d"] """));

        var outcome = snapshot.Match(null, Python("x", "0.9.3.5ubuntu3"), Python("y", "2004d"));

        Assert.Equal([0, 1], outcome.Packages.Select(package => package.Findings.Count));
        Assert.Contains("Cannot tell whether x ", Assert.Single(outcome.Warnings).Reason, StringComparison.Ordinal);
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

        InstalledPackage[] packages = [.. Enumerable.Range(0, 260).Select(i => new InstalledPackage(Deb($"linux-{i}", "1", "linux"), 0))];
        var match = new InventoryMatch(snapshot.Database.Lookup(), DistributionAdvisories.Of(Debian11), null, DistributionVendors.Of(Debian11, [])) { MaxFindings = 500_000 };

        Assert.Equal(250, packages.Count(package => match.FindingsOf(package).Count > 0));
        Assert.StartsWith("10 packages were not matched", Assert.Single(match.Warnings()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(2L << 30, 43_690)]
    [InlineData(8L << 30, 174_762)]
    [InlineData(64L << 30, 500_000)]
    public void HoldsAsManyFindingsAsThereIsMemoryFor(long bytes, int findings) => Assert.Equal(findings, InventoryMatch.FindingsByMemory(bytes));

    // Of an image's many names in many products hardly any is known: what is asked for counts, and what is not there is not kept.
    [Fact]
    public void LooksUpNoMoreThanAnyImageNeeds()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("2.0.0")));
        InstalledPackage[] packages = [.. Enumerable.Range(0, 20).Select(i => new InstalledPackage(Npm($"unheard-of-{i}", "1.0.0"), 0))];
        var match = new InventoryMatch(snapshot.Database.Lookup(), null, null, DistributionVendors.Of(null, [])) { MaxComparisons = 15 };

        Assert.All(packages, package => Assert.Empty(match.FindingsOf(package)));

        Assert.StartsWith("5 packages were not matched", Assert.Single(match.Warnings()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysHowManyWarningsWereLeftOut()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("2.0.0")));

        var outcome = snapshot.Match(null, [.. Enumerable.Range(0, 600).Select(_ => Npm("x", "no version"))]);

        Assert.Equal(501, outcome.Warnings.Count);
        Assert.Contains("100 more", outcome.Warnings[^1].Reason, StringComparison.Ordinal);
    }

    // Twelve thousand made versions of tensorflow took a hundred seconds: its advisories list 18,000 versions, each compared with each.
    [Fact]
    public void EndsWhereThereAreMoreVersionsToCompareThanInAnyImage()
    {
        string listed = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"1.{i}\""));
        using var snapshot = TestSnapshot.Of(Record("PYSEC-1", "PyPI", "x", "", affectedMore: $""" "versions":[{listed}] """));
        InstalledPackage[] packages = [.. Enumerable.Range(0, 20).Select(i => new InstalledPackage(Python("x", $"2.{i}"), 0))];
        var match = new InventoryMatch(snapshot.Database.Lookup(), null, null, DistributionVendors.Of(null, [])) { MaxComparisons = 1000 };

        foreach (InstalledPackage package in packages)
        {
            match.FindingsOf(package);
        }

        Assert.StartsWith("10 packages were not matched", Assert.Single(match.Warnings()).Reason, StringComparison.Ordinal);
    }
}
