using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class NuGetVersionSchemeTests
{
    private readonly NuGetVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("nuget.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("1.*")]
    [InlineData("[1.0,2.0)")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0.0", out _));
}
