using System.Text;
using ImageScan.Core.Detectors.Java;

namespace ImageScan.Core.Tests.Detectors.Java;

public sealed class PomXmlTests
{
    [Fact]
    public void ReadsVersionAndLicenses()
    {
        PomXml pom = Read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <parent><version>1</version></parent>
              <version>2</version>
              <dependencies><dependency><version>3</version></dependency></dependencies>
              <licenses>
                <license><name>Apache License,
                  Version 2.0</name><url>https://www.apache.org/licenses/LICENSE-2.0.txt</url></license>
                <license><url>https://opensource.org/licenses/MIT</url></license>
                <license/>
              </licenses>
            </project>
            """);

        Assert.Equal(new PomXml("2", "Apache License, Version 2.0 OR https://opensource.org/licenses/MIT"), pom);
    }

    [Fact]
    public void TakesTheParentsVersion() =>
        Assert.Equal("1", Read("<project><parent><version>1</version></parent><build><version>9</version></build></project>").Version);

    [Theory]
    [InlineData("<project><licenses><license><name>MIT</name></license></licenses><name>&oacute;</name>", "MIT")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"x\">]><project><licenses><license><name>MIT</name></license><license><name>&b;", "MIT")]
    [InlineData("<project><licenses><license><name>MIT", "MIT")]
    [InlineData("<project><license><name>MIT</name></license></project>", null)]
    [InlineData("not XML", null)]
    [InlineData("", null)]
    public void KeepsWhatStandsBeforeAFault(string text, string? license) => Assert.Equal(license, Read(text).License);

    [Fact]
    public void FetchesNothing()
    {
        PomXml pom = Read(
            $"<!DOCTYPE p SYSTEM \"file:///etc/passwd\" [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
            + "<project><licenses><license><name>&x;</name></license></licenses></project>");

        Assert.Null(pom.License);
    }

    [Fact]
    public void StopsInTheDepths() => Assert.Null(Read(string.Concat(Enumerable.Repeat("<a>", 100_000))).Version);

    private static PomXml Read(string text) => PomXml.Read(Encoding.UTF8.GetBytes(text));
}
