using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class GoVersionSchemeTests
{
    private readonly GoVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("go.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("go")]
    [InlineData("(devel)")]
    [InlineData("gopher")]
    [InlineData("devel +abc")]
    [InlineData("1.21rc")]
    [InlineData("1.21beta")]
    [InlineData("1.21alpha1")]
    [InlineData("go1.21.x")]
    [InlineData("vv1.0.0")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0.0", out _));
}
