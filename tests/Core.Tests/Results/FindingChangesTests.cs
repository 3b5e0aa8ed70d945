using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Results;

public sealed class FindingChangesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static MatchOutcome Match(string snapshot, params (string Package, string Path, string Cve, string? FixedBy)[] findings) => new()
    {
        Packages =
        [
            .. findings.GroupBy(found => (found.Package, found.Path)).Select(package => new PackageFindings(
                new InstalledPackage(new Package { Type = PackageType.Npm, Name = package.Key.Package, Version = "1", Path = package.Key.Path }, 0),
                [.. package.Select(found => new Finding { Cve = found.Cve, AdvisoryId = "A", Severity = Severity.Low, FixedBy = found.FixedBy })])),
        ],
        CoversDistribution = true,
        CoversLanguages = true,
        Advisories = new AdvisoryOrigin(snapshot, Noon, null, false),
        Warnings = [],
    };

    [Fact]
    public void TellWhatCameWentAndGotAFix()
    {
        var changes = FindingChanges.Between(
            Match("old", ("x", "a", "CVE-1", null), ("x", "a", "CVE-2", null), ("y", "b", "CVE-3", "2"), ("y", "b", "CVE-4", "2")),
            Match("new", ("x", "a", "CVE-1", "1.1"), ("x", "a", "CVE-2", null), ("y", "b", "CVE-3", "3"), ("y", "b", "CVE-5", null)),
            Noon);

        Assert.Equal(["CVE-5"], changes.Added.Select(change => change.Cve));
        Assert.Equal(["CVE-4"], changes.Removed.Select(change => change.Cve));
        Assert.Equal([new ChangedFinding("CVE-1", "x", "1", Severity.Low, "1.1")], changes.Fixed);
        Assert.Equal(("old", "new", 3), (changes.From?.Id, changes.To?.Id, changes.Total));
    }

    [Fact]
    public void CountAPackageInTwoFoldersOnce()
    {
        var changes = FindingChanges.Between(Match("old"), Match("new", ("x", "a", "CVE-1", null), ("x", "b", "CVE-1", null)), Noon);

        Assert.Single(changes.Added);
        Assert.Equal(1, changes.Total);
    }

    [Fact]
    public void CountWhatThereWasAndWhatThereIs()
    {
        var changes = FindingChanges.Between(
            Match("old", ("x", "a", "CVE-1", null), ("x", "b", "CVE-1", null)), Match("new", ("x", "a", "CVE-1", "2"), ("y", "b", "CVE-2", null)), Noon);

        Assert.Equal(new SeverityCounts(Critical: 0, Important: 0, Moderate: 0, Low: 1, Unknown: 0), changes.Before);
        Assert.Equal(new SeverityCounts(Critical: 0, Important: 0, Moderate: 0, Low: 2, Unknown: 0) { Fixable = 1 }, changes.After);
        Assert.Equal(2, changes.After?.Total);
    }

    [Fact]
    public void ListAThousandOfAKindAndCountTheRest()
    {
        var found = Enumerable.Range(0, 1_500).Select(i => ("kernel", "a", $"CVE-2024-{i:d5}", (string?)null)).ToArray();

        var changes = FindingChanges.Between(Match("old"), Match("new", found), Noon);

        Assert.Equal((1_000, 1_500), (changes.Added.Count, changes.Total));
        Assert.Equal("CVE-2024-00999", changes.Added[^1].Cve);
    }

    [Fact]
    public void RankEverySnapshotOverEveryStarterSetAndLaterBuildsOverEarlierOnes()
    {
        AdvisoryOrigin[] ascending =
        [
            new("a", Noon.AddYears(-1), null, IsStarterSet: true),
            new("b", Noon.AddYears(9), null, IsStarterSet: true),
            new("c", Noon.AddYears(-9), null, IsStarterSet: false),
            new("d", DateTimeOffset.MaxValue, null, IsStarterSet: false),
        ];

        Assert.Equal(ascending, ascending.OrderBy(origin => origin.Rank));
        Assert.All(ascending, origin => Assert.True(origin.Rank > 0));
    }
}
