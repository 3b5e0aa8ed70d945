using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class NpmVersionSchemeTests
{
    private readonly NpmVersionScheme _scheme = new();

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
}
