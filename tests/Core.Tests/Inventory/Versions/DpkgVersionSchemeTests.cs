using CsCheck;
using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class DpkgVersionSchemeTests
{
    private static readonly Gen<string> Versions = VersionGen.Join(
        VersionGen.Maybe(VersionGen.Number.Select(epoch => epoch + ":")),
        VersionGen.Number,
        VersionGen.Of("019aAb.+~-", 0, 6),
        VersionGen.Maybe(VersionGen.Of("01a.+~", 0, 4).Select(revision => "-" + revision)));

    private readonly DpkgVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("dpkg.txt"));

    [Fact]
    public void HoldsTheSharedFacts() => VersionFacts.AllHold(_scheme, SharedData.Path("data", "versions", "dpkg.txt"));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("a:1")]
    [InlineData("-1")]
    [InlineData("1.0 beta")]
    [InlineData("1.0/2")]
    [InlineData("1.é")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1", out _));

    [Fact]
    public void IsAnOrder() => VersionLaws.Hold(_scheme, Versions);

    [Fact]
    public void ThrowsNothingWhateverTheText() => VersionLaws.NoTextThrows(_scheme, Versions);

    [Fact]
    public void TakesHugeText() => VersionLaws.TakesHugeText(_scheme);
}
