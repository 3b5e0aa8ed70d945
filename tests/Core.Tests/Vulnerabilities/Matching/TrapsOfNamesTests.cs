using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Traps 1 to 4: whose name and whose version an advisory means.</summary>
public sealed class TrapsOfNamesTests
{
    /// <summary>Trap 1: <c>Source: glibc (2.31-13)</c> is what is looked up, and the binary's name is what is reported.</summary>
    [Fact]
    public void Trap1DpkgBinaryAndSource()
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Fixed("Debian:11", "glibc", "2.31-13")),
            Says("B", "CVE-2024-2222", Fixed("Debian:11", "libc6", "9")));

        var outcome = snapshot.Match(Debian11, Deb("libc6", "2.31-12", "glibc"), Deb("curl", "1"));

        Assert.Equal([Cve], outcome.Packages[0].Findings.Select(finding => finding.Cve));
        Assert.Equal("libc6", outcome.Packages[0].Installed.Package.Name);
        Assert.Empty(outcome.Packages[1].Findings);
    }

    /// <summary>Trap 2: a rebuild (<c>+b1</c>) raises the binary's version and not the source's.</summary>
    [Theory]
    [InlineData("1.0-2", false)]
    [InlineData("1.0-1", true)]
    public void Trap2BinaryRebuildWithAnotherSourceVersion(string sourceVersion, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("Debian:11", "x", "1.0-2")));

        Assert.Equal(affected, snapshot.Find(Debian11, Deb("libx", "1:7.0+b1", "x", sourceVersion)).Count == 1);
    }

    /// <summary>A signed kernel's source is not the one that trackers name, and its version in Debian not that of the kernel.</summary>
    [Theory]
    [InlineData("debian", "12", "Debian:12", "linux", "linux-signed-amd64", "6.1.76+1", "6.1.76-1", false)]
    [InlineData("debian", "12", "Debian:12", "linux", "linux-signed-amd64", "6.1.76+1", "6.1.90-1", true)]
    [InlineData("debian", "12", "Debian:12", "linux", "linux-signed-arm64", "6.1.76+1", "6.1.90-1", true)]
    [InlineData("debian", "12", "Debian:12", "linux", "linux-signed-i386", "6.1.76+1~deb11u1", "6.1.76-1", true)]
    [InlineData("debian", "10", "Debian:10", "linux-5.10", "linux-signed-5.10-amd64", "5.10.209+2~deb10u1", "5.10.216-1~deb10u1", true)]
    [InlineData("ubuntu", "22.04", "Ubuntu:22.04:LTS", "linux", "linux-signed", "5.15.0-91.101", "5.15.0-92.102", true)]
    [InlineData("ubuntu", "22.04", "Ubuntu:22.04:LTS", "linux", "linux-signed", "5.15.0-92.102", "5.15.0-92.102", false)]
    [InlineData("ubuntu", "20.04", "Ubuntu:20.04:LTS", "linux-hwe-5.15", "linux-signed-hwe-5.15", "5.15.0-91.101~20.04.1", "5.15.0-92.102~20.04.1", true)]
    public void SignedKernelsAreLookedUpAsKernels(
        string id, string release, string ecosystem, string named, string source, string version, string fix, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed(ecosystem, named, fix)));

        var findings = snapshot.Find(new Distribution(id, release), Deb("linux-image-6.1.0-18-amd64", "6.1.76-1", source, version));

        Assert.Equal(affected ? [fix] : [], findings.Select(finding => finding.FixedBy));
    }

    /// <summary>Trap 3: Alpine names origins alone, Wolfi and Chainguard packages as well.</summary>
    [Theory]
    [InlineData("alpine", "3.9.2", "Alpine:v3.9", "curl", 1)]
    [InlineData("alpine", "3.9.2", "Alpine:v3.9", "libcurl", 0)]
    [InlineData("wolfi", "", "Wolfi", "curl", 1)]
    [InlineData("wolfi", "", "Wolfi", "libcurl", 1)]
    [InlineData("chainguard", "", "Chainguard", "libcurl", 1)]
    [InlineData("minimos", "", "MinimOS", "libcurl", 1)]
    [InlineData("alpaquita", "23", "Alpaquita:23", "curl", 1)]
    [InlineData("alpaquita", "23", "Alpaquita:23", "libcurl", 0)]
    public void Trap3ApkOrigin(string id, string version, string ecosystem, string named, int found)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed(ecosystem, named, "8.5.0-r0")));

        Assert.Equal(found, snapshot.Find(new Distribution(id, version), Apk("libcurl", "8.4.0-r0", "curl")).Count);
    }

    /// <summary>Trap 4: SUSE and Azure Linux name sources, Amazon and Oracle what rpm installs, AlmaLinux and Rocky either.</summary>
    [Theory]
    [InlineData("opensuse-leap", "15.6", "openSUSE:Leap 15.6", true, false)]
    [InlineData("azurelinux", "3.0", "Azure Linux:3", true, false)]
    [InlineData("openeuler", "24.03", "openEuler:24.03", true, false)]
    [InlineData("mageia", "9", "Mageia:9", true, false)]
    [InlineData("amzn", "2023", "Amazon Linux:2023", false, true)]
    [InlineData("ol", "9.2", "Oracle Linux:9", false, true)]
    [InlineData("almalinux", "9.2", "AlmaLinux:9", true, true)]
    [InlineData("rocky", "9.2", "Rocky Linux:9", true, true)]
    [InlineData("photon", "5.0", "Photon OS:5.0", true, true)]
    public void Trap4RpmSource(string id, string version, string ecosystem, bool bySource, bool byOwn)
    {
        using var snapshot = TestSnapshot.Of(
            Says("S", "CVE-2024-1111", Fixed(ecosystem, "openssl", "3.0.7-2")),
            Says("O", "CVE-2024-2222", Fixed(ecosystem, "openssl-libs", "3.0.7-2")));

        var findings = snapshot.Find(new Distribution(id, version), Rpm("openssl-libs", "3.0.7-1", "openssl"));

        Assert.Equal(bySource, findings.Any(finding => finding.Cve == "CVE-2024-1111"));
        Assert.Equal(byOwn, findings.Any(finding => finding.Cve == "CVE-2024-2222"));
    }

    [Theory]
    [InlineData(PackageNameKind.Source, "openssl", true)]
    [InlineData(PackageNameKind.Source, "openssl-libs", false)]
    [InlineData(PackageNameKind.Own, "openssl", false)]
    [InlineData(PackageNameKind.Own, "openssl-libs", true)]
    public void AStatementSaysItselfWhoseNameItUses(PackageNameKind kind, string named, bool affected)
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Fixed("Oracle Linux:8", named, "3.0.7-2") with { NameKind = kind }),
            Says("B", Cve, Fixed("Debian:11", named, "3.0.7-2") with { NameKind = kind }));

        Assert.Equal(affected, snapshot.Find(OracleLinux8, Rpm("openssl-libs", "3.0.7-1", "openssl")).Count == 1);
        Assert.Equal(affected, snapshot.Find(Debian11, Deb("openssl-libs", "3.0.7-1", "openssl")).Count == 1);
        Assert.Single(snapshot.Find(Debian11, Deb(named, "3.0.7-1")));
    }

    [Theory]
    [InlineData(PackageNameKind.Usual, "almalinux", "AlmaLinux:8", "1.0-1")]
    [InlineData(PackageNameKind.Source, "almalinux", "AlmaLinux:8", "1.0-1")]
    [InlineData(PackageNameKind.Own, "almalinux", "AlmaLinux:8", "5.0-1")]
    [InlineData(PackageNameKind.Usual, "amzn", "Amazon Linux:8", "5.0-1")]
    public void OneNameWithTwoVersionsIsComparedByTheOneThatIsMeant(PackageNameKind kind, string id, string ecosystem, string compared)
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Fixed(ecosystem, "x", compared) with { NameKind = kind }),
            Says("B", "CVE-2024-2222", Fixed(ecosystem, "x", compared + ".1") with { NameKind = kind }));

        var findings = snapshot.Find(new Distribution(id, "8"), Rpm("x", "5.0-1", "x", "1.0-1"));

        Assert.Equal(["CVE-2024-2222"], findings.Select(finding => finding.Cve));
    }

    /// <summary>Trap 5: the epoch counts where it is written, and records that name versions as files are called write none.</summary>
    [Theory]
    [InlineData("almalinux", "8", "AlmaLinux:8", "1:2.0-1", "1:1.9-1", true)]
    [InlineData("almalinux", "8", "AlmaLinux:8", "2.0-1", "1:1.9-1", false)]
    [InlineData("almalinux", "8", "AlmaLinux:8", "0:2.0-1", "1.9-1", true)]
    [InlineData("openeuler", "24.03", "openEuler:24.03", "2.0-1", "1:1.9-1", true)]
    [InlineData("openeuler", "24.03", "openEuler:24.03", "2.0-1", "1:2.0-1", false)]
    [InlineData("openeuler", "24.03", "openEuler:24.03", "1:2.0-1", "1:1.9-1", true)]
    public void Trap5Epoch(string id, string release, string ecosystem, string fix, string installed, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed(ecosystem, "x", fix)));

        Assert.Equal(affected, snapshot.Find(new Distribution(id, release), Rpm("x", installed)).Count == 1);
    }

    /// <summary>Trap 5: the name of a source rpm has no epoch, and that of perl's sources is not that of perl-Errno.</summary>
    [Theory]
    [InlineData("5.26.3-422.el8", true)]
    [InlineData("5.26.3-423.el8", false)]
    public void Trap5ASourceWithoutEpochIsComparedWithoutIt(string source, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("AlmaLinux:8", "perl", "4:5.26.3-423.el8")));

        var findings = snapshot.Find(AlmaLinux8, Rpm("perl-Errno", "1.28-424.el8", "perl", source));

        Assert.Equal(affected ? ["4:5.26.3-423.el8"] : [], findings.Select(finding => finding.FixedBy));
    }
}
