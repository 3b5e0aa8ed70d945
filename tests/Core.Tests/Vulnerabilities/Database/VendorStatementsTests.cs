using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class VendorStatementsTests
{
    private static readonly OsvEcosystem Bookworm = OsvEcosystem.Parse("Debian:12");

    private static AffectedPackage Package(string name, string? fixedIn = null, string ecosystem = "Debian:12") => new()
    {
        Ecosystem = OsvEcosystem.Parse(ecosystem),
        Name = name,
        Ranges =
        [
            new VersionRange(
                RangeOrder.Ecosystem,
                fixedIn is null ? [new(RangeEventKind.Introduced, "0")] : [new(RangeEventKind.Introduced, "0"), new(RangeEventKind.Fixed, fixedIn)]),
        ],
    };

    private static Advisory Collected(string id, string[] cves, params AffectedPackage[] affected) =>
        new() { Id = id, Feed = "osv", Modified = TestSnapshot.BuiltAt, Upstream = cves, Affected = affected };

    private static Advisory Vendors(string id, string cve, params AffectedPackage[] affected) =>
        new() { Id = id, Feed = "debian", Authority = AdvisoryAuthority.Vendor, Modified = TestSnapshot.BuiltAt, Upstream = [cve], Affected = affected };

    // Of each posting of a package: the id of its advisory and what it is a finding of.
    private static string[] Said(TestSnapshot snapshot, string package, string ecosystem = "Debian:12")
    {
        var lookup = snapshot.Database.Lookup();
        return [.. lookup.Find(OsvEcosystem.Parse(ecosystem), package)
            .Select(posting => (lookup.Advisory(posting.Advisory), posting))
            .Select(said => $"{said.Item1.Id}: {string.Join(' ', said.posting.Names ?? said.Item1.Names)}")
            .Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void TheVendorsWordReplacesTheCollectedOneOfThatCveWhateverTheOrder()
    {
        Advisory collected = Collected("DEBIAN-CVE-2024-1111", ["CVE-2024-1111"], Package("x"));
        Advisory own = Vendors("CVE-2024-1111", "CVE-2024-1111", Package("x", "1.2"));

        foreach (FeedRecord[] order in new FeedRecord[][] { [collected, own], [own, collected] })
        {
            using var snapshot = TestSnapshot.OfRecords(order);

            Assert.Equal(["CVE-2024-1111: CVE-2024-1111"], Said(snapshot, "x"));
            Assert.Equal(1, snapshot.Skipped.Replaced);
            Assert.Equal(1, snapshot.Database.Description.Advisories);
        }
    }

    [Fact]
    public void AnAdvisoryKeepsTheCvesThatTheVendorDoesNotSpeakOf()
    {
        using var snapshot = TestSnapshot.OfRecords(
            Collected("DSA-1", ["CVE-2024-1111", "CVE-2024-2222", "CVE-2024-3333", "CVE-2024-4444", "CVE-2024-5555"], Package("x", "1.0")),
            Vendors("A", "CVE-2024-1111", Package("x", "1.1")),
            Vendors("B", "CVE-2024-3333", Package("x", "1.1")),
            Vendors("C", "CVE-2024-5555", Package("x", "1.1")));

        Assert.Equal(
            ["A: CVE-2024-1111", "B: CVE-2024-3333", "C: CVE-2024-5555", "DSA-1: CVE-2024-2222 CVE-2024-4444"],
            Said(snapshot, "x"));
        Assert.Equal(0, snapshot.Skipped.Replaced);
    }

    [Fact]
    public void OtherPackagesAndReleasesStayAsTheyWere()
    {
        using var snapshot = TestSnapshot.OfRecords(
            Collected("DSA-1", ["CVE-2024-1111"], Package("x"), Package("y"), Package("x", ecosystem: "Debian:11")),
            Vendors("A", "CVE-2024-1111", Package("x", "1.1")));

        Assert.Equal(["A: CVE-2024-1111"], Said(snapshot, "x"));
        Assert.Equal(["DSA-1: CVE-2024-1111"], Said(snapshot, "y"));
        Assert.Equal(["DSA-1: CVE-2024-1111"], Said(snapshot, "x", "Debian:11"));
    }

    [Fact]
    public void ADenialOfTheVendorReplacesToo()
    {
        using var snapshot = TestSnapshot.OfRecords(
            Collected("DEBIAN-CVE-2024-1111", ["CVE-2024-1111"], Package("x")),
            Vendors("A", "CVE-2024-1111", Package("x") with { Status = AdvisoryStatus.NotAffected }));

        var posting = Assert.Single(snapshot.Database.Lookup().Find(Bookworm, "x"));

        Assert.Equal(AdvisoryStatus.NotAffected, posting.Status);
    }

    [Fact]
    public void AWithdrawnWordOfTheVendorReplacesNothing()
    {
        using var snapshot = TestSnapshot.OfRecords(
            Collected("DEBIAN-CVE-2024-1111", ["CVE-2024-1111"], Package("x")),
            Vendors("A", "CVE-2024-1111", Package("x")) with { Withdrawn = TestSnapshot.BuiltAt });

        Assert.Equal(["DEBIAN-CVE-2024-1111: CVE-2024-1111"], Said(snapshot, "x"));
    }

    [Fact]
    public void TwoStatementsOfTheVendorBothStand()
    {
        using var snapshot = TestSnapshot.OfRecords(
            Vendors("A", "CVE-2024-1111", Package("x", "1.1")),
            Vendors("B", "CVE-2024-1111", Package("x", "1.2")));

        Assert.Equal(["A: CVE-2024-1111", "B: CVE-2024-1111"], Said(snapshot, "x"));
    }

    [Fact]
    public void TwoFeedsMayUseOneId()
    {
        using var snapshot = TestSnapshot.OfRecords(
            Collected("CVE-2024-1111", ["CVE-2024-1111"], Package("x")),
            Collected("CVE-2024-1111", ["CVE-2024-1111"], Package("y")) with { Feed = "other" });

        Assert.Single(Said(snapshot, "x"));
        Assert.Single(Said(snapshot, "y"));
        Assert.Equal(0, snapshot.Skipped.Superseded);
    }

    [Fact]
    public void CountsWhatBecameOfEachFeedsRecords()
    {
        using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);
        using var folder = new TemporaryFolder();
        builder.Describe("osv", "CC BY 4.0", checkedAt: null);
        builder.Add(Collected("D-1", ["CVE-2024-1111"], Package("x")));
        builder.Add(Collected("D-2", ["CVE-2024-2222"], Package("x")));
        builder.Add(Collected("D-2", ["CVE-2024-2222"], Package("x")));
        builder.Add(Collected("D-3", ["CVE-2024-2222"], Package("x")) with { Withdrawn = TestSnapshot.BuiltAt });
        builder.Add(Collected("D-4", [], Package("x", ecosystem: "Debian")));
        builder.Add(Collected("D-5", []));
        builder.Add(Vendors("A", "CVE-2024-1111", Package("x")) with { Modified = TestSnapshot.BuiltAt.AddDays(1) });
        builder.Add(new CveMetadata { Feed = "nvd", Id = "CVE-2024-1111" });
        builder.Add(new CveMetadata { Feed = "nvd", Id = "CVE-2024-1111" });
        builder.Add(new CveMetadata { Feed = "nvd", Id = "CVE-2024-9999" });
        builder.Add(new CveMetadata { Feed = "nvd", Id = "CVE-2024-2222", IsRejected = true });
        builder.Add(new CveMetadata { Feed = "nvd", Id = "TEMP-1" });

        var (description, _) = builder.Write(folder.File("a.snap"), TestSnapshot.BuiltAt);

        Assert.Equal(["debian", "nvd", "osv"], description.Feeds.Select(feed => feed.Name));
        Assert.Equal(
            [
                "debian: 1 read, 1 used; ; 2026-01-03",
                "nvd: 5 read, 1 used; about a CVE of no advisory 1, about a rejected CVE 1, its id is no CVE 1, older revision 1; ",
                "osv: 6 read, 1 used; nothing to match 1, of a distribution without release 1, older revision 1, replaced by the vendor's own 1, "
                    + "withdrawn 1; 2026-01-02",
            ],
            description.Feeds.Select(feed => $"{feed.Name}: {feed.Records} read, {feed.Used} used; "
                + string.Join(", ", feed.Skipped.Select(skipped => $"{skipped.Reason} {skipped.Count}")) + $"; {feed.NewestRecord:yyyy-MM-dd}"));
        Assert.Equal("CC BY 4.0", description.Feeds[2].Licence);
    }
}
