using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class RubyGemsVersionSchemeTests
{
    private readonly RubyGemsVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("rubygems.txt"));

    [Theory]
    [InlineData("junk")]
    [InlineData("1..2")]
    [InlineData("1.")]
    [InlineData("1.2 3.4")]
    [InlineData("1_0")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1", out _));
}
