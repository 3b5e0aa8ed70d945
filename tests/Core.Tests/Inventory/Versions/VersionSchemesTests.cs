using ImageScan.Core.Inventory;
using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

public sealed class VersionSchemesTests
{
    [Theory]
    [InlineData("Debian", typeof(DpkgVersionScheme))]
    [InlineData("Debian:12", typeof(DpkgVersionScheme))]
    [InlineData("Ubuntu:Pro:18.04:LTS", typeof(DpkgVersionScheme))]
    [InlineData("Alpine:v3.20", typeof(ApkVersionScheme))]
    [InlineData("Wolfi", typeof(ApkVersionScheme))]
    [InlineData("Chainguard", typeof(ApkVersionScheme))]
    [InlineData("Alpaquita:stream", typeof(ApkVersionScheme))]
    [InlineData("BellSoft Hardened Containers:23", typeof(ApkVersionScheme))]
    [InlineData("npm", typeof(NpmVersionScheme))]
    [InlineData("PyPI", typeof(Pep440VersionScheme))]
    [InlineData("crates.io", typeof(SemVerVersionScheme))]
    [InlineData("Go", typeof(GoVersionScheme))]
    [InlineData("Hex", typeof(SemVerVersionScheme))]
    [InlineData("Pub", typeof(PubVersionScheme))]
    [InlineData("Packagist", typeof(PackagistVersionScheme))]
    [InlineData("Bitnami", typeof(BitnamiVersionScheme))]
    [InlineData("Julia", typeof(SemVerVersionScheme))]
    [InlineData("SwiftURL", typeof(SemVerVersionScheme))]
    [InlineData("AlmaLinux:8", typeof(RpmVersionScheme))]
    [InlineData("Red Hat:enterprise_linux:9::baseos", typeof(RpmVersionScheme))]
    [InlineData("Azure Linux:3", typeof(RpmVersionScheme))]
    [InlineData("Rocky Linux:9", typeof(RpmVersionScheme))]
    [InlineData("SUSE:Linux Enterprise Server 15 SP5", typeof(RpmVersionScheme))]
    [InlineData("openSUSE:Leap 15.5", typeof(RpmVersionScheme))]
    [InlineData("Photon OS:5.0", typeof(RpmVersionScheme))]
    [InlineData("Oracle Linux:9", typeof(RpmVersionScheme))]
    [InlineData("Amazon Linux:2023", typeof(RpmVersionScheme))]
    [InlineData("Arch", typeof(AlpmVersionScheme))]
    [InlineData("conda", typeof(CondaVersionScheme))]
    [InlineData("WordPress", typeof(PhpVersionScheme))]
    [InlineData("generic", typeof(GenericVersionScheme))]
    [InlineData("Maven:https://repo1.maven.org/maven2", typeof(MavenVersionScheme))]
    [InlineData("RubyGems", typeof(RubyGemsVersionScheme))]
    [InlineData("NuGet", typeof(NuGetVersionScheme))]
    [InlineData("CRAN", typeof(CranVersionScheme))]
    public void KnowsTheOrderOf(string ecosystem, Type scheme) => Assert.IsType(scheme, VersionSchemes.For(ecosystem));

    [Theory]
    [InlineData("cran")]
    [InlineData("debian")]
    [InlineData("")]
    [InlineData(":")]
    public void KnowsNoOrderOf(string ecosystem) => Assert.Null(VersionSchemes.For(ecosystem));

    [Fact]
    public void KnowsTheOrderOfEveryTypeOfPackage() =>
        Assert.All(PackageType.All, type => Assert.NotNull(VersionSchemes.For(type.VersionOrder)));
}
