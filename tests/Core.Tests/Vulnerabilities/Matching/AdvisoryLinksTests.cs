using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

public sealed class AdvisoryLinksTests
{
    // Pages as their publishers link to them.
    [Theory]
    [InlineData("RHSA-2023:7877", "Red Hat:enterprise_linux:9", "https://access.redhat.com/errata/RHSA-2023:7877")]
    [InlineData("CVE-2023-6212", "Red Hat:enterprise_linux:9", "https://access.redhat.com/security/cve/CVE-2023-6212")]
    [InlineData("DSA-5343-1", "Debian:11", "https://security-tracker.debian.org/tracker/DSA-5343-1")]
    [InlineData("DLA-3325-1", "Debian:10", "https://security-tracker.debian.org/tracker/DLA-3325-1")]
    [InlineData("USN-5844-1", "Ubuntu:22.04:LTS", "https://ubuntu.com/security/notices/USN-5844-1")]
    [InlineData("UBUNTU-CVE-2023-0286", "Ubuntu:22.04:LTS", "https://ubuntu.com/security/CVE-2023-0286")]
    [InlineData("ALSA-2023:0946", "AlmaLinux:9", "https://errata.almalinux.org/9/ALSA-2023-0946.html")]
    [InlineData("RLSA-2023:0946", "Rocky Linux:9", "https://errata.rockylinux.org/RLSA-2023:0946")]
    [InlineData("ELSA-2023-0946", "Oracle Linux:9", "https://linux.oracle.com/errata/ELSA-2023-0946.html")]
    [InlineData("ALAS-2011-1", "Amazon Linux:2018.03", "https://alas.aws.amazon.com/ALAS-2011-1.html")]
    [InlineData("ALAS2-2018-939", "Amazon Linux:2", "https://alas.aws.amazon.com/AL2/ALAS-2018-939.html")]
    [InlineData("ALAS2KERNEL-5.15-2022-001", "Amazon Linux:2", "https://alas.aws.amazon.com/AL2/ALASKERNEL-5.15-2022-001.html")]
    [InlineData("ALAS2023-2023-001", "Amazon Linux:2023", "https://alas.aws.amazon.com/AL2023/ALAS-2023-001.html")]
    [InlineData("ALAS2023LIVEPATCH-2023-001", "Amazon Linux:2023", "https://alas.aws.amazon.com/AL2023/ALASLIVEPATCH-2023-001.html")]
    [InlineData("GHSA-jfh8-c2jp-5v3q", "Maven", "https://github.com/advisories/GHSA-jfh8-c2jp-5v3q")]
    [InlineData("GO-2023-1571", "Go", "https://pkg.go.dev/vuln/GO-2023-1571")]
    [InlineData("RUSTSEC-2021-0003", "crates.io", "https://rustsec.org/advisories/RUSTSEC-2021-0003.html")]
    [InlineData("CVE-2023-0286", "npm", null)]
    [InlineData("MAL-2024-1", "npm", null)]
    [InlineData("", "npm", null)]
    [InlineData("-", "npm", null)]
    public void NamesThePageOfAnAdvisory(string id, string ecosystem, string? page) =>
        Assert.Equal(page, AdvisoryLinks.Of(id, OsvEcosystem.Parse(ecosystem)));

    [Theory]
    [InlineData("DSA-1/../../x?y#z", "https://security-tracker.debian.org/tracker/DSA-1%2F..%2F..%2Fx%3Fy%23z")]
    [InlineData("RHSA-\"><script>", "https://access.redhat.com/errata/RHSA-%22%3E%3Cscript%3E")]
    public void HostileIdsStayInTheirPlace(string id, string page) => Assert.Equal(page, AdvisoryLinks.Of(id, OsvEcosystem.Parse("Debian:11")));

    [Theory]
    [InlineData("Alpine:v3.20", "https://security.alpinelinux.org/vuln/CVE-2023-0286")]
    [InlineData("SUSE:Linux Enterprise Server 12 SP5", "https://www.suse.com/security/cve/CVE-2023-0286.html")]
    [InlineData("Wolfi", null)]
    public void NamesADistributionsPageOnACve(string ecosystem, string? page) =>
        Assert.Equal(page, AdvisoryLinks.OfCve("CVE-2023-0286", OsvEcosystem.Parse(ecosystem)));

    [Fact]
    public void HasNoPageOnWhatIsNoCve() => Assert.Null(AdvisoryLinks.OfCve("CVE-x/../y", OsvEcosystem.Parse("Debian:11")));
}
