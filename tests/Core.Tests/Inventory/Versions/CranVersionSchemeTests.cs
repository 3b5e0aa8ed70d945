using CsCheck;
using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class CranVersionSchemeTests
{
    private static readonly Gen<string> Versions = Gen.Select(VersionGen.Dotted, VersionGen.OneOf("", "-0", "-1", "-1.2"), (dotted, end) => dotted + end);

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

    [Fact]
    public void IsAnOrder() => VersionLaws.Hold(_scheme, Versions);

    [Fact]
    public void ThrowsNothingWhateverTheText() => VersionLaws.NoTextThrows(_scheme, Versions);

    [Fact]
    public void TakesHugeText() => VersionLaws.TakesHugeText(_scheme);
}
