using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Dpkg;

namespace ImageScan.Core.Tests.Detectors.Dpkg;

public sealed class DpkgDiversionsDetectorTests
{
    private readonly DpkgDiversionsDetector _detector = new();

    [Fact]
    public void OwnsTheFilesWhereTheyReallyAre()
    {
        const string Text = "/bin/sh\n/bin/sh.distrib\ndash\n/usr/lib/x/package.json\n/usr/lib/x/package.json.old\n:\n";

        FileFindings found = Detection.Read(_detector, "var/lib/dpkg/diversions", Text);

        Assert.Equal(["bin/sh.distrib", "usr/lib/x/package.json.old"], found.OwnedPaths());
    }

    [Theory]
    [InlineData("/a\n/b")]
    [InlineData("/a\n/b\n")]
    public void ReadsAFileThatBreaksOff(string text) => Assert.Equal(["b"], Detection.Read(_detector, "var/lib/dpkg/diversions", text).OwnedPaths());

    [Theory]
    [InlineData("var/lib/dpkg/diversions", true)]
    [InlineData("var/lib/dpkg/diversions-old", false)]
    public void WantsOnlyTheListInForce(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
