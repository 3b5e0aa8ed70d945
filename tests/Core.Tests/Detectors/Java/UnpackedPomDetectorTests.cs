using ImageScan.Core.Detectors.Java;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Java;

public sealed class UnpackedPomDetectorTests
{
    private const string Path = "opt/tomcat/webapps/shop/META-INF/maven/com.acme/shop/pom.properties";

    [Fact]
    public void ReadsAnUnpackedArchive()
    {
        Package package = Assert.Single(Detection.Read(new UnpackedPomDetector(), Path, "version=1.0\ngroupId=com.acme\nartifactId=shop\n").Packages);

        Assert.Equal((PackageType.Maven, "com.acme:shop", "1.0", Path), (package.Type, package.Name, package.Version, package.Path));
    }

    [Fact]
    public void SaysThatTheVersionIsMissing() =>
        Assert.Single(Detection.Read(new UnpackedPomDetector(), Path, "groupId=com.acme\n").Warnings);

    [Theory]
    [InlineData("META-INF/maven/a/b/pom.properties", true)]
    [InlineData("build/target/maven-archiver/pom.properties", false)]
    [InlineData("x/META-INF/maven/a/b/pom.xml", false)]
    public void WantsWhatLiesWhereMavenPutsIt(string path, bool wanted) => Assert.Equal(wanted, new UnpackedPomDetector().Wants(path));
}
