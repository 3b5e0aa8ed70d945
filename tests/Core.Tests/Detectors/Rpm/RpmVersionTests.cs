using ImageScan.Core.Detectors.Rpm;

namespace ImageScan.Core.Tests.Detectors.Rpm;

public sealed class RpmVersionTests
{
    [Theory]
    [InlineData(0, "1.2-3.el8", "1.2-3.el8")]
    [InlineData(32, "9.11.4-26.P2.el8", "32:9.11.4-26.P2.el8")]
    public void WritesAnEpochUnlessItIsZero(ulong epoch, string versionAndRelease, string written) =>
        Assert.Equal(written, RpmVersion.Of(epoch, versionAndRelease));

    [Theory]
    [InlineData("bash-4.4.19-7.el8.src.rpm", "bash", "4.4.19-7.el8")]
    [InlineData("java-1.8.0-openjdk-1.8.0.312.b07-1.el8_4.src.rpm", "java-1.8.0-openjdk", "1.8.0.312.b07-1.el8_4")]
    [InlineData("firmware-2-1.nosrc.rpm", "firmware", "2-1")]
    [InlineData("a-1-2.src.rpm", "a", "1-2")]
    public void TakesNameAndVersionFromASourcePackage(string file, string name, string version)
    {
        Assert.Equal((name, version), RpmVersion.SourceOf(file, 0));
        Assert.Equal((name, $"4:{version}"), RpmVersion.SourceOf(file, 4));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("(none)")]
    [InlineData(".rpm")]
    [InlineData("x.src.rpm")]
    [InlineData("-1-2.src.rpm")]
    [InlineData("a--2.src.rpm")]
    [InlineData("a-1-.src.rpm")]
    [InlineData("a-1.src.rpm")]
    [InlineData("bash-4.4.19-7.el8.src.tar")]
    public void TakesNoOtherTextForASourcePackage(string? file) => Assert.Equal((null, null), RpmVersion.SourceOf(file, 1));
}
