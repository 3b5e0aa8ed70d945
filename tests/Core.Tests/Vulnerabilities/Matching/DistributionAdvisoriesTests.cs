using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

public sealed class DistributionAdvisoriesTests
{
    [Theory]
    [InlineData("debian", "11", "Debian:11")]
    [InlineData("debian", "11.5", "Debian:11")]
    [InlineData("debian", "6.0", "Debian:6.0")]
    [InlineData("ubuntu", "22.04", "Ubuntu:22.04:LTS,Ubuntu:22.04")]
    [InlineData("alpine", "3.9.2", "Alpine:v3.9")]
    [InlineData("alpine", "3.20", "Alpine:v3.20")]
    [InlineData("alpine", "3.21_alpha20240807", "Alpine:edge")]
    [InlineData("alpine", "edge", "Alpine:edge")]
    [InlineData("wolfi", "20230201", "Wolfi")]
    [InlineData("chainguard", "20230214", "Chainguard")]
    [InlineData("minimos", "", "MinimOS")]
    public void NamesTheEcosystemsOfARelease(string id, string version, string ecosystems)
    {
        var advisories = DistributionAdvisories.Of(new Distribution(id, version));

        Assert.Equal(ecosystems, string.Join(',', advisories!.Ecosystems));
    }

    [Theory]
    [InlineData("debian", "")]
    [InlineData("ubuntu", "")]
    [InlineData("alpine", "")]
    [InlineData("alpine", "3")]
    [InlineData("alpine", "x.y")]
    [InlineData("debian", "trixie/sid")]
    [InlineData("kali", "2024.1")]
    [InlineData("linuxmint", "21")]
    [InlineData("raspbian", "11")]
    [InlineData("postmarketos", "3.20")]
    [InlineData("", "")]
    public void KnowsNoneForAnUnknownReleaseOrADerivative(string id, string version)
    {
        Assert.Null(DistributionAdvisories.Of(new Distribution(id, version)));
    }

    [Fact]
    public void KnowsNoneWithoutADistribution() => Assert.Null(DistributionAdvisories.Of(null));
}
