using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

public sealed class PackageUrlTests
{
    private static readonly Distribution Debian = new("debian", "11");

    [Theory]
    [InlineData("dpkg", "curl", "7.50.3-1", "i386", "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=debian-11")]
    [InlineData(
        "dpkg", "libstdc++6", "1:12.2.0~rc1-14+b1", "amd64", "pkg:deb/debian/libstdc%2B%2B6@1:12.2.0~rc1-14%2Bb1?arch=amd64&distro=debian-11")]
    [InlineData("dpkg", "x", "1", null, "pkg:deb/debian/x@1?distro=debian-11")]
    [InlineData("npm", "foobar", "12.3.1", null, "pkg:npm/foobar@12.3.1")]
    [InlineData("npm", "@angular/animation", "12.3.1", null, "pkg:npm/%40angular/animation@12.3.1")]
    [InlineData("npm", "JSONStream", "1.3.5", null, "pkg:npm/JSONStream@1.3.5")]
    [InlineData("npm", "a/b?c#d e@f", "1&2", null, "pkg:npm/a%2Fb%3Fc%23d%20e%40f@1%262")]
    [InlineData("python", "django-allauth", "12.23", null, "pkg:pypi/django-allauth@12.23")]
    [InlineData("python", "x", "1.0+local", null, "pkg:pypi/x@1.0%2Blocal")]
    [InlineData("python", "ü", "1", null, "pkg:pypi/%C3%BC@1")]
    [InlineData("rpm", "curl", "1:7.50.3-1.fc25", "i386", "pkg:rpm/debian/curl@7.50.3-1.fc25?arch=i386&distro=debian-11&epoch=1")]
    public void NamesPackagesAsTheSpecificationDoes(string type, string name, string version, string? architecture, string url)
    {
        var package = new Package { Type = PackageType.Named(type)!, Name = name, Version = version, Architecture = architecture, Path = "x" };

        Assert.Equal(url, PackageUrl.Of(package, Debian));
    }

    [Fact]
    public void TakesNamespaceAndDistroFromTheDistribution()
    {
        var package = new Package { Type = PackageType.Apk, Name = "curl", Version = "7.83.0-r0", Architecture = "x86", Path = "x" };

        Assert.Equal("pkg:apk/alpine/curl@7.83.0-r0?arch=x86&distro=alpine-3.20.3", PackageUrl.Of(package, new Distribution("alpine", "3.20.3")));
        Assert.Equal("pkg:apk/wolfi/curl@7.83.0-r0?arch=x86&distro=wolfi", PackageUrl.Of(package, new Distribution("wolfi", "")));
        Assert.Equal("pkg:apk/curl@7.83.0-r0?arch=x86", PackageUrl.Of(package, null));
    }

    [Fact]
    public void HasAFormForEveryType() =>
        Assert.All(
            PackageType.All,
            type => Assert.StartsWith(
                "pkg:",
                PackageUrl.Of(new Package { Type = type, Name = "x", Version = "1", Path = "x" }, Debian),
                StringComparison.Ordinal));
}
