using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.OsRelease;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.OsRelease;

public sealed class OsReleaseDetectorTests
{
    private readonly OsReleaseDetector _detector = new();

    [Fact]
    public void ReadsIdVersionNameAndCodename()
    {
        const string Text = """
            # a comment, and a line without a value
            PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"
            NAME="Debian GNU/Linux"
            nonsense
            VERSION_ID="11"
            VERSION_CODENAME=bullseye
            ID=debian
            """;

        FileFindings found = Detection.Read(_detector, "usr/lib/os-release", Text);

        Assert.Equal(
            new DistributionClaim(new Distribution("debian", "11", "Debian GNU/Linux 11 (bullseye)", "bullseye"), DistributionEvidence.VendorOsRelease),
            found.Distribution);
    }

    [Theory]
    [InlineData("VERSION_ID=3.20.3", "3.20.3")]
    [InlineData("VERSION_ID='3 \\\" 4'", "3 \\\" 4")]
    [InlineData("VERSION_ID=\"a\\\"b\\$c\\`d\\\\e\\f\"", "a\"b$c`d\\e\\f")]
    [InlineData("VERSION_ID=a\\ b", "a b")]
    [InlineData("VERSION_ID=\"", "\"")]
    [InlineData("VERSION_ID=", "")]
    [InlineData("VERSION_ID=\"1\"\r", "1")]
    public void UnquotesValuesAsAShellDoes(string line, string version)
    {
        FileFindings found = Detection.Read(_detector, "etc/os-release", $"ID=x\n{line}\n");

        Assert.Equal(version, found.Distribution?.Distribution.VersionId);
    }

    [Fact]
    public void PutsTheIdInLowerCase() =>
        Assert.Equal("rhel", Detection.Read(_detector, "etc/os-release", "ID=\"RHEL\"").Distribution?.Distribution.Id);

    [Theory]
    [InlineData("wolfi", "20230201")]
    [InlineData("arch", "20240101.0.204074")]
    [InlineData("opensuse-tumbleweed", "20240612")]
    [InlineData("kali", "2024.1")]
    public void IgnoresTheVersionOfARollingSystem(string id, string version) =>
        Assert.Equal("", Detection.Read(_detector, "etc/os-release", $"ID={id}\nVERSION_ID={version}\n").Distribution?.Distribution.VersionId);

    [Fact]
    public void TakesASystemForItselfAndNotForWhatItIsLike() =>
        Assert.Equal("rocky", Detection.Read(_detector, "etc/os-release", "ID_LIKE=\"rhel centos fedora\"\nID=rocky\n").Distribution?.Distribution.Id);

    [Fact]
    public void ClaimsNothingWithoutAnId() =>
        Assert.Null(Detection.Read(_detector, "etc/os-release", "VERSION_ID=3").Distribution);

    [Fact]
    public void LetsTheLaterOfTwoAssignmentsCount() =>
        Assert.Equal("b", Detection.Read(_detector, "etc/os-release", "ID=a\nID=b").Distribution?.Distribution.Id);

    [Theory]
    [InlineData("etc/os-release", true)]
    [InlineData("usr/lib/os-release", true)]
    [InlineData("opt/etc/os-release", false)]
    public void WantsOnlyTheTwoPlaces(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
