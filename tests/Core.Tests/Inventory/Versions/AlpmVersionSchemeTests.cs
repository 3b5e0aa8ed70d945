using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class AlpmVersionSchemeTests
{
    private readonly AlpmVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("alpm.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1:")]
    [InlineData("1.0.")]
    [InlineData("1.0-")]
    [InlineData("1.0-1.")]
    [InlineData("1.0 1")]
    [InlineData("1.é")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0-1", out _));
}
