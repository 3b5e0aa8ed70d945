using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class PhpVersionSchemeTests
{
    private readonly PhpVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("php.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("trunk")]
    [InlineData("1.0.")]
    [InlineData("-1")]
    [InlineData("1.0 beta")]
    [InlineData("1~rc1")]
    [InlineData("1.é")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0", out _));
}
