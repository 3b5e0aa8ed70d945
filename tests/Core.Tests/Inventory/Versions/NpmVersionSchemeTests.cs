using System.Text.Json;
using CsCheck;
using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class NpmVersionSchemeTests
{
    private static readonly Gen<string> Versions = SemVerVersionSchemeTests.Versions.Where(version => !version.Contains("999"));

    private readonly NpmVersionScheme _scheme = new();

    [Theory]
    [InlineData("comparisons.json", 1)]
    [InlineData("equality.json", 0)]
    public void HoldsTheSharedFacts(string file, int expected)
    {
        using var facts = JsonDocument.Parse(File.ReadAllText(SharedData.Path("data", "versions", "semver", file)));

        Assert.All(
            facts.RootElement.EnumerateArray(),
            fact => Assert.True(VersionFacts.Holds(_scheme, fact[0].GetString()!, fact[1].GetString()!, expected), fact.ToString()));
    }

    [Fact]
    public void TakesNoneOfTheSharedInvalidVersions()
    {
        using var facts = JsonDocument.Parse(File.ReadAllText(SharedData.Path("data", "versions", "semver", "invalid-versions.json")));

        Assert.All(
            facts.RootElement.EnumerateArray().Where(fact => fact[0].ValueKind == JsonValueKind.String),
            fact => Assert.False(VersionFacts.IsVersion(_scheme, fact[0].GetString()!), fact.ToString()));
    }

    [Theory]
    [InlineData("9007199254740991.0.0", true)]
    [InlineData("9007199254740992.0.0", false)]
    [InlineData("0.0.9007199254740992", false)]
    public void TakesNumbersUpToTheLargestOfJavaScript(string version, bool isVersion) =>
        Assert.Equal(isVersion, VersionFacts.IsVersion(_scheme, version));

    [Fact]
    public void TakesNoMoreCharactersThanNpm()
    {
        Assert.True(VersionFacts.IsVersion(_scheme, "1.0.0-" + new string('a', 250)));
        Assert.False(VersionFacts.IsVersion(_scheme, "1.0.0-" + new string('a', 251)));
    }

    [Fact]
    public void IsAnOrder() => VersionLaws.Hold(_scheme, Versions);

    [Fact]
    public void ThrowsNothingWhateverTheText() => VersionLaws.NoTextThrows(_scheme, Versions);
}
