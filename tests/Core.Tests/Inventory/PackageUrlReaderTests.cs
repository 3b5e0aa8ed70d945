using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

public sealed class PackageUrlReaderTests
{
    private static NamedPackage Read(string url)
    {
        Assert.True(PackageUrlReader.TryRead(url, "list", out NamedPackage? named, out string reason), reason);
        return named;
    }

    [Theory]
    [InlineData("pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=debian-11", "dpkg", "curl", "7.50.3-1", "i386")]
    [InlineData("pkg:deb/debian/libstdc%2B%2B6@1:12.2.0~rc1-14%2Bb1?arch=amd64", "dpkg", "libstdc++6", "1:12.2.0~rc1-14+b1", "amd64")]
    [InlineData("pkg:npm/%40angular/animation@12.3.1", "npm", "@angular/animation", "12.3.1", null)]
    [InlineData("pkg:npm/@angular/animation@12.3.1", "npm", "@angular/animation", "12.3.1", null)]
    [InlineData("pkg:pypi/Django_Allauth@12.23#sub/path", "python", "django-allauth", "12.23", null)]
    [InlineData("pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&epoch=1", "rpm", "curl", "1:7.50.3-1.fc25", "i386")]
    [InlineData("pkg:rpm/rhel/curl@7.50.3-1.fc25?epoch=0", "rpm", "curl", "7.50.3-1.fc25", null)]
    [InlineData("pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?type=jar", "maven", "org.apache.xmlgraphics:batik-anim", "1.9.1", null)]
    [InlineData("pkg:golang/github.com/gorilla/context@v1.1.1", "go", "github.com/gorilla/context", "v1.1.1", null)]
    [InlineData("pkg:composer/laravel/laravel@5.5.0", "composer", "laravel/laravel", "5.5.0", null)]
    [InlineData("pkg:generic/wordpress@6.4.2", "wordpress", "wordpress", "6.4.2", null)]
    [InlineData("pkg:generic/wordpress/plugin/akismet@5.3", "wordpress", "plugin/akismet", "5.3", null)]
    [InlineData("pkg:generic/openssl@1.1.10g", "binary", "openssl", "1.1.10g", null)]
    [InlineData("PKG:NPM/x@1", "npm", "x", "1", null)]
    [InlineData("pkg://npm/x@1", "npm", "x", "1", null)]
    public void ReadsWhatTheSpecificationAllows(string url, string type, string name, string version, string? architecture)
    {
        Package package = Read(url).Package;

        Assert.Equal((type, name, version, architecture), (package.Type.Name, package.Name, package.Version, package.Architecture));
    }

    [Theory]
    [InlineData("pkg:deb/debian/libssl1.1@1.1.1n-0?upstream=openssl", "openssl", null)]
    [InlineData("pkg:deb/debian/libc6@2.31-13+b1?upstream=glibc%402.31-13", "glibc", "2.31-13")]
    [InlineData("pkg:rpm/rhel/openssl-libs@3.0.7-2.el9?upstream=openssl-3.0.7-2.el9.src.rpm", "openssl", null)]
    [InlineData("pkg:rpm/rhel/python3-libs@3.9.1-2.el9?upstream=python3.9-3.9.1-1.el9.src.rpm", "python3.9", "3.9.1-1.el9")]
    [InlineData("pkg:apk/alpine/ssl_client@1.36.1-r5?upstream=busybox", "busybox", null)]
    [InlineData("pkg:apk/alpine/busybox@1.36.1-r5?upstream=busybox", null, null)]
    public void ReadsFromWhatAPackageWasBuilt(string url, string? source, string? sourceVersion)
    {
        Package package = Read(url).Package;

        Assert.Equal((source, sourceVersion), (package.SourceName, package.SourceVersion));
    }

    [Fact]
    public void ReadsTheModuleOfAnRpm() =>
        Assert.Equal("nodejs:18:8090:rhel8", Read("pkg:rpm/rhel/nodejs@18.1-1.el8?rpmmod=nodejs:18:8090:rhel8").Package.Module);

    [Theory]
    [InlineData("pkg:deb/debian/x@1?distro=debian-11", "debian", "11")]
    [InlineData("pkg:deb/ubuntu/x@1?distro=ubuntu-22.04", "ubuntu", "22.04")]
    [InlineData("pkg:rpm/opensuse/x@1?distro=opensuse-leap-15.6", "opensuse-leap", "15.6")]
    [InlineData("pkg:rpm/redhat/x@1?distro=8.4", "rhel", "8.4")]
    [InlineData("pkg:apk/wolfi/x@1?distro=wolfi-20230201", "wolfi", "")]
    public void ReadsTheDistribution(string url, string id, string release)
    {
        Distribution? distribution = Read(url).Distribution;

        Assert.Equal((id, release), (distribution?.Id, distribution?.VersionId));
    }

    [Theory]
    [InlineData("npm/x@1", "no package URL")]
    [InlineData("pkg:npm", "no package URL")]
    [InlineData("pkg:npm/x%00y@1", "no package URL")]
    [InlineData("pkg:npm/%40angular/core", "a package URL without a version")]
    [InlineData("pkg:npm/@angular/core", "a package URL without a version")]
    [InlineData("pkg:hex/x@1", "a package URL of type hex, of which there are no advisories here")]
    public void SaysWhyItCannotReadOne(string url, string expected)
    {
        Assert.False(PackageUrlReader.TryRead(url, "list", out _, out string reason));

        Assert.Equal(expected, reason);
    }

    [Theory]
    [InlineData("debian:12", "debian", "12", "")]
    [InlineData("debian-12", "debian", "12", "")]
    [InlineData("opensuse-leap-15.6", "opensuse-leap", "15.6", "")]
    [InlineData("opensuse-tumbleweed", "opensuse-tumbleweed", "", "")]
    [InlineData("amazon:2", "amzn", "2", "")]
    [InlineData("RedHat:9.4", "rhel", "9.4", "")]
    [InlineData("debian:sid", "debian", "", "sid")]
    [InlineData("Debian:SID", "debian", "", "sid")]
    [InlineData("openEuler:24.03-LTS-SP1", "openeuler", "24.03-LTS-SP1", "")]
    [InlineData("debian:bookworm", "debian", "12", "")]
    [InlineData("ubuntu-jammy", "ubuntu", "22.04", "")]
    [InlineData("Focal", "ubuntu", "20.04", "")]
    [InlineData("debian:jammy", "debian", "", "jammy")]
    [InlineData("alpine:edge", "alpine", "edge", "")]
    public void ReadsHowPeopleWriteDistributions(string text, string id, string release, string codename)
    {
        Distribution? distribution = DistributionNames.Parse(text);

        Assert.Equal((id, release, codename), (distribution?.Id, distribution?.VersionId, distribution?.Codename));
    }
}
