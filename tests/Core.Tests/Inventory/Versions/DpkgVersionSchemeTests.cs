using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class DpkgVersionSchemeTests
{
    private readonly DpkgVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("dpkg.txt"));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("a:1")]
    [InlineData("-1")]
    [InlineData("1.0 beta")]
    [InlineData("1.0/2")]
    [InlineData("1.é")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1", out _));
}
