using CsCheck;
using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class ApkVersionSchemeTests
{
    private static readonly Gen<string> Versions = VersionGen.Join(
        VersionGen.Dotted,
        VersionGen.Maybe(VersionGen.Of("abp", 1, 1)),
        VersionGen.Maybe(VersionGen.Join(
            VersionGen.OneOf("_alpha", "_beta", "_pre", "_rc", "_cvs", "_svn", "_git", "_hg", "_p"), VersionGen.Maybe(VersionGen.Number))),
        VersionGen.Maybe(VersionGen.OneOf("_pre", "_p1")),
        VersionGen.Maybe(VersionGen.Of("0af", 1, 3).Select(hash => "~" + hash)),
        VersionGen.Maybe(VersionGen.Number.Select(revision => "-r" + revision)));

    private readonly ApkVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("apk.txt"));

    [Fact]
    public void HoldsTheSharedFacts() => VersionFacts.AllHold(_scheme, SharedData.Path("data", "versions", "apk.txt"));

    [Fact]
    public void TakesEveryVersionOfAlpine() =>
        Assert.All(
            VersionFacts.Lines(SharedData.Path("data", "versions", "alpine-valid.txt")),
            version => Assert.True(VersionFacts.IsVersion(_scheme, version)));

    [Fact]
    public void TakesNoInvalidVersionOfAlpine() =>
        Assert.All(
            VersionFacts.Lines(SharedData.Path("data", "versions", "alpine-invalid.txt")),
            version => Assert.False(VersionFacts.IsVersion(_scheme, version)));

    [Theory]
    [InlineData("")]
    [InlineData("a1")]
    [InlineData("1.-r0")]
    [InlineData("1.2_foo")]
    [InlineData("1-1-r2")]
    [InlineData("1-r")]
    [InlineData("1-r1-r2")]
    [InlineData("1-e0")]
    [InlineData("1~")]
    [InlineData("1~xyz")]
    [InlineData("1ab")]
    [InlineData("1A")]
    [InlineData("1.0\0")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(VersionFacts.IsVersion(_scheme, text));

    [Fact]
    public void CannotTellWhereTheInvalidPartWouldDecide() => Assert.False(_scheme.TryCompare("1.2_foo", "1.2", out _));

    [Fact]
    public void TellsWhereTheDifferenceComesBeforeTheInvalidPart() => Assert.True(VersionFacts.Holds(_scheme, "1.3_foo", "1.2", 1));

    [Fact]
    public void IsAnOrder() => VersionLaws.Hold(_scheme, Versions);

    [Fact]
    public void ThrowsNothingWhateverTheText() => VersionLaws.NoTextThrows(_scheme, Versions);

    [Fact]
    public void TakesHugeText() => VersionLaws.TakesHugeText(_scheme);
}
