using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class SemVerVersionSchemeTests
{
    private readonly SemVerVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("semver.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("go")]
    [InlineData("latest")]
    [InlineData("(devel)")]
    [InlineData("1.x")]
    [InlineData("1.")]
    [InlineData("1..2")]
    [InlineData(".1")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0-a..b")]
    [InlineData("1.0.0-ä")]
    [InlineData("1.0.0rc")]
    [InlineData("1.0.0rc1")]
    [InlineData("go1.21.3")]
    [InlineData("1.1.1w")]
    [InlineData("1.0.0 || 2.0.0")]
    [InlineData("1.0.0+a b")]
    [InlineData("\u0661.0.0")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0.0", out _));
}
