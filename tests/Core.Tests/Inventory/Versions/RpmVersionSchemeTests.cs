using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class RpmVersionSchemeTests
{
    private readonly RpmVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("rpm.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1:")]
    [InlineData("1:-1")]
    [InlineData("1.0 2")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1", out _));
}
