using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Dpkg;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Dpkg;

public sealed class DpkgDetectorTests
{
    private const string Status = "var/lib/dpkg/status";

    private readonly DpkgDetector _detector = new();

    [Fact]
    public void ReadsARealStatusFile()
    {
        FileFindings found = Detection.ReadTestData(_detector, Status, "debian-11-status");

        Assert.Equal(
            [
                ("adduser", "3.118", null, null, "all"),
                ("bsdutils", "1:2.36.1-8+deb11u1", "util-linux", "2.36.1-8+deb11u1", "amd64"),
                ("coreutils", "8.32-4+b1", null, "8.32-4", "amd64"),
                ("curl", "7.74.0-1.3+deb11u3", null, null, "amd64"),
                ("git", "1:2.30.2-1", null, null, "amd64"),
                ("libc6", "2.31-13+deb11u5", "glibc", null, "amd64"),
            ],
            found.Packages.Select(p => (p.Name, p.Version, p.SourceName, p.SourceVersion, p.Architecture)));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Dpkg, Status, null), (package.Type, package.Path, package.License)));
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void ReadsADistrolessPackageWithoutAStatusLine()
    {
        FileFindings found = Detection.ReadTestData(_detector, "var/lib/dpkg/status.d/libgcc-s1", "distroless-12-libgcc-s1");

        Package package = Assert.Single(found.Packages);
        Assert.Equal(("libgcc-s1", "12.2.0-14+deb12u1", "gcc-12"), (package.Name, package.Version, package.SourceName));
    }

    [Theory]
    [InlineData("Maintainer: Docker <support@docker.com>", "Docker")]
    [InlineData("MAINTAINER:GitHub", "GitHub")]
    [InlineData("Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>", null)]
    [InlineData("Original-Maintainer: Docker <support@docker.com>", null)]
    public void ReadsWhoMadeAPackageThatIsOfNoDistribution(string field, string? vendor)
    {
        FileFindings found = Detection.Read(_detector, Status, $"Package: x\nStatus: install ok installed\n{field}\nVersion: 1\n");

        Assert.Equal(vendor, Assert.Single(found.Packages).Vendor);
    }

    [Theory]
    [InlineData("install ok installed", true)]
    [InlineData("hold ok installed", true)]
    [InlineData("deinstall ok installed", true)]
    [InlineData("install ok unpacked", true)]
    [InlineData("install ok half-configured", true)]
    [InlineData("install reinstreq half-installed", true)]
    [InlineData("install ok triggers-awaited", true)]
    [InlineData("install ok triggers-pending", true)]
    [InlineData("deinstall ok config-files", false)]
    [InlineData("purge ok not-installed", false)]
    public void CountsThePackagesThatHaveFilesOnDisk(string status, bool counts)
    {
        FileFindings found = Detection.Read(_detector, Status, $"Package: x\nStatus: {status}\nVersion: 1\n");

        Assert.Equal(counts, found.Packages.Count == 1);
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void PassesOverContinuationLinesAndCaseOfFields()
    {
        const string Text = "package: x\nDescription: y\n Version: 9\n\tSource: z\nVERSION: 1\r\n\r\n\n\nPackage: w\nVersion: 2";

        FileFindings found = Detection.Read(_detector, Status, Text);

        Assert.Equal([("x", "1", null), ("w", "2", null)], found.Packages.Select(p => (p.Name, p.Version, p.SourceName)));
    }

    [Theory]
    [InlineData("Package: x\nStatus: install ok installed\n", "Version")]
    [InlineData("Version: 1\nStatus: install ok installed\n", "Package")]
    public void SaysWhatAnInstalledEntryLacks(string stanza, string missing)
    {
        FileFindings found = Detection.Read(_detector, Status, stanza);

        Assert.Empty(found.Packages);
        Assert.Contains(missing, Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatAFileOfStatusDDescribesNoPackage() =>
        Assert.Single(Detection.Read(_detector, "var/lib/dpkg/status.d/x", "\0\u0001binary").Warnings);

    [Fact]
    public void TakesAnEmptyDatabaseForOne()
    {
        FileFindings found = Detection.Read(_detector, Status, "");

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void OwnsTheStandardLibraryOfDistrolessPython2()
    {
        FileFindings found = Detection.Read(_detector, "var/lib/dpkg/status.d/libpython2", "Package: libpython2.7-stdlib\nVersion: 2.7.16-2\n");

        Assert.Contains("usr/lib/python2.7/wsgiref.egg-info", found.OwnedPaths());
    }

    [Theory]
    [InlineData("var/lib/dpkg/status", true)]
    [InlineData("var/lib/dpkg/status.d/base-files", true)]
    [InlineData("var/lib/dpkg/status.d/libstdc++6", true)]
    [InlineData("var/lib/dpkg/status.d/base-files.md5sums", false)]
    [InlineData("var/lib/dpkg/status.d/a/b", false)]
    [InlineData("var/lib/dpkg/status-old", false)]
    [InlineData("rootfs/var/lib/dpkg/status", false)]
    public void WantsOnlyTheDatabase(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
