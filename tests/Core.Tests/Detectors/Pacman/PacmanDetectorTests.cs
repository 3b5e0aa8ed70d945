using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Pacman;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Pacman;

public sealed class PacmanDetectorTests
{
    private const string Folder = "var/lib/pacman/local/gcc-libs-13.2.1-3/";

    private const string Description = """
        %NAME%
        gcc-libs

        %VERSION%
        13.2.1-3

        %BASE%
        gcc

        %DESC%
        Runtime libraries shipped by GCC

        %ARCH%
        x86_64

        %LICENSE%
        GPL3
        custom

        %DEPENDS%
        glibc>=2.27

        """;

    private readonly PacmanDetector _detector = new();

    [Fact]
    public void ReadsTheDescriptionOfAPackage()
    {
        FileFindings found = Detection.Read(_detector, Folder + "desc", Description);

        Package package = Assert.Single(found.Packages);
        Assert.Equal(
            (PackageType.Alpm, "gcc-libs", "13.2.1-3", "gcc", "x86_64", "GPL3, custom", Folder + "desc"),
            (package.Type, package.Name, package.Version, package.SourceName, package.Architecture, package.License, package.Path));
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void HasNoSourceNameWhereItIsTheName()
    {
        FileFindings found = Detection.Read(_detector, Folder + "desc", "%NAME%\r\nbash\r\n\r\n%BASE%\r\nbash\r\n\r\n%VERSION%\r\n1:5.2-1\r\n");

        Package package = Assert.Single(found.Packages);
        Assert.Equal(("bash", "1:5.2-1", null, null), (package.Name, package.Version, package.SourceName, package.License));
    }

    [Fact]
    public void ReadsTheFilesThatAPackageOwns()
    {
        const string Files = "%FILES%\nusr/\nusr/lib/\nusr/lib/libgcc_s.so.1\nusr/lib/python3/x.egg-info\n\n%BACKUP%\netc/x.conf\tabc\n";

        FileFindings found = Detection.Read(_detector, Folder + "files", Files);

        Ownership owned = Assert.Single(found.Owned);
        Assert.Equal("gcc-libs", owned.Owner);
        Assert.Equal(["usr/lib/libgcc_s.so.1", "usr/lib/python3/x.egg-info"], owned.Paths);
    }

    [Theory]
    [InlineData("%NAME%\nx\n", "VERSION")]
    [InlineData("%VERSION%\n1\n", "NAME")]
    [InlineData("", "NAME")]
    public void SaysWhatADescriptionLacks(string text, string missing)
    {
        FileFindings found = Detection.Read(_detector, Folder + "desc", text);

        Assert.Empty(found.Packages);
        Assert.Contains(missing, Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Folder + "desc", true)]
    [InlineData(Folder + "files", true)]
    [InlineData("var/lib/pacman/local/ALPM_DB_VERSION", true)]
    [InlineData(Folder + "mtree", false)]
    [InlineData("var/lib/pacman/sync/core.db", false)]
    [InlineData("rootfs/var/lib/pacman/local/a-1-1/desc", false)]
    public void WantsOnlyTheDatabase(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
