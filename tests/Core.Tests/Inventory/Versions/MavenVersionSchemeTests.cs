using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class MavenVersionSchemeTests
{
    private readonly MavenVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("maven.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("1.0 ")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1", out _));

    [Fact]
    public void TakesNoMoreCharactersThanMaven()
    {
        Assert.True(VersionFacts.IsVersion(_scheme, new string('1', 256)));
        Assert.False(VersionFacts.IsVersion(_scheme, new string('1', 257)));
    }
}
