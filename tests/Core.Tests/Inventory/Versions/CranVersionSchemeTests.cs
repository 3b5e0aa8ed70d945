using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class CranVersionSchemeTests
{
    private readonly CranVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("cran.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("1.")]
    [InlineData("1..2")]
    [InlineData("-1")]
    [InlineData("1.0a")]
    [InlineData("1_0")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0.0", out _));
}
