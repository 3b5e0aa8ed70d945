using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class GenericVersionSchemeTests
{
    private readonly GenericVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("generic.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("latest")]
    [InlineData("OpenSSL 1.1.1k")]
    [InlineData(".1")]
    [InlineData("1.0 2")]
    [InlineData("1.é")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0", out _));
}
