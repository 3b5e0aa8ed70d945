using ImageScan.Core.Detectors.OsRelease;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.OsRelease;

public sealed class LsbReleaseDetectorTests
{
    private readonly LsbReleaseDetector _detector = new();

    [Fact]
    public void ReadsWhatUbuntuWrites()
    {
        const string Text = "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=12.04\nDISTRIB_CODENAME=precise\nDISTRIB_DESCRIPTION=\"Ubuntu 12.04.5 LTS\"\n";

        Assert.Equal(
            new DistributionClaim(new Distribution("ubuntu", "12.04", "Ubuntu 12.04.5 LTS", "precise"), DistributionEvidence.LsbRelease),
            Detection.Read(_detector, "etc/lsb-release", Text).Distribution);
    }

    [Theory]
    [InlineData("Arch", "rolling", "arch", "")]
    [InlineData("\"VMware Photon OS\"", "\"4.0\"", "photon", "4.0")]
    [InlineData("\"Mariner\"", "\"2.0.20230924\"", "mariner", "2.0")]
    [InlineData("LinuxMint", "21.2", "linuxmint", "21.2")]
    public void NamesSystemsAsOsReleaseDoes(string id, string release, string expectedId, string expectedVersion)
    {
        Distribution? named = Detection.Read(_detector, "etc/lsb-release", $"DISTRIB_ID={id}\nDISTRIB_RELEASE={release}\n").Distribution?.Distribution;

        Assert.Equal((expectedId, expectedVersion), (named?.Id, named?.VersionId));
    }

    [Theory]
    [InlineData("LSB_VERSION=base-4.0-amd64\n")]
    [InlineData("DISTRIB_ID=\"Some System\"\nDISTRIB_RELEASE=1\n")]
    [InlineData("")]
    public void ClaimsNothingWithoutAKnownName(string text) => Assert.Null(Detection.Read(_detector, "etc/lsb-release", text).Distribution);
}
