using CsCheck;
using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class Pep440VersionSchemeTests
{
    private static readonly Gen<string> Separator = VersionGen.OneOf("", ".", "-", "_");

    private static readonly Gen<string> Versions = VersionGen.Join(
        VersionGen.OneOf("", "", "v", " "),
        VersionGen.Maybe(VersionGen.Number.Select(epoch => epoch + "!")),
        VersionGen.Dotted,
        VersionGen.Maybe(VersionGen.Join(
            Separator, VersionGen.OneOf("a", "alpha", "B", "beta", "c", "rc", "pre", "preview"), VersionGen.Maybe(VersionGen.Number))),
        VersionGen.Maybe(VersionGen.Join(Separator, VersionGen.OneOf("post", "rev", "R"), VersionGen.Maybe(VersionGen.Number))),
        VersionGen.Maybe(VersionGen.Join(Separator, VersionGen.OneOf("dev", "DEV"), VersionGen.Maybe(VersionGen.Number))),
        VersionGen.Maybe(VersionGen.OneOf("+a", "+A.1", "+1", "+01", "+a-b", "+1_0")));

    private readonly Pep440VersionScheme _scheme = new();

    [Fact]
    public void HoldsItsFacts() => VersionFacts.AllHold(_scheme, VersionFacts.Own("pep440.txt"));

    [Fact]
    public void HoldsTheSharedOrder()
    {
        string[] ascending = [.. VersionFacts.Lines(SharedData.Path("data", "versions", "pep440-versions-ascending.txt"))];

        for (int i = 0; i < ascending.Length; i++)
        {
            for (int j = 0; j < ascending.Length; j++)
            {
                Assert.True(VersionFacts.Holds(_scheme, ascending[i], ascending[j], i.CompareTo(j)), $"{ascending[i]} and {ascending[j]}");
            }
        }
    }

    [Fact]
    public void TakesEverySharedSpellingForTheNormalOne()
    {
        string[] lines = File.ReadAllText(SharedData.Path("data", "versions", "pep440-normalized.tsv")).TrimEnd('\n').Split('\n');

        string spelling = "";
        foreach (string line in lines)
        {
            // Two of the spellings are padded with tabs and line ends: they go on until a normal form stands behind the last tab.
            spelling += line;
            int tab = spelling.LastIndexOf('\t');
            string normal = spelling[(tab + 1)..];
            if (string.IsNullOrWhiteSpace(normal))
            {
                spelling += '\n';
                continue;
            }

            Assert.True(VersionFacts.Holds(_scheme, spelling[..tab], normal, 0), spelling);
            spelling = "";
        }

        Assert.Empty(spelling);
    }

    [Fact]
    public void TakesNoneOfTheSharedInvalidVersions() =>
        Assert.All(
            VersionFacts.Lines(SharedData.Path("data", "versions", "pep440-invalid.txt")),
            version => Assert.False(VersionFacts.IsVersion(_scheme, version), version));

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("1!")]
    [InlineData("1.0-")]
    [InlineData("1.0+")]
    [InlineData("1.0+a..b")]
    [InlineData("1.0dev1post1")]
    [InlineData("1.0po\u017ft1")]
    [InlineData("2004d-r1-x")]
    public void SaysThatItIsNoVersion(string text) => Assert.False(_scheme.TryCompare(text, "1.0", out _));

    [Fact]
    public void IsAnOrder() => VersionLaws.Hold(_scheme, Versions);

    [Fact]
    public void ThrowsNothingWhateverTheText() => VersionLaws.NoTextThrows(_scheme, Versions);

    [Fact]
    public void TakesHugeText() => VersionLaws.TakesHugeText(_scheme);
}
