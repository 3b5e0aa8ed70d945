using CsCheck;
using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class MavenVersionSchemeTests
{
    private static readonly Gen<string> Separator = VersionGen.OneOf("", ".", "-");

    private static readonly Gen<string> Part =
        VersionGen.OneOf("0", "1", "2", "a", "RC", "cr", "SNAPSHOT", "ga", "sp", "abc", "x", "99999999999999999999999999999");

    private static readonly Gen<string> Versions = VersionGen.Join(
        VersionGen.Number,
        VersionGen.Join(Separator, Part, Separator, Part),
        VersionGen.Maybe(VersionGen.OneOf(".1", "-1", "-x", ".0")));

    // Little else than words, behind a zero that may be gone: where lists meet words.
    private static readonly Gen<string> Words = VersionGen.Join(
        VersionGen.OneOf("0", "0-"),
        Separator,
        VersionGen.OneOf("0", "1", "a", "ga", "x"),
        Separator,
        VersionGen.OneOf("0", "1", "a", "ga", "x"));

    private readonly MavenVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("maven.txt"));

    [Fact]
    public void HoldsTheSharedFacts() => VersionFacts.AllHold(_scheme, SharedData.Path("data", "versions", "maven.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("1.0 ")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1", out _));

    [Fact]
    public void IsAnOrder() => VersionLaws.Hold(_scheme, Versions);

    [Fact]
    public void IsAnOrderOfWords() => VersionLaws.Hold(_scheme, Words);

    [Fact]
    public void ThrowsNothingWhateverTheText() => VersionLaws.NoTextThrows(_scheme, Versions);

    [Fact]
    public void TakesHugeText() => VersionLaws.TakesHugeText(_scheme);
}
