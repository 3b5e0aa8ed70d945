using System.Text;
using ImageScan.Core.Detectors.Java;

namespace ImageScan.Core.Tests.Detectors.Java;

public sealed class JarManifestTests
{
    // Of Debian's libtomcat10-java 10.1.60-1~deb12u1, cut down to what is read and a little of the rest.
    private const string Tomcat =
        "Manifest-Version: 1.0\r\n"
        + "Bundle-License: https://www.apache.org/licenses/LICENSE-2.0.txt\r\n"
        + "Bundle-SymbolicName: org.apache.tomcat-catalina\r\n"
        + "Bundle-Version: 10.1.60\r\n"
        + "Export-Package: org.apache.catalina;uses:=\"jakarta.servlet,jakarta.servl\r\n"
        + " et.annotation\";version=\"10.1.60\"\r\n"
        + "Implementation-Title: Apache Tomcat\r\n"
        + "Implementation-Version: 10.1.60\r\n\r\n"
        + "Name: org/apache/catalina/\r\nImplementation-Title: of a part\r\n";

    [Fact]
    public void ReadsTheMainSection()
    {
        JarManifest manifest = Read(Tomcat);

        Assert.Equal(
            ("Apache Tomcat", "10.1.60", "org.apache.tomcat-catalina", "https://www.apache.org/licenses/LICENSE-2.0.txt"),
            (manifest.Title, manifest.Version, manifest.SymbolicName, manifest.License));
        Assert.Null(manifest.VendorId);
    }

    [Fact]
    public void JoinsLinesThatAreBrokenInTheMiddleOfACharacter()
    {
        byte[] text = [.. "Implementation-Title: caf"u8, 0xC3, .. "\n "u8, 0xA9, .. "\nimplementation-version: 1.0"u8];

        JarManifest manifest = JarManifest.Read(text);

        Assert.Equal(("café", "1.0"), (manifest.Title, manifest.Version));
    }

    [Theory]
    [InlineData("Implementation-Version: 8.11.1 0b002b11 - user - 2021-12-10\n", "8.11.1")]
    [InlineData("Implementation-Version: ${project.version}\nBundle-Version: 1.2.3\n", "1.2.3")]
    [InlineData("Implementation-Version: unspecified\n", null)]
    [InlineData("Specification-Version: 4.0\n", null)]
    [InlineData("Implementation-Version:\n", null)]
    [InlineData("Implementation-Version: v2.1\n", "v2.1")]
    public void TakesAVersionThatIsOne(string text, string? version) => Assert.Equal(version, Read(text).Version);

    [Theory]
    [InlineData("Bundle-SymbolicName: org.eclipse.osgi; singleton:=true\n", "org.eclipse.osgi")]
    [InlineData("Bundle-SymbolicName: a.b\n", "a.b")]
    public void TakesTheSymbolicNameWithoutDirectives(string text, string name) => Assert.Equal(name, Read(text).SymbolicName);

    [Theory]
    [InlineData("Bundle-License: \"Apache-2.0\";link=\"https://x\",MIT\n", "Apache-2.0 OR MIT")]
    [InlineData("Bundle-License: <<EXTERNAL>>\n", null)]
    [InlineData("Bundle-License: ,;\n", null)]
    public void ListsTheLicenses(string text, string? license) => Assert.Equal(license, Read(text).License);

    private static JarManifest Read(string text) => JarManifest.Read(Encoding.UTF8.GetBytes(text));
}
