using System.Diagnostics;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class AliasGroupsTests
{
    private static readonly OsvEcosystem Npm = OsvEcosystem.Parse("npm");

    private static Advisory About(string id, string package, params string[] aliases) => new()
    {
        Id = id,
        Modified = TestSnapshot.BuiltAt,
        Aliases = aliases,
        Affected = [Package("npm", package)],
    };

    private static AffectedPackage Package(string ecosystem, string name) => new()
    {
        Ecosystem = OsvEcosystem.Parse(ecosystem),
        Name = name,
        Ranges = [new VersionRange(RangeOrder.Ecosystem, [new RangeEvent(RangeEventKind.Introduced, "0")])],
    };

    private static CveMetadata Rejected(string id) => new() { Id = id, IsRejected = true };

    private static AdvisoryRecord Of(TestSnapshot snapshot, string package)
    {
        var lookup = snapshot.Database.Lookup();
        return lookup.Advisory(Assert.Single(lookup.Find(Npm, package)).Advisory);
    }

    private static string Said(TestSnapshot snapshot, string package)
    {
        AdvisoryRecord record = Of(snapshot, package);
        return $"{string.Join(' ', record.Names)}, also {string.Join(' ', record.Aliases)}";
    }

    [Fact]
    public void AliasesAreSymmetricAndTransitive()
    {
        using var snapshot = TestSnapshot.OfRecords(
            About("GHSA-1", "x", "CVE-2024-1111"),
            About("PYSEC-1", "y", "GHSA-1"),
            About("GO-1", "z", "PYSEC-1"));

        Assert.Equal(["CVE-2024-1111"], Of(snapshot, "z").Names);
        Assert.Equal(["GHSA-1", "GO-1", "PYSEC-1"], Of(snapshot, "z").Aliases);
        Assert.Equal(["CVE-2024-1111"], Of(snapshot, "y").Names);
    }

    [Fact]
    public void AWithdrawnAliasOfALiveRecordHidesNothing()
    {
        using var snapshot = TestSnapshot.OfRecords(
            About("GHSA-1", "x", "PYSEC-1"),
            About("PYSEC-1", "x", "GHSA-1", "CVE-2024-1111") with { Withdrawn = TestSnapshot.BuiltAt });

        Assert.Equal(["GHSA-1"], Of(snapshot, "x").Names);
    }

    [Fact]
    public void AWithdrawnRecordJoinsNoLiveGroups()
    {
        using var snapshot = TestSnapshot.OfRecords(
            About("GHSA-1", "x"),
            About("GHSA-2", "y"),
            About("GHSA-3", "z", "GHSA-1", "GHSA-2") with { Withdrawn = TestSnapshot.BuiltAt });

        Assert.Equal("GHSA-1, also GHSA-1", Said(snapshot, "x"));
        Assert.Equal("GHSA-2, also GHSA-2", Said(snapshot, "y"));
    }

    [Fact]
    public void ARejectedCveJoinsNothingAndNamesNothing()
    {
        using var snapshot = TestSnapshot.OfRecords(
            About("GHSA-1", "x", "CVE-2024-1111"),
            About("GHSA-2", "y", "CVE-2024-1111", "CVE-2024-2222"),
            Rejected("CVE-2024-1111"));

        Assert.Equal("GHSA-1, also GHSA-1", Said(snapshot, "x"));
        Assert.Equal("CVE-2024-2222, also GHSA-2", Said(snapshot, "y"));
    }

    [Fact]
    public void ADistributionsWordOnARejectedCveStands()
    {
        using var snapshot = TestSnapshot.OfRecords(
            new Advisory { Id = "DSA-1", Modified = TestSnapshot.BuiltAt, Upstream = ["CVE-2024-1111"], Affected = [Package("Debian:12", "x")] },
            Rejected("CVE-2024-1111"));
        var lookup = snapshot.Database.Lookup();

        var posting = Assert.Single(lookup.Find(OsvEcosystem.Parse("Debian:12"), "x"));

        Assert.Equal(["CVE-2024-1111"], lookup.Advisory(posting.Advisory).Names);
        Assert.Null(lookup.Cve("CVE-2024-1111"));
    }

    [Fact]
    public void ADistributionsAdvisoryIsNeverPartOfAGroup()
    {
        using var snapshot = TestSnapshot.OfRecords(
            About("GHSA-1", "x", "CVE-2024-1111"),
            About("GHSA-2", "y", "CVE-2024-2222"),
            new Advisory
            {
                Id = "DSA-1",
                Modified = TestSnapshot.BuiltAt,
                Upstream = ["CVE-2024-1111", "CVE-2024-2222"],
                Aliases = ["GHSA-1", "GHSA-2"],
                Affected = [Package("Debian:12", "z")],
            });

        Assert.Equal(["GHSA-1"], Of(snapshot, "x").Aliases);
        Assert.Equal(["CVE-2024-2222"], Of(snapshot, "y").Names);
    }

    [Fact]
    public void AChainOfManyAliasesIsCutAndTakesNoTime()
    {
        Advisory[] chain = [.. Enumerable.Range(0, 20_000).Select(i => About($"GHSA-{i:D5}", "x", $"GHSA-{i + 1:D5}"))];
        long start = Stopwatch.GetTimestamp();

        using var snapshot = TestSnapshot.OfRecords(chain);

        Assert.Equal(100, snapshot.Database.Lookup().Advisory(7).Aliases.Count);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }
}
