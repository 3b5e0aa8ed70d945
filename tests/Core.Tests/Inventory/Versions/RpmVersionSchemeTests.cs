using CsCheck;
using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class RpmVersionSchemeTests
{
    // All with a release: without one a version equals every release of itself, and such an order is none.
    private static readonly Gen<string> Versions = VersionGen.Join(
        VersionGen.Maybe(VersionGen.Number.Select(epoch => epoch + ":")),
        VersionGen.Number,
        VersionGen.Of("019aAb.+_~^", 0, 6),
        VersionGen.Of("01a.~^", 0, 4).Select(release => "-" + release));

    private readonly RpmVersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("rpm.txt"));

    [Fact]
    public void HoldsTheSharedFacts() => VersionFacts.AllHold(_scheme, SharedData.Path("data", "versions", "rpm.txt"));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1:")]
    [InlineData("1:-1")]
    [InlineData("1.0 2")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1", out _));

    [Fact]
    public void IsAnOrder() => VersionLaws.Hold(_scheme, Versions);

    [Fact]
    public void ThrowsNothingWhateverTheText() => VersionLaws.NoTextThrows(_scheme, Versions);

    [Fact]
    public void TakesHugeText() => VersionLaws.TakesHugeText(_scheme);
}
