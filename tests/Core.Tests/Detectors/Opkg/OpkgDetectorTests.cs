using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Opkg;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Opkg;

public sealed class OpkgDetectorTests
{
    private const string Status = "usr/lib/opkg/status";

    private readonly OpkgDetector _detector = new();

    [Fact]
    public void ReadsTheInstalledPackages()
    {
        const string Text = """
            Package: busybox
            Version: 1.36.1-1
            Depends: libc
            Status: install user installed
            Architecture: x86_64
            Conffiles:
             /etc/syslog.conf 0000
            Installed-Time: 1702345678

            Package: libubox20230523
            Version: 2023-05-23-75a3b870-1
            Status: install hold installed
            Architecture: x86_64

            Package: gone
            Version: 1
            Status: deinstall ok not-installed

            """;

        FileFindings found = Detection.Read(_detector, Status, Text);

        Assert.Equal(
            [("busybox", "1.36.1-1", "x86_64"), ("libubox20230523", "2023-05-23-75a3b870-1", "x86_64")],
            found.Packages.Select(package => (package.Name, package.Version, package.Architecture)));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Opkg, Status), (package.Type, package.Path)));
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void ReadsTheLicenseFromTheControlFile()
    {
        FileFindings found = Detection.Read(
            _detector, "usr/lib/opkg/info/busybox.control", "Package: busybox\nVersion: 1.36.1-1\nLicense: GPL-2.0\nDescription:  x\n");

        Assert.Equal([new LicenseClaim("busybox", "GPL-2.0")], found.Licenses);
        Assert.Empty(found.Packages);
    }

    [Fact]
    public void ReadsTheFilesThatAPackageOwns()
    {
        FileFindings found = Detection.Read(_detector, "usr/lib/opkg/info/python3-six.list", "/usr/lib/python3/x.egg-info\n\n/bin/x\n");

        Ownership owned = Assert.Single(found.Owned);
        Assert.Equal("python3-six", owned.Owner);
        Assert.Equal(["usr/lib/python3/x.egg-info", "bin/x"], owned.Paths);
    }

    [Theory]
    [InlineData("Package: x\n", "Version")]
    [InlineData("\n\nVersion: 1\nStatus: install ok installed", "Package")]
    public void SaysWhatAnInstalledEntryLacks(string stanza, string missing)
    {
        FileFindings found = Detection.Read(_detector, Status, stanza);

        Assert.Empty(found.Packages);
        Assert.Contains(missing, Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Status, true)]
    [InlineData("var/lib/opkg/status", true)]
    [InlineData("usr/lib/opkg/info/busybox.list", true)]
    [InlineData("usr/lib/opkg/info/busybox.control", true)]
    [InlineData("usr/lib/opkg/info/busybox.prerm", false)]
    [InlineData("usr/lib/opkg/info/a/b.list", false)]
    [InlineData("usr/lib/opkg/lists/openwrt_base", false)]
    [InlineData("rootfs/usr/lib/opkg/status", false)]
    public void WantsOnlyTheDatabase(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
