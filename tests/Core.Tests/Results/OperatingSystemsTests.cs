using ImageScan.Core.Inventory;
using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Results;

public sealed class OperatingSystemsTests
{
    [Theory]
    [InlineData("debian", "12", "debian:12")]
    [InlineData("debian", "", "debian:unstable")]
    [InlineData("ubuntu", "22.04", "ubuntu:22.04")]
    [InlineData("alpine", "3.18.0", "alpine:3.18")]
    [InlineData("alpine", "3.21.0_alpha20240807", "alpine:edge")]
    [InlineData("rhel", "9.2", "rhel:9")]
    [InlineData("ol", "8.9", "ol:8")]
    [InlineData("sles", "15.4", "sles:15")]
    [InlineData("photon", "4.0", "photon:4")]
    [InlineData("amzn", "2", "amzn:2")]
    [InlineData("centos", "7", "centos:7")]
    [InlineData("amzn", "2023", "amzn:2023")]
    [InlineData("amzn", "2018.03", "amzn:2018.03")]
    [InlineData("rocky", "9.3", "rocky:9")]
    [InlineData("almalinux", "8.9", "almalinux:8")]
    [InlineData("opensuse-leap", "15.5", "opensuse-leap:15.5")]
    [InlineData("azurelinux", "3.0", "azurelinux:3.0")]
    [InlineData("mariner", "2.0", "mariner:2.0")]
    [InlineData("busybox", "1.36.1", "busybox:1.36.1")]
    [InlineData("wolfi", "", "wolfi")]
    [InlineData("arch", "", "arch")]
    [InlineData("", "1", "unknown")]
    public void WritesTheReleaseAsScannerV4Does(string id, string version, string expected) =>
        Assert.Equal(expected, OperatingSystems.NameOf(new Distribution(id, version)));

    [Fact]
    public void SaysUnknownWithoutADistribution() => Assert.Equal("unknown", OperatingSystems.NameOf(null));

    [Theory]
    [InlineData("debian", "8 9 10", "7 11 12")]
    [InlineData("ubuntu", "12.04 12.10 13.04 14.10 15.04 17.04 17.10 18.10 19.04 19.10 20.10 21.04 21.10 22.10 23.04 23.10", "14.04 15.10 16.10 16.04 18.04 20.04 22.04 24.04 24.10")]
    [InlineData("alpine", "", "3.4 3.18")]
    public void KnowsTheReleasesThatNobodyFilesAdvisoriesFor(string id, string stale, string alive)
    {
        Assert.All(Words(stale), version => Assert.True(OperatingSystems.IsStale(new Distribution(id, version))));
        Assert.All(Words(alive), version => Assert.False(OperatingSystems.IsStale(new Distribution(id, version))));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
