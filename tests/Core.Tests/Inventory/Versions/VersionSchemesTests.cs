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
    [InlineData("Go", typeof(SemVerVersionScheme))]
    [InlineData("Bitnami", typeof(SemVerVersionScheme))]
    [InlineData("Julia", typeof(SemVerVersionScheme))]
    [InlineData("SwiftURL", typeof(SemVerVersionScheme))]
    [InlineData("AlmaLinux:8", typeof(RpmVersionScheme))]
    [InlineData("Red Hat:enterprise_linux:9::baseos", typeof(RpmVersionScheme))]
    [InlineData("Azure Linux:3", typeof(RpmVersionScheme))]
    [InlineData("Maven:https://repo1.maven.org/maven2", typeof(MavenVersionScheme))]
    [InlineData("RubyGems", typeof(RubyGemsVersionScheme))]
    [InlineData("NuGet", typeof(NuGetVersionScheme))]
    [InlineData("CRAN", typeof(CranVersionScheme))]
    public void KnowsTheOrderOf(string ecosystem, Type scheme) => Assert.IsType(scheme, VersionSchemes.For(ecosystem));

    [Theory]
    [InlineData("Packagist")]
    [InlineData("Hex")]
    [InlineData("debian")]
    [InlineData("")]
    [InlineData(":")]
    public void KnowsNoOrderOf(string ecosystem) => Assert.Null(VersionSchemes.For(ecosystem));

    // A scan compares tens of thousands of pairs.
    [Theory]
    [InlineData("Debian", "1:2.36-9+deb12u4", "1:2.36-9+deb12u10")]
    [InlineData("Alpine", "1.36.1_p2-r15", "1.36.1_p2-r5")]
    [InlineData("npm", "4.17.20-rc.1", "4.17.20-rc.2")]
    [InlineData("Go", "v0.0.0-20230101000000-abcdefabcdef", "v0.0.0-20240101000000-abcdefabcdef")]
    [InlineData("PyPI", "2.0.0rc1.post1.dev2+local.1", "2.0.0rc1.post1.dev2+local.2")]
    [InlineData("AlmaLinux", "0:4.18.0-305.el8", "0:4.18.0-348.el8")]
    [InlineData("RubyGems", "1.13.10.rc1-x86_64-linux", "1.13.10.rc2")]
    public void ComparesWithoutAllocating(string ecosystem, string left, string right)
    {
        VersionScheme scheme = VersionSchemes.For(ecosystem)!;
        Assert.True(scheme.TryCompare(left, right, out int order));
        Assert.NotEqual(0, order);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            scheme.TryCompare(left, right, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
