using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class ApkVersionSchemeTests
{
    private readonly ApkVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("apk.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("a1")]
    [InlineData("1.-r0")]
    [InlineData("1.2_foo")]
    [InlineData("1-1-r2")]
    [InlineData("1-r")]
    [InlineData("1-r1-r2")]
    [InlineData("1-e0")]
    [InlineData("1~")]
    [InlineData("1~xyz")]
    [InlineData("1ab")]
    [InlineData("1A")]
    [InlineData("1.0\0")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(VersionFacts.IsVersion(_scheme, text));

    [Fact]
    public void CannotTellWhereTheInvalidPartWouldDecide() => Assert.False(_scheme.TryCompare("1.2_foo", "1.2", out _));

    [Fact]
    public void TellsWhereTheDifferenceComesBeforeTheInvalidPart() => Assert.True(VersionFacts.Holds(_scheme, "1.3_foo", "1.2", 1));
}
