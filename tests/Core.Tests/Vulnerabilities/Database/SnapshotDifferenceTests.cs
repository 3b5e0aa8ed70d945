using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class SnapshotDifferenceTests
{
    private static Advisory About(string id, string ecosystem, string package, string fixedIn) => TestSnapshot.Read($$"""
        {"id":"{{id}}","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"{{package}}"},
          "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"{{fixedIn}}"}]}]}]}
        """) with { Feed = "osv" };

    private static SnapshotDifference Between(FeedRecord[] older, FeedRecord[] newer)
    {
        using var before = TestSnapshot.OfRecords(older);
        using var after = TestSnapshot.OfRecords(newer);
        return SnapshotDifference.Of(before.Database, after.Database);
    }

    private static string Said(IdDifference ids) => $"+{string.Join(',', ids.Added)} -{string.Join(',', ids.Removed)} ~{string.Join(',', ids.Changed)}";

    [Fact]
    public void TellsPerEcosystemWhatCameWentAndChanged()
    {
        var difference = Between(
            [About("A-1", "npm", "x", "1.0.0"), About("A-2", "npm", "y", "1.0.0"), About("A-3", "npm", "z", "1.0.0"), About("D-1", "Debian:11", "x", "1")],
            [About("A-1", "npm", "x", "1.0.0"), About("A-2", "npm", "y", "2.0.0"), About("A-4", "npm", "x", "1.0.0"), About("D-1", "Debian:11", "x", "1")]);

        var npm = Assert.Single(difference.Ecosystems);

        Assert.Equal("npm", npm.Ecosystem);
        Assert.Equal("+A-4 -A-3 ~A-2", Said(npm.Advisories));
        Assert.Equal("+ -z ~x,y", Said(npm.Packages));
    }

    [Fact]
    public void TellsOfAnEcosystemThatOnlyOneHas()
    {
        var difference = Between([About("A-1", "npm", "x", "1.0.0")], [About("A-1", "npm", "x", "1.0.0"), About("D-1", "Debian:11", "x", "1")]);

        Assert.Equal("Debian:11 +D-1 - ~", Assert.Single(difference.Ecosystems.Select(one => $"{one.Ecosystem} {Said(one.Advisories)}")));
    }

    [Fact]
    public void AnotherNumberOrderOrDateIsNoChange()
    {
        Advisory[] older = [About("A-1", "npm", "x", "1.0.0"), About("A-2", "npm", "x", "2.0.0"), About("A-3", "npm", "y", "2.0.0")];
        Advisory before = About("A-0", "npm", "a", "1.0.0");

        var difference = Between(older, [.. older.Reverse().Select(advisory => advisory with { Modified = TestSnapshot.BuiltAt }), before]);

        var npm = Assert.Single(difference.Ecosystems);
        Assert.Equal(("+A-0 - ~", "+a - ~"), (Said(npm.Advisories), Said(npm.Packages)));
    }

    [Fact]
    public void AnotherStatusIsAChange()
    {
        Advisory advisory = About("A-1", "Debian:11", "x", "1.0.0");

        var difference = Between(
            [advisory], [advisory with { Affected = [advisory.Affected[0] with { Status = AdvisoryStatus.WillNotFix }] }]);

        Assert.Equal("+ - ~A-1", Said(Assert.Single(difference.Ecosystems).Advisories));
    }

    [Fact]
    public void TellsOfCvesButNotOfTheirScoresOfTheDay()
    {
        Advisory about = About("A-1", "npm", "x", "1.0.0") with { Upstream = ["CVE-2024-1111", "CVE-2024-2222", "CVE-2024-3333"] };
        CveMetadata cve = new() { Id = "CVE-2024-1111", Epss = new EpssScore(0.1f, 0.1f), Summary = "text" };

        var difference = Between(
            [about, cve, cve with { Id = "CVE-2024-2222" }],
            [about, cve with { Epss = new EpssScore(0.2f, 0.2f) }, cve with { Id = "CVE-2024-2222", Summary = "other" }, cve with { Id = "CVE-2024-3333" }]);

        Assert.Equal("+CVE-2024-3333 - ~CVE-2024-2222", Said(difference.Cves));
        Assert.Empty(difference.Ecosystems);
    }

    [Fact]
    public void SetsTheFeedsSideBySide()
    {
        var difference = Between(
            [About("A-1", "npm", "x", "1.0.0")],
            [About("A-1", "npm", "x", "1.0.0"), About("A-2", "npm", "x", "1.0.0"), About("B-1", "npm", "x", "1.0.0") with { Feed = "debian" }]);

        Assert.Equal(
            ["debian: none -> 1", "osv: 1 -> 2"],
            difference.Feeds.Select(feed => $"{feed.Name}: {feed.Old?.Used.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} -> {feed.New?.Used}"));
    }
}
