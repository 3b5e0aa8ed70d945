using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class CondaVersionSchemeTests
{
    private readonly CondaVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("conda.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("_")]
    [InlineData("1..")]
    [InlineData(".1")]
    [InlineData("1!")]
    [InlineData("a!1")]
    [InlineData("1!2!3")]
    [InlineData("1+")]
    [InlineData("+1")]
    [InlineData("1+2+3")]
    [InlineData("1_0-1")]
    [InlineData("1.0 a")]
    [InlineData("1.é")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0", out _));
}
