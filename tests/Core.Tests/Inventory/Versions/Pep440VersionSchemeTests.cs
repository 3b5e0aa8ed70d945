using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class Pep440VersionSchemeTests
{
    private readonly Pep440VersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("pep440.txt"));

    [Theory]
    [InlineData("1!")]
    [InlineData("1.0-")]
    [InlineData("1.0+")]
    [InlineData("1.0+a..b")]
    [InlineData("1.0dev1post1")]
    [InlineData("1.0po\u017ft1")]
    [InlineData("2004d-r1-x")]
    [InlineData("1.0 a1")]
    public void PutsWhatPep440DoesNotAllowBeforeAllThatItDoes(string text)
    {
        Assert.True(VersionFacts.Holds(_scheme, text, "0.dev0", -1));
        Assert.True(VersionFacts.Holds(_scheme, text, text, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("unknown")]
    [InlineData("french toast")]
    [InlineData("\u0661.\u0662")]
    public void SaysThatItIsNoVersion(string text)
    {
        Assert.False(_scheme.TryCompare(text, "1.0", out _));
        Assert.False(_scheme.TryCompare(text, "2004d", out _));
        Assert.False(VersionFacts.IsVersion(_scheme, text));
    }
}
