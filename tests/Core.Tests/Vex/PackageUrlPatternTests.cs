using ImageScan.Core.Inventory;
using ImageScan.Core.Vex;

namespace ImageScan.Core.Tests.Vex;

public sealed class PackageUrlPatternTests
{
    [Theory]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12", true)]
    [InlineData("pkg:deb/debian/curl@7.88.1-10", true)]
    [InlineData("pkg:deb/debian/curl", true)]
    [InlineData("pkg:DEB/Debian/Curl@7.88.1-10", true)]
    [InlineData("pkg://deb/debian/curl@7.88.1-10", true)]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?distro=debian-12.5", true)]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?package-id=0123&upstream=curl-source", true)]
    [InlineData("pkg:deb/debian/curl@7.88.1-9", false)]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?arch=arm64", false)]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?distro=debian-11", false)]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?distro=debian-1", false)]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?vcs_url=x", false)]
    [InlineData("pkg:deb/ubuntu/curl@7.88.1-10", false)]
    [InlineData("pkg:deb/curl@7.88.1-10", false)]
    [InlineData("pkg:deb/debian/libcurl@7.88.1-10", false)]
    [InlineData("pkg:rpm/debian/curl@7.88.1-10", false)]
    public void MeansWhatHasAllThatItSays(string pattern, bool matches) =>
        Assert.Equal(matches, Parse(pattern).Matches(Of(PackageType.Dpkg, "curl", "7.88.1-10")));

    [Theory]
    [InlineData("pkg:npm/%40angular/core@1.0.0", "npm", "@angular/core", "1.0.0")]
    [InlineData("pkg:npm/@angular/core@1.0.0", "npm", "@angular/core", "1.0.0")]
    [InlineData("pkg:pypi/Zope.Interface@5.0", "python", "zope-interface", "5.0")]
    [InlineData("pkg:golang/github.com/Foo/bar@v1.2.3", "go", "github.com/foo/bar", "1.2.3")]
    [InlineData("pkg:golang/github.com/foo/bar@1.2.3", "go", "github.com/foo/bar", "v1.2.3")]
    [InlineData("pkg:maven/org.slf4j/slf4j-api@1.7?type=jar", "maven", "org.slf4j:slf4j-api", "1.7")]
    [InlineData("pkg:rpm/debian/bash@5.1?epoch=1", "rpm", "bash", "1:5.1")]
    [InlineData("pkg:rpm/debian/bash@5.1?epoch=0", "rpm", "bash", "5.1")]
    [InlineData("pkg:deb/debian/bash@5.1?epoch=1", "dpkg", "bash", "1:5.1")]
    public void KnowsTheWaysInWhichTheSameIsWritten(string pattern, string type, string name, string version) =>
        Assert.True(Parse(pattern).Matches(Of(PackageType.Named(type)!, name, version)));

    [Theory]
    [InlineData("pkg:maven/org.slf4j/slf4j-api@1.7?type=war", "maven", "org.slf4j:slf4j-api", "1.7")]
    [InlineData("pkg:rpm/debian/bash@5.1?epoch=2", "rpm", "bash", "1:5.1")]
    [InlineData("pkg:npm/core@1.0.0", "npm", "@angular/core", "1.0.0")]
    public void TellsApartWhatIsNot(string pattern, string type, string name, string version) =>
        Assert.False(Parse(pattern).Matches(Of(PackageType.Named(type)!, name, version)));

    [Theory]
    [InlineData("")]
    [InlineData("pkg:")]
    [InlineData("pkg:npm")]
    [InlineData("pkg:npm/")]
    [InlineData("pkg:npm/a%0ab@1")]
    [InlineData("pkg:golang/github.com/foo/bar@1#cmd/x")]
    [InlineData("https://example.com/pkg:npm/x")]
    public void IsNothingElse(string text) => Assert.False(PackageUrlPattern.TryParse(text, out _));

    [Fact]
    public void IsNotLongerThanPackageUrlsAre() =>
        Assert.False(PackageUrlPattern.TryParse($"pkg:npm/{new string('a', PackageUrlReader.MaxCharacters)}", out _));

    private static PackageUrlPattern Parse(string text) => PackageUrlPattern.TryParse(text, out PackageUrlPattern? pattern) ? pattern : throw new FormatException(text);

    private static PackageUrlPattern Of(PackageType type, string name, string version) => Parse(PackageUrl.Of(
        new Package { Type = type, Name = name, Version = version, Path = "x", Architecture = type == PackageType.Dpkg ? "amd64" : null },
        new Distribution("debian", "12")));
}
