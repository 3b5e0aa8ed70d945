using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Dpkg;

namespace ImageScan.Core.Tests.Detectors.Dpkg;

public sealed class DpkgFileListDetectorTests
{
    private readonly DpkgFileListDetector _detector = new();

    [Fact]
    public void ReadsTheFilesOfAPackage()
    {
        FileFindings found = Detection.Read(
            _detector, "var/lib/dpkg/info/python3-jwt.list", "/.\n/usr\n/usr/lib/python3/dist-packages/PyJWT-2.6.0.egg-info/PKG-INFO\n");

        Assert.Contains("usr/lib/python3/dist-packages/PyJWT-2.6.0.egg-info/PKG-INFO", found.OwnedPaths());
    }

    [Theory]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e  usr/lib/x y\n")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e  ./usr/lib/x y\n")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e  /usr/lib/x y")]
    public void ReadsTheSumsOfADistrolessPackage(string text)
    {
        FileFindings found = Detection.Read(_detector, "var/lib/dpkg/status.d/x.md5sums", text);

        Assert.Equal(["usr/lib/x y"], found.OwnedPaths());
    }

    [Theory]
    [InlineData("var/lib/dpkg/info/libc6:amd64.list", true)]
    [InlineData("var/lib/dpkg/status.d/libc6.md5sums", true)]
    [InlineData("var/lib/dpkg/info/libc6:amd64.md5sums", false)]
    [InlineData("etc/x.list", false)]
    public void WantsOnlyTheLists(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
