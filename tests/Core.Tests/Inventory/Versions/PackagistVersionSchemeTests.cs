using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class PackagistVersionSchemeTests
{
    private readonly PackagistVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("packagist.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("dev-master")]
    [InlineData("dev-1.0")]
    [InlineData("master")]
    [InlineData("1.x")]
    [InlineData("x-dev")]
    [InlineData("feature-dev")]
    [InlineData("1.0.0.0.1")]
    [InlineData("1.2-3")]
    [InlineData("1.0-foo")]
    [InlineData("123456789012345678901234")]
    [InlineData("1.0+")]
    [InlineData("1.0+a b")]
    [InlineData("1.0 beta")]
    [InlineData("v")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0.0", out _));
}
