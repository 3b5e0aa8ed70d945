using ImageScan.Core.Detectors.Java;

namespace ImageScan.Core.Tests.Detectors.Java;

public sealed class JarFileNameTests
{
    [Theory]
    [InlineData("guava-31.1-jre.jar", "guava", "31.1-jre")]
    [InlineData("log4j-1.2-api-2.14.1.jar", "log4j-1.2-api", "2.14.1")]
    [InlineData("protobuf-java-3.0.0-beta-2.jar", "protobuf-java", "3.0.0-beta-2")]
    [InlineData("hibernate-jpa-2.1-api-1.0.0.Final.jar", "hibernate-jpa-2.1-api", "1.0.0.Final")]
    [InlineData("jboss-saaj-api_1.4_spec-1.0.2.Final.jar", "jboss-saaj-api_1.4_spec", "1.0.2.Final")]
    [InlineData("spark-core_2.12-3.1.1.jar", "spark-core_2.12", "3.1.1")]
    [InlineData("spring-data-r2dbc-1.1.0.RELEASE.jar", "spring-data-r2dbc", "1.1.0.RELEASE")]
    [InlineData("bcprov-jdk15on-1.68.jar", "bcprov-jdk15on", "1.68")]
    [InlineData("commons-math3-3.2.jar", "commons-math3", "3.2")]
    [InlineData("javax.servlet-api-4.0.1.jar", "javax.servlet-api", "4.0.1")]
    [InlineData("foo-1.0-20210101.123456-1.jar", "foo", "1.0-20210101.123456-1")]
    [InlineData("foo-1.0-SNAPSHOT.war", "foo", "1.0-SNAPSHOT")]
    [InlineData("guava-r06.jar", "guava", "r06")]
    [InlineData("trilead-ssh2-build212-hudson-5.jar", "trilead-ssh2", "build212-hudson-5")]
    [InlineData("jtidy-4aug2000r7-dev-hudson-1.jar", "jtidy", "4aug2000r7-dev-hudson-1")]
    [InlineData("json-20210307.jar", "json", "20210307")]
    [InlineData("WEB-INF/lib-2.0/x-1.jar", "x", "1")]
    [InlineData("app.jar", "app", null)]
    [InlineData("spring3-core-3.x.jar", "spring3-core-3.x", null)]
    [InlineData("-1.0.jar", "-1.0", null)]
    [InlineData(".jar", ".jar", null)]
    [InlineData("x-.jar", "x-", null)]
    [InlineData("x--1.jar", "x-", "1")]
    [InlineData("x-1-2-3-4-5-6-7-8.jar", "x", "1-2-3-4-5-6-7-8")]
    public void TellsArtifactAndVersionApart(string name, string artifact, string? version)
    {
        var parts = JarFileName.Of(name);

        Assert.Equal((artifact, version), (parts.Artifact, parts.Version));
        Assert.True(parts.IsSure);
    }

    [Fact]
    public void TakesANameThatNoFileCanHaveAsItStands()
    {
        string name = string.Concat(Enumerable.Repeat("1-", 200));

        Assert.Equal((name, null), (JarFileName.Of(name + ".jar").Artifact, JarFileName.Of(name + ".jar").Version));
    }

    [Theory]
    [InlineData("log4j-1.2-1.2.17.jar", "1.2.17", "log4j-1.2", "1.2.17")]
    [InlineData("log4j-1.2-api.jar", "2.19.0", "log4j-1.2-api", null)]
    [InlineData("app-1.0-native.jar", "1.0", "app", "1.0")]
    [InlineData("guava-18.0-custom.jar", "18.0.0", "guava", "18.0.0")]
    [InlineData("bcprov-jdk15on-168.jar", "1.68.0", "bcprov-jdk15on", "1.68.0")]
    [InlineData("x-9.4.1.v20170120.jar", "9.4.1.v20170120", "x", "9.4.1.v20170120")]
    [InlineData("x-2.12.0.jar", "2.11.0", "x", "2.12.0")]
    [InlineData("x-1.2.jar", "1.2.0", "x", "1.2")]
    public void TakesTheVersionThatIsKnownForHelp(string name, string known, string artifact, string? version)
    {
        var parts = JarFileName.Of(name, known);

        Assert.Equal((artifact, version), (parts.Artifact, parts.Version));
    }

    [Theory]
    [InlineData("log4j-1.2-api.jar")]
    [InlineData("guava-18.0-custom.jar")]
    public void IsNotSureOfAVersionLikeNoOther(string name) => Assert.False(JarFileName.Of(name).IsSure);

    [Theory]
    [InlineData("x-1.0-sources.jar", "1.0", "sources", true)]
    [InlineData("x-1.0-javadoc.jar", "1.0", "javadoc", true)]
    [InlineData("x-1.0-test-sources.jar", "1.0", "test-sources", true)]
    [InlineData("hadoop-common-3.3.0-tests.jar", "3.3.0", "tests", false)]
    [InlineData("x-1.0-SNAPSHOT-jar-with-dependencies.jar", "1.0-SNAPSHOT", "jar-with-dependencies", false)]
    [InlineData("x-1.0-all.jar", "1.0", "all", false)]
    [InlineData("groovy-all.jar", null, null, false)]
    public void KnowsUsualClassifiers(string name, string? version, string? classifier, bool isForReading)
    {
        var parts = JarFileName.Of(name);

        Assert.Equal((version, classifier, isForReading), (parts.Version, parts.Classifier, parts.IsForReading));
    }
}
