using System.Text.Json;
using System.Text.Json.Nodes;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Tests.Inventory;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Matching;
using static ImageScan.Core.Tests.Inventory.MadeLayers;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Language packages of which a package of the system brought the files: Wolfi's py3-requests has PyPI's requests 2.20.0.</summary>
public sealed class OwnedPackagesTests
{
    private const string Metadata = "usr/lib/python3.12/site-packages/requests-2.20.0.dist-info/METADATA";

    private static readonly string OfRequests = Record("PYSEC-1", "PyPI", "requests", FixedIn("2.31.0"));
    private static readonly string OfWolfi = Record("CGA-1", "Wolfi", "curl", FixedIn("1-r0"));

    private static ImageInventory Wolfi => LayerMerge.Of(
        [
            Layer(
                Names("etc/os-release", DistributionEvidence.OsRelease, "wolfi", "20230201"),
                Apk(UsrApkInstalled, "py3-requests=2.20.0-r0") with { Owned = [new Ownership("py3-requests", [Metadata, "usr/bin/tool"])] },
                MadeLayers.Database(Metadata, PackageType.Python, "requests=2.20.0"),
                MadeLayers.Database("usr/bin/tool", PackageType.Binary, "tool=1"),
                Npm("app/node_modules/p", "p=1")),
        ],
        TestContext.Current.CancellationToken);

    [Fact]
    public void AreKeptApart()
    {
        Assert.Equal(["py3-requests", "p"], Wolfi.Packages.Select(installed => installed.Package.Name));
        Assert.Equal(["requests", "tool"], Wolfi.OwnedPackages.Select(installed => installed.Package.Name));
    }

    [Fact]
    public void CountInOrderWhereNobodyTellsOfTheSystems()
    {
        using var snapshot = TestSnapshot.Of(OfRequests, Record("GHSA-1", "npm", "x", FixedIn("1.0.0")));

        MatchOutcome outcome = AdvisoryMatcher.Match(Wolfi, snapshot.Database);

        Assert.False(outcome.CoversDistribution);
        Assert.Equal([("py3-requests", 0), ("p", 0), ("requests", 1)], Found(outcome));
        Assert.Empty(outcome.Warnings);
    }

    [Fact]
    public void CountAlsoWhereTheSystemIsNotKnown()
    {
        using var snapshot = TestSnapshot.Of(OfRequests, OfWolfi);

        Assert.Contains(("requests", 1), Found(AdvisoryMatcher.Match(Wolfi with { Distribution = null }, snapshot.Database)));
        Assert.Contains(("requests", 1), Found(AdvisoryMatcher.Match(Wolfi with { Distribution = new Distribution("arch", "") }, snapshot.Database)));
    }

    // Upstream's ranges would be wrong about versions that a release has mended.
    [Theory]
    [InlineData("debian", "12")]
    [InlineData("alpine", "3.20.1")]
    [InlineData("rhel", "9.4")]
    public void AreTheSystemsWhereAReleaseMendsOldVersions(string id, string release)
    {
        using var snapshot = TestSnapshot.Of(OfRequests, OfWolfi);

        MatchOutcome outcome = AdvisoryMatcher.Match(Wolfi with { Distribution = new Distribution(id, release) }, snapshot.Database);

        Assert.False(outcome.CoversDistribution);
        Assert.DoesNotContain("requests", Found(outcome).Select(found => found.Name));
    }

    [Fact]
    public void AreTheSystemsWhereItsAdvisoriesSpeakOfIt()
    {
        using var snapshot = TestSnapshot.Of(OfRequests, OfWolfi);

        Assert.Equal([("py3-requests", 0), ("p", 0)], Found(AdvisoryMatcher.Match(Wolfi, snapshot.Database)));
        Assert.Equal([("py3-requests", 0), ("p", 0)], Found(AdvisoryMatcher.Match(Wolfi, null)));
    }

    [Fact]
    public void CountForWhetherLanguagesAreCovered()
    {
        using var without = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("1.0.0")));
        using var covering = TestSnapshot.Of(Record("GHSA-1", "npm", "x", FixedIn("1.0.0")), OfWolfi);

        MatchOutcome outcome = AdvisoryMatcher.Match(Wolfi, without.Database);

        Assert.False(outcome.CoversLanguages);
        Assert.Contains("PyPI", Assert.Single(outcome.Warnings).Reason, StringComparison.Ordinal);
        Assert.True(AdvisoryMatcher.Match(Wolfi, covering.Database).CoversLanguages);
    }

    [Fact]
    public void AreDecidedAboutAnewByEachMatchOfAStoredInventory()
    {
        using var without = TestSnapshot.Of(OfRequests);
        using var covering = TestSnapshot.Of(OfRequests, OfWolfi);
        Scan scan = MadeScan.Of() with { Inventory = Wolfi, Match = AdvisoryMatcher.Match(Wolfi, without.Database) };

        Assert.True(Compressed.TryRead(Compressed.Write(scan).ToArray(), out Scan? stored));

        Assert.Contains(("requests", 1), Found(stored.Match));
        Assert.DoesNotContain("requests", Found(AdvisoryMatcher.Match(stored.Inventory, covering.Database)).Select(found => found.Name));
        Assert.Contains(("requests", 1), Found(AdvisoryMatcher.Match(stored.Inventory, without.Database)));
    }

    [Fact]
    public void AreNoneInWhatWasStoredWithoutThem()
    {
        JsonObject json = JsonNode.Parse(JsonSerializer.Serialize(MadeScan.Of() with { Inventory = Wolfi }, SavedJson.Of<Scan>()))!.AsObject();
        Assert.True(json["Inventory"]!.AsObject().Remove("OwnedPackages"));

        Scan scan = JsonSerializer.Deserialize(json.ToJsonString(), SavedJson.Of<Scan>())!;

        Assert.Empty(scan.Inventory.OwnedPackages);
        Assert.Equal(2, scan.Inventory.Packages.Count);
    }

    private static (string Name, int Findings)[] Found(MatchOutcome outcome) =>
        [.. outcome.Packages.Select(package => (package.Installed.Package.Name, package.Findings.Count))];
}
