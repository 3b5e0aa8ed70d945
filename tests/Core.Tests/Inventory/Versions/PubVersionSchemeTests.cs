using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class PubVersionSchemeTests
{
    private readonly PubVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("pub.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("any")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0+a b")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0.0", out _));
}
