using ImageScan.Core.Detectors.Apk;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Apk;

public sealed class ApkRepositoriesDetectorTests
{
    private readonly ApkRepositoriesDetector _detector = new();

    [Theory]
    [InlineData("http://alpine.gliderlabs.com/alpine/v3.4/main\nhttp://alpine.gliderlabs.com/alpine/v3.4/community\n", "3.4")]
    [InlineData("https://dl-cdn.alpinelinux.org/alpine/v3.9/main/\n", "3.9")]
    [InlineData("https://a/alpine/v3.9/main\nhttps://a/alpine/v3.10/community\nhttps://a/alpine/v3.8/main\n", "3.9")]
    [InlineData("https://a/alpine/v3.9/main\nhttps://a/alpine/v3.10/main\nhttps://a/alpine/v3.10/community\n", "3.10")]
    [InlineData("https://a/alpine/edge/main\nhttps://a/alpine/edge/community\nhttps://a/alpine/edge/testing\n", "edge")]
    [InlineData("https://a/alpine/edge/community\nhttps://a/alpine/v3.20/main\nhttps://a/alpine/v3.20/community\n", "3.20")]
    [InlineData("https://a/alpine/v3.20/main\nhttps://a/alpine/edge/main\n", "3.20")]
    [InlineData("https://a/alpine/edge/main\nhttps://a/alpine/v3.20/main\n", "edge")]
    [InlineData("https://a/alpine/v3.20/main\nhttps://a/alpine/edge/testing\n", "3.20")]
    [InlineData("https://a/alpine/v3.20/main\n@edge https://a/alpine/edge/main\n", "3.20")]
    [InlineData("@edge https://a/alpine/edge/main\nhttps://a/alpine/v3.20/main\n", "3.20")]
    [InlineData("#https://a/alpine/edge/main\nhttps://a/alpine/v3.20/main\n", "3.20")]
    [InlineData("/media/cdrom/apks\nhttps://packages.wolfi.dev/os\nhttps://a/alpine/latest-stable/main\n", null)]
    [InlineData("v3 https://a/alpine/v3.23 main community\n", "3.23")]
    [InlineData("https://a/alpine/edge/ testing main\n", "edge")]
    [InlineData("v2 @edge https://a/alpine/edge main\nv2 https://a/alpine/v3.23/main\n", "3.23")]
    [InlineData("ndx https://a/alpine/v3.23/main/x86_64/APKINDEX.tar.gz\nv3 https://a/alpine/v3.23 testing\nset a=b\nv3\n", null)]
    [InlineData("", null)]
    public void ClaimsTheReleaseThatMostLinesOfMainAndCommunityName(string text, string? release)
    {
        DistributionClaim? claim = Detection.Read(_detector, "etc/apk/repositories", text).Distribution;

        Assert.Equal(release, claim?.Distribution.VersionId);
        Assert.Equal(release is null ? null : DistributionEvidence.Repositories, claim?.Evidence);
    }

    [Theory]
    [InlineData("etc/apk/repositories", true)]
    [InlineData("etc/apk/repositories.d/00-main.list", true)]
    [InlineData("lib/apk/repositories.d/alpine.list", true)]
    [InlineData("etc/apk/repositories.d/main.list.bak", false)]
    [InlineData("etc/apk/repositories.d/a/main.list", false)]
    [InlineData("opt/etc/apk/repositories", false)]
    public void WantsTheFileAndTheListsBesideIt(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
