using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class BitnamiVersionSchemeTests
{
    private readonly BitnamiVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("bitnami.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("1.0-")]
    [InlineData("1..0")]
    [InlineData("1.0.0rc1")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0.0", out _));
}
