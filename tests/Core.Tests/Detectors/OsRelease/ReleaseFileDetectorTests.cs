using ImageScan.Core.Detectors.OsRelease;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.OsRelease;

public sealed class ReleaseFileDetectorTests
{
    private readonly ReleaseFileDetector _detector = new();

    [Theory]
    [InlineData("etc/centos-release", "CentOS release 6.10 (Final)\n", "centos", "6")]
    [InlineData("etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n", "centos", "7")]
    [InlineData("etc/centos-release", "CentOS Stream release 9\n", "centos", "9")]
    [InlineData("etc/redhat-release", "Red Hat Enterprise Linux Server release 6.10 (Santiago)\n", "rhel", "6.10")]
    [InlineData("etc/redhat-release", "Red Hat Enterprise Linux release 8.0 (Ootpa)\n", "rhel", "8.0")]
    [InlineData("etc/redhat-release", "Red Hat Enterprise Linux CoreOS release 4.12\n", "rhcos", "4.12")]
    [InlineData("etc/oracle-release", "Oracle Linux Server release 9.2\n", "ol", "9.2")]
    [InlineData("etc/rocky-release", "Rocky Linux release 9.3 (Blue Onyx)\n", "rocky", "9.3")]
    [InlineData("etc/almalinux-release", "AlmaLinux release 8.9 (Midnight Oncilla)\n", "almalinux", "8.9")]
    [InlineData("usr/lib/fedora-release", "Fedora release 40 (Forty)\n", "fedora", "40")]
    [InlineData("etc/system-release", "Amazon Linux AMI release 2018.03\n", "amzn", "2018.03")]
    [InlineData("etc/system-release", "Amazon Linux release 2 (Karoo)\n", "amzn", "2")]
    [InlineData("etc/system-release", "Amazon Linux release 2023.5.20240708 (Amazon Linux)\n", "amzn", "2023")]
    [InlineData("etc/SuSE-release", "SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 5\n# obsolete\n", "sles", "12.5")]
    [InlineData("etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 0\n", "sles", "11")]
    [InlineData("etc/SuSE-release", "openSUSE 13.2 (x86_64)\nVERSION = 13.2\nCODENAME = Harlequin\n", "opensuse", "13.2")]
    [InlineData("etc/photon-release", "VMware Photon OS 4.0\nPHOTON_BUILD_NUMBER=2f5aad892\n", "photon", "4.0")]
    [InlineData("etc/mariner-release", "CBL-Mariner 2.0.20230924\nMARINER_BUILD_NUMBER=6ef82dd\n", "mariner", "2.0")]
    public void ReadsNameAndVersionFromTheSentence(string path, string text, string id, string version)
    {
        Distribution? named = Detection.Read(_detector, path, text).Distribution?.Distribution;

        Assert.Equal((id, version, text.Split('\n')[0]), (named?.Id, named?.VersionId, named?.Name));
    }

    [Theory]
    [InlineData("etc/oracle-release", "Oracle Linux Server release 6.10\n", DistributionEvidence.NamedRelease)]
    [InlineData("etc/redhat-release", "Red Hat Enterprise Linux Server release 6.10 (Santiago)\n", DistributionEvidence.VersionFile)]
    [InlineData("etc/system-release", "Amazon Linux release 2 (Karoo)\n", DistributionEvidence.VersionFile)]
    public void WeighsFilesThatDerivedSystemsKeepLeast(string path, string text, DistributionEvidence evidence) =>
        Assert.Equal(evidence, Detection.Read(_detector, path, text).Distribution?.Evidence);

    [Theory]
    [InlineData("Virtuozzo Linux release 8.8\n")]
    [InlineData("Red Hat Enterprise Linux\n")]
    [InlineData("9.3\n")]
    [InlineData("")]
    public void ClaimsNothingForASentenceItDoesNotKnow(string text) => Assert.Null(Detection.Read(_detector, "etc/redhat-release", text).Distribution);

    [Theory]
    [InlineData("etc/redhat-release", true)]
    [InlineData("usr/lib/fedora-release", true)]
    [InlineData("etc/os-release", false)]
    [InlineData("opt/etc/redhat-release", false)]
    public void WantsOnlyReleaseFiles(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
