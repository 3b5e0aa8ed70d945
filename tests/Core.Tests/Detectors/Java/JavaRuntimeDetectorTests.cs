using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Java;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Java;

public sealed class JavaRuntimeDetectorTests
{
    // Of Debian's openjdk-17-jre-headless 17.0.21.1+2-1~deb12u1, modules cut down.
    private const string Debian =
        "IMPLEMENTOR=\"Debian\"\nJAVA_RUNTIME_VERSION=\"17.0.21.1+2-1-deb12u1-Debian\"\nJAVA_VERSION=\"17.0.21.1\"\nJAVA_VERSION_DATE=\"2026-11-17\"\n"
        + "LIBC=\"gnu\"\nMODULES=\"java.base java.compiler\"\nOS_ARCH=\"x86_64\"\nOS_NAME=\"Linux\"\nSOURCE=\"\"\n";

    private readonly JavaRuntimeDetector _detector = new();

    [Fact]
    public void ReadsVersionAndImplementor()
    {
        Package package = Assert.Single(Read(Debian).Packages);

        Assert.Equal(
            (PackageType.Binary, "openjdk", "17.0.21.1", "Debian", "opt/java/openjdk/release"),
            (package.Type, package.Name, package.Version, package.Vendor, package.Path));
    }

    [Theory]
    [InlineData("JAVA_VERSION=\"1.8.0_345\"\nOS_NAME=\"Linux\"\n", "openjdk", "1.8.0_345")]
    [InlineData("IMPLEMENTOR=\"Azul Systems, Inc.\"\nJAVA_VERSION=\"21.0.1\"\n", "zulu", "21.0.1")]
    [InlineData("IMPLEMENTOR=\"Oracle Corporation\"\nJAVA_VERSION=\"17.0.2\"\n", "openjdk", "17.0.2")]
    [InlineData("IMPLEMENTOR=\"Oracle Corporation\"\nBUILD_TYPE=\"commercial\"\nJAVA_VERSION=\"11.0.2\"\n", "jdk", "11.0.2")]
    [InlineData("BUILD_TYPE=\"commercial\"\nIMAGE_TYPE=\"JRE\"\nJAVA_VERSION=\"11.0.2\"\n", "jre", "11.0.2")]
    public void NamesTheProduct(string text, string name, string version) =>
        Assert.Equal((name, version), Read(text).Packages.Select(package => (package.Name, package.Version)).Single());

    [Theory]
    [InlineData("")]
    [InlineData("VERSION=1\n")]
    [InlineData("JAVA_VERSION=\"\"\n")]
    [InlineData("#!/bin/sh\necho release\n")]
    public void IsSilentAboutOtherFiles(string text)
    {
        FileFindings found = Read(text);

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    private FileFindings Read(string text) => Detection.Read(_detector, "opt/java/openjdk/release", text);
}
