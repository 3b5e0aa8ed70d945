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
    [InlineData("rpm", "centerim", "1:4.22.10-1.el6", "i686", "pkg:rpm/debian/centerim@4.22.10-1.el6?arch=i686&distro=debian-11&epoch=1")]
    [InlineData("alpm", "Containers-common", "1:0.47.4-4", "x86_64", "pkg:alpm/debian/containers-common@1:0.47.4-4?arch=x86_64&distro=debian-11")]
    [InlineData("apk", "curl", "7.83.0-r0", "x86", "pkg:apk/debian/curl@7.83.0-r0?arch=x86&distro=debian-11")]
    [InlineData("maven", "org.apache.xmlgraphics:batik-anim", "1.9.1", null, "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1")]
    [InlineData("maven", "batik-anim", "1.9.1", null, "pkg:maven/batik-anim@1.9.1")]
    [InlineData("maven", "batik-anim", "", null, "pkg:maven/batik-anim")]
    [InlineData("gem", "ruby-advisory-db-check", "0.12.4", null, "pkg:gem/ruby-advisory-db-check@0.12.4")]
    [InlineData("gem", "jruby-launcher", "1.1.2", "java", "pkg:gem/jruby-launcher@1.1.2?platform=java")]
    [InlineData("gem", "rake", "13.0", "ruby", "pkg:gem/rake@13.0")]
    [InlineData("go", "github.com/Gorilla/Context", "234fd47e07d1004f0aed9c", null, "pkg:golang/github.com/gorilla/context@234fd47e07d1004f0aed9c")]
    [InlineData("go", "golang.org/x/crypto", "v0.1.0+incompatible", null, "pkg:golang/golang.org/x/crypto@v0.1.0%2Bincompatible")]
    [InlineData("go", "stdlib", "1.21.0", null, "pkg:golang/stdlib@1.21.0")]
    [InlineData("nuget", "EnterpriseLibrary.Common", "6.0.1304", null, "pkg:nuget/EnterpriseLibrary.Common@6.0.1304")]
    [InlineData("cargo", "clap", "2.33.0", null, "pkg:cargo/clap@2.33.0")]
    [InlineData("cran", "A3", "1.0.0", null, "pkg:cran/A3@1.0.0")]
    [InlineData("opkg", "busybox", "1.36.1-1", "mips", "pkg:opkg/debian/busybox@1.36.1-1?arch=mips&distro=debian-11")]
    [InlineData("composer", "Laravel/Laravel", "5.5.0", null, "pkg:composer/laravel/laravel@5.5.0")]
    [InlineData("conda", "absl-py", "0.4.1", "linux-64", "pkg:conda/absl-py@0.4.1?subdir=linux-64")]
    [InlineData("bitnami", "WordPress", "6.2.0", "arm64", "pkg:bitnami/wordpress@6.2.0?arch=arm64&distro=debian-11")]
    [InlineData("wordpress", "wordpress", "6.4.2", null, "pkg:generic/wordpress@6.4.2")]
    [InlineData("wordpress", "plugin/akismet", "5.3", null, "pkg:generic/wordpress/plugin/akismet@5.3")]
    [InlineData("binary", "openssl", "1.1.10g", null, "pkg:generic/openssl@1.1.10g")]
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

    // Of the specification's own tests (tests/types/oci-test.json).
    [Fact]
    public void NamesImages()
    {
        Assert.Equal(
            "pkg:oci/debian@sha256:244fd47e07d10?arch=amd64&repository_url=docker.io%2Flibrary%2Fdebian&tag=latest",
            PackageUrl.OfImage("sha256:244fd47e07d10", "docker.io/library/debian", "latest", "amd64"));
        Assert.Equal("pkg:oci/hello-wasm@sha256:244fd47e07d10?repository_url=Hello-wasm&tag=v1", PackageUrl.OfImage("sha256:244fd47e07d10", "Hello-wasm", "v1", ""));
        Assert.Equal("pkg:oci/image@sha256:244fd47e07d10", PackageUrl.OfImage("sha256:244fd47e07d10", "", "", ""));
    }

    [Theory]
    [InlineData("npm", "@angular/core", "@angular", "core")]
    [InlineData("npm", "@angular", "", "@angular")]
    [InlineData("npm", "@/x", "@", "x")]
    [InlineData("maven", "org.slf4j:", "", "org.slf4j:")]
    [InlineData("maven", ":x", "", ":x")]
    [InlineData("go", "gopkg.in/yaml.v3", "gopkg.in", "yaml.v3")]
    [InlineData("composer", "a/b/c", "a/b", "c")]
    public void DividesNamesOfGroups(string type, string name, string space, string rest) =>
        Assert.Equal((space, rest), PackageUrl.NameOf(new Package { Type = PackageType.Named(type)!, Name = name, Version = "1", Path = "x" }));

    [Fact]
    public void HasAFormForEveryType() =>
        Assert.All(
            PackageType.All,
            type => Assert.StartsWith(
                "pkg:",
                PackageUrl.Of(new Package { Type = type, Name = "x", Version = "1", Path = "x" }, Debian),
                StringComparison.Ordinal));
}
