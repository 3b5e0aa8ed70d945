using CsCheck;
using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class RubyGemsVersionSchemeTests
{
    private static readonly Gen<string> Versions = VersionGen.Join(
        VersionGen.Dotted,
        VersionGen.Maybe(VersionGen.OneOf(".a", ".b1", ".rc2", ".pre", "-1", "-rc.1")),
        VersionGen.Maybe(VersionGen.Number.Select(number => "." + number)));

    private readonly RubyGemsVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("rubygems.txt"));

    [Fact]
    public void HoldsTheSharedFacts() => VersionFacts.AllHold(_scheme, SharedData.Path("data", "versions", "rubygems.txt"));

    [Theory]
    [InlineData("junk")]
    [InlineData("1..2")]
    [InlineData("1.")]
    [InlineData("1.2 3.4")]
    [InlineData("1_0")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1", out _));

    [Fact]
    public void IsAnOrder() => VersionLaws.Hold(_scheme, Versions);

    [Fact]
    public void ThrowsNothingWhateverTheText() => VersionLaws.NoTextThrows(_scheme, Versions);

    [Fact]
    public void TakesHugeText() => VersionLaws.TakesHugeText(_scheme);
}
