using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Traps 16, 18, 21 to 23, 51 and 52: whose advisories are about an image at all.</summary>
public sealed class TrapsOfDistributionsTests
{
    /// <summary>Trap 16: edge has advisories of its own, and no release those of another.</summary>
    [Theory]
    [InlineData("3.20.1", "Alpine:v3.20", true)]
    [InlineData("3.20.1", "Alpine:edge", false)]
    [InlineData("edge", "Alpine:edge", true)]
    [InlineData("3.21.0_alpha20240807", "Alpine:edge", true)]
    [InlineData("3.21.0_alpha20240807", "Alpine:v3.21", false)]
    public void Trap16AlpineRelease(string version, string ecosystem, bool found)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed(ecosystem, "x", "2-r0")));

        Assert.Equal(found, snapshot.Find(new Distribution("alpine", version), Apk("x", "1-r0")).Count == 1);
    }

    /// <summary>Trap 18: kernel headers are built from the kernel, and have what it has.</summary>
    [Fact]
    public void Trap18KernelHeaders()
    {
        using var snapshot = TestSnapshot.Of(
            [.. Enumerable.Range(1000, 300).Select(i => Says($"D-{i}", $"CVE-2024-{i}", Unfixed("Debian:11", "linux")))]);

        Assert.Equal(300, snapshot.Find(Debian11, Deb("linux-libc-dev", "5.10.1-1", "linux")).Count);
    }

    /// <summary>Trap 21: of a rolling distribution the ID alone counts, whatever its VERSION_ID.</summary>
    [Theory]
    [InlineData("wolfi", "20230201", "Wolfi")]
    [InlineData("chainguard", "20230214", "Chainguard")]
    [InlineData("minimos", "20250101", "MinimOS")]
    public void Trap21RollingApk(string id, string version, string ecosystem)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed(ecosystem, "x", "2-r0")));

        Assert.Single(snapshot.Find(new Distribution(id, version), Apk("x", "1-r0")));
    }

    /// <summary>Trap 21: Tumbleweed's VERSION_ID is the day of its snapshot.</summary>
    [Fact]
    public void Trap21Tumbleweed()
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("openSUSE:Tumbleweed", "x", "2-1")));

        Assert.Single(snapshot.Find(new Distribution("opensuse-tumbleweed", "20240801"), Rpm("x", "1-1")));
    }

    /// <summary>Trap 22: what a system is like says nothing of where it is mended.</summary>
    [Theory]
    [InlineData("almalinux", "9.4", "", "AlmaLinux:9", true)]
    [InlineData("rocky", "9.4", "", "AlmaLinux:9", false)]
    [InlineData("rocky", "9.4", "", "Rocky Linux:9", true)]
    [InlineData("ol", "9.4", "", "Rocky Linux:9", false)]
    [InlineData("centos", "9", "CentOS Stream 9", "Red Hat:enterprise_linux:9", false)]
    [InlineData("fedora", "40", "", "Red Hat:enterprise_linux:9", false)]
    [InlineData("amzn", "2", "", "Red Hat:enterprise_linux:7", false)]
    [InlineData("raspbian", "11", "", "Debian:11", false)]
    [InlineData("linuxmint", "21", "", "Ubuntu:22.04:LTS", false)]
    [InlineData("opensuse-leap", "15.5", "", "SUSE:Linux Enterprise Server 15 SP5", false)]
    public void Trap22Derivatives(string id, string version, string name, string ecosystem, bool covered)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed(ecosystem, "x", "2-1")));

        var outcome = snapshot.Match(new Distribution(id, version, name), Rpm("x", "1-1"), Deb("x", "1-1"));

        Assert.Equal(covered, outcome.CoversDistribution);
        Assert.Equal(covered ? 1 : 0, outcome.Packages.Sum(package => package.Findings.Count));
    }

    /// <summary>Trap 23: what others built is not matched, and one line says how many there are.</summary>
    [Fact]
    public void Trap23PackagesOfThirdParties()
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("AlmaLinux:8", "x", "2-1")));

        var outcome = snapshot.Match(
            AlmaLinux8,
            Rpm("x", "1-1") with { Vendor = "AlmaLinux" },
            Rpm("x", "1-1") with { Vendor = null },
            Rpm("x", "1-1") with { Vendor = "Fedora Project" },
            Rpm("x", "1-2") with { Vendor = "Fedora Project" },
            Rpm("y", "1-2") with { Vendor = "Docker" });

        Assert.Equal([1, 1, 0, 0, 0], outcome.Packages.Select(package => package.Findings.Count));
        string reason = Assert.Single(outcome.Warnings).Reason;
        Assert.StartsWith("3 packages were built by others than the distribution (Fedora Project: 2, Docker: 1)", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Trap23DebsOfThirdParties()
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("Debian:11", "nodejs", "99")));

        var outcome = snapshot.Match(Debian11, Deb("nodejs", "22") with { Vendor = "NodeSource Support" }, Deb("nodejs", "22"));

        Assert.Equal([0, 1], outcome.Packages.Select(package => package.Findings.Count));
        string reason = Assert.Single(outcome.Warnings).Reason;
        Assert.StartsWith("1 packages were built by others than the distribution (NodeSource Support: 1)", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoBuiltTheFolderOfAllFilesIsTheDistribution()
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("Photon OS:5.0", "x", "2-1")));

        var outcome = snapshot.Match(
            new Distribution("photon", "5.0"), Rpm("filesystem", "1-1") with { Vendor = "Somebody" }, Rpm("x", "1-1") with { Vendor = "Somebody" });

        Assert.Single(outcome.Packages[1].Findings);
        Assert.Empty(outcome.Warnings);
    }

    [Fact]
    public void VendorsOfLongNamesAndManyOfThemAreCutShort()
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("AlmaLinux:8", "x", "2-1")));

        var outcome = snapshot.Match(AlmaLinux8, [.. Enumerable.Range(0, 5).Select(i => Rpm("x", "1-1") with { Vendor = new string((char)('a' + i), 5000) })]);

        string reason = Assert.Single(outcome.Warnings).Reason;
        Assert.InRange(reason.Length, 1, 500);
        Assert.Contains("and 2 more", reason, StringComparison.Ordinal);
    }

    /// <summary>Trap 51: an image without packages has no findings, but its distribution is covered or not all the same.</summary>
    [Fact]
    public void Trap51NoPackagesAreNotTheSameAsNoAdvisories()
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("Debian:11", "x", "2-1")));

        Assert.True(snapshot.Match(Debian11).CoversDistribution);
        Assert.False(snapshot.Match(new Distribution("busybox", "1.36")).CoversDistribution);
    }

    /// <summary>Trap 52: a release that nobody mends any more is still matched with what is known of it.</summary>
    [Fact]
    public void Trap52EndedReleasesAreMatched()
    {
        var wheezy = new Distribution("debian", "7");
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("Debian:7", "x", "2-1")));

        Assert.Single(snapshot.Find(wheezy, Deb("x", "1-1")));
        Assert.True(EndOfLife.Of(wheezy)!.Date < new DateOnly(2020, 1, 1));
    }
}
