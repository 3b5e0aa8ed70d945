using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/arm64/v8", "linux/arm64", true)]
    [InlineData("linux/arm64", "linux/arm64/v8", true)]
    [InlineData("linux/arm", "linux/arm/v7", true)]
    [InlineData("linux/arm/v6", "linux/arm/v7", false)]
    [InlineData("linux/arm/v6", "linux/arm", false)]
    [InlineData("linux/amd64", "linux/amd64/v3", true)]
    [InlineData("linux/amd64", "linux/arm64", false)]
    [InlineData("windows/amd64", "linux/amd64", false)]
    public void AcceptsWhatRunsOnIt(string asked, string given, bool expected) => Assert.Equal(expected, Parse(asked).Accepts(Parse(given)));

    private static Platform Parse(string text) => Platform.TryParse(text, out Platform? platform) ? platform : throw new FormatException(text);
}
