using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Vulnerabilities;

public sealed class OsvEcosystemTests
{
    [Theory]
    [InlineData("npm", "npm", "")]
    [InlineData("Debian:11", "Debian", "11")]
    [InlineData("Ubuntu:22.04:LTS", "Ubuntu", "22.04:LTS")]
    public void SplitsAtTheFirstColonAndWritesItBack(string text, string name, string release)
    {
        var ecosystem = OsvEcosystem.Parse(text);

        Assert.Equal(new OsvEcosystem(name, release), ecosystem);
        Assert.Equal(text, ecosystem.ToString());
    }

    [Theory]
    [InlineData("PyPI", "Ruamel.YAML__clib", "ruamel-yaml-clib")]
    [InlineData("PyPI", "jinja2", "jinja2")]
    [InlineData("npm", "JSONStream", "JSONStream")]
    [InlineData("NuGet", "Newtonsoft.Json", "newtonsoft.json")]
    [InlineData("Debian", "libX11", "libX11")]
    public void NormalizesNamesAsTheirRegistryDoes(string ecosystem, string name, string normal)
    {
        Assert.Equal(normal, OsvEcosystem.Parse(ecosystem).Normalize(name));
    }

    [Theory]
    [InlineData("Debian", true)]
    [InlineData("Alpine", true)]
    [InlineData("Debian:11", false)]
    [InlineData("Wolfi", false)]
    [InlineData("npm", false)]
    public void KnowsWhichDistributionsMustNameARelease(string text, bool lacksRelease)
    {
        Assert.Equal(lacksRelease, OsvEcosystem.Parse(text).LacksRelease);
    }
}
