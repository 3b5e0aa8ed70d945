using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Matching;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

/// <summary>The set as it ships.</summary>
public sealed class StarterSetTests : IDisposable
{
    private readonly AdvisorySnapshots _snapshots = new(new AdvisorySettings(), NullLogger<AdvisorySnapshots>.Instance);

    private AdvisoryDatabase Set => _snapshots.Current()!;

    public void Dispose() => _snapshots.Dispose();

    private string[] CvesOf(Distribution? distribution, PackageType type, string name, string version, string? source = null)
    {
        var package = new Package { Type = type, Name = name, Version = version, SourceName = source, Path = "p" };
        var outcome = AdvisoryMatcher.Match(
            new ImageInventory { Distribution = distribution, Packages = [new InstalledPackage(package, 0)], Warnings = [] }, Set);
        Assert.Empty(outcome.Warnings);
        return [.. outcome.Packages.Single().Findings.Select(finding => finding.Cve)];
    }

    [Fact]
    public void IsSmall() => Assert.InRange(Set.Size, 1, 4 * 1024 * 1024);

    [Fact]
    public void HoldsFactsAndNoProse()
    {
        var lookup = Set.Lookup();

        Assert.True(Set.Description.FactsOnly);
        Assert.All(Enumerable.Range(0, Set.Description.Advisories), number => Assert.Equal("", lookup.Advisory(number).Summary));
    }

    [Fact]
    public void SaysHowOldItIs()
    {
        Assert.True(Set.Origin.IsStarterSet);
        Assert.NotNull(Set.Origin.NewestRecord);
        Assert.True(Set.Origin.NewestRecord <= Set.Origin.BuiltAt);
    }

    [Fact]
    public void KnowsDebian()
    {
        var bullseye = new Distribution("debian", "11");

        Assert.Contains("CVE-2023-0286", CvesOf(bullseye, PackageType.Dpkg, "libssl1.1", "1.1.1n-0+deb11u3", "openssl"));
        Assert.Contains("CVE-2023-23916", CvesOf(bullseye, PackageType.Dpkg, "curl", "7.74.0-1.3+deb11u3"));
        Assert.Contains("CVE-2022-41903", CvesOf(bullseye, PackageType.Dpkg, "git-man", "1:2.30.2-1", "git"));
    }

    [Fact]
    public void KnowsAlpine() =>
        Assert.Contains("CVE-2019-14697", CvesOf(new Distribution("alpine", "3.9.2"), PackageType.Apk, "musl-utils", "1.1.20-r3", "musl"));

    [Fact]
    public void KnowsNpm() => Assert.Equal(["CVE-2021-23337"], CvesOf(null, PackageType.Npm, "lodash", "4.17.20"));

    [Fact]
    public void KnowsPython() => Assert.Contains("CVE-2020-14343", CvesOf(null, PackageType.Python, "pyyaml", "5.3.1"));
}
