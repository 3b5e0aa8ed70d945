using ImageScan.Core.Detectors.OsRelease;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.OsRelease;

public sealed class VersionFileDetectorTests
{
    private readonly VersionFileDetector _detector = new();

    [Theory]
    [InlineData("etc/alpine-release", "3.4.6\n", "alpine", "3.4.6", "")]
    [InlineData("etc/debian_version", "11.5\n", "debian", "11", "")]
    [InlineData("etc/arch-release", "", "arch", "", "")]
    [InlineData("etc/debian_version", "trixie/sid\n", "debian", "", "trixie")]
    public void ReadsTheVersion(string path, string text, string id, string version, string codename)
    {
        DistributionClaim? claim = Detection.Read(_detector, path, text).Distribution;

        Assert.Equal((id, version, codename), (claim?.Distribution.Id, claim?.Distribution.VersionId, claim?.Distribution.Codename));
        Assert.Equal(DistributionEvidence.VersionFile, claim?.Evidence);
    }

    [Fact]
    public void ClaimsNothingForAnEmptyFile() => Assert.Null(Detection.Read(_detector, "etc/debian_version", "\n").Distribution);
}
