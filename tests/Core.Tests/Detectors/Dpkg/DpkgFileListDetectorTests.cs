using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Dpkg;
using ImageScan.Core.Inventory;

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
    [InlineData("var/lib/dpkg/status.d/x.md5sums", 1)]
    [InlineData("var/lib/dpkg/info/x:amd64.md5sums", 0)]
    public void ReadsWhatItsFilesWere(string path, int owned)
    {
        FileFindings found = Detection.Read(_detector, path, "d41d8cd98f00b204e9800998ecf8427e  usr/lib/x y\n");

        Ownership ownership = Assert.Single(found.Owned);
        Assert.Equal("x", ownership.Owner);
        Assert.Equal(new FileSum("usr/lib/x y", "d41d8cd98f00b204e9800998ecf8427e"), Assert.Single(ownership.Sums));
        Assert.Equal(owned, ownership.Paths.Count);
    }

    [Theory]
    [InlineData("d41d8cd98f00b204e9800998ecf8427  usr/lib/x\n")]
    [InlineData("not a sum of thirty-two digits..  usr/lib/x\n")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("d41d")]
    public void PassesOverWhatIsNoSum(string text) =>
        Assert.Empty(Detection.Read(_detector, "var/lib/dpkg/info/x.md5sums", text).Owned);

    [Theory]
    [InlineData("var/lib/dpkg/info/libc6:amd64.list", true)]
    [InlineData("var/lib/dpkg/status.d/libc6.md5sums", true)]
    [InlineData("var/lib/dpkg/info/libc6:amd64.md5sums", true)]
    [InlineData("var/lib/dpkg/status.d/x.list", false)]
    [InlineData("etc/x.list", false)]
    public void WantsOnlyTheLists(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
