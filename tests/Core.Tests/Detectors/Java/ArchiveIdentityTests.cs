using ImageScan.Core.Detectors.Java;

namespace ImageScan.Core.Tests.Detectors.Java;

public sealed class ArchiveIdentityTests
{
    // Manifests of packages as Maven Central and Debian have them, cut down.
    [Theory]
    [InlineData(
        "lib/spring-core-5.3.15.jar",
        "Implementation-Title: spring-core\nImplementation-Version: 5.3.15\n",
        "org/springframework/core/A.class",
        "org.springframework:spring-core 5.3.15")]
    [InlineData(
        "lib/spring3-web-3.x.jar",
        "Implementation-Title: spring-web\nImplementation-Version: 4.3.30.RELEASE\n",
        "org/springframework/web/A.class",
        "org.springframework:spring-web 4.3.30.RELEASE")]
    [InlineData(
        "lib/catalina.jar",
        "Implementation-Title: Apache Tomcat\nImplementation-Version: 8.5.50\n",
        "org/apache/catalina/A.class",
        "org.apache.tomcat:tomcat-catalina 8.5.50")]
    [InlineData(
        "bin/bootstrap.jar",
        "Implementation-Title: Apache Tomcat Bootstrap\nImplementation-Version: 9.0.70\n",
        "org/apache/catalina/startup/Bootstrap.class",
        "org.apache.tomcat:tomcat 9.0.70")]
    [InlineData(
        "lib/jsp-api.jar",
        "Bundle-SymbolicName: org.apache.tomcat-jsp-api\nBundle-Version: 9.0.70\n",
        "javax/servlet/jsp/A.class",
        "org.apache.tomcat:tomcat-jsp-api 9.0.70")]
    [InlineData(
        "lib/tomcat-i18n-fr.jar",
        "Implementation-Title: Apache Tomcat\nImplementation-Version: 9.0.70\n",
        "x",
        "org.apache.tomcat:tomcat-i18n-fr 9.0.70")]
    [InlineData(
        "tomcat-embed-el-9.0.1.jar",
        "Bundle-SymbolicName: org.apache.tomcat-embed-el\n",
        "x",
        "org.apache.tomcat.embed:tomcat-embed-el 9.0.1")]
    [InlineData("log4j-1.2.17.jar", "", "org/apache/log4j/Logger.class", "log4j:log4j 1.2.17")]
    [InlineData(
        "commons-collections-3.2.1.jar",
        "Implementation-Vendor-Id: org.apache\n",
        "org/apache/commons/collections/A.class",
        "commons-collections:commons-collections 3.2.1")]
    [InlineData("dom4j-1.6.1.jar", "", "org/dom4j/A.class", "dom4j:dom4j 1.6.1")]
    [InlineData("dom4j-2.1.0.jar", "", "org/dom4j/A.class", "org.dom4j:dom4j 2.1.0")]
    [InlineData(
        "bcprov-jdk15on-168.jar",
        "Implementation-Vendor-Id: org.bouncycastle\nImplementation-Version: 1.68.0\n",
        "org/bouncycastle/A.class",
        "org.bouncycastle:bcprov-jdk15on 1.68.0")]
    [InlineData(
        "akka-stream_2.12-2.5.1.jar",
        "Implementation-Title: akka-stream\nImplementation-Vendor-Id: com.typesafe.akka\n",
        "akka/A.class",
        "com.typesafe.akka:akka-stream_2.12 2.5.1")]
    [InlineData("reactor-core-3.4.0.jar", "Bundle-SymbolicName: io.projectreactor.reactor-core\n", "x", "io.projectreactor:reactor-core 3.4.0")]
    [InlineData(
        "org.mortbay.jasper.apache-el-8.5.1.jar",
        "Bundle-SymbolicName: org.mortbay.jasper.apache-el\n",
        "x",
        "org.mortbay.jasper:apache-el 8.5.1")]
    [InlineData("m.jar", "Implementation-Title: io.micrometer#micrometer-core;1.5.1\n", "x", "io.micrometer:micrometer-core 1.5.1")]
    [InlineData(
        "git.jpi",
        "Group-Id: org.jenkins-ci.plugins\nShort-Name: git\nPlugin-Version: 4.0.0 (private-x)\n",
        "x",
        "org.jenkins-ci.plugins:git 4.0.0")]
    [InlineData("root/.m2/repository/com/acme/a/tool/1.0/tool-1.0.jar", "", "x", "com.acme.a:tool 1.0")]
    [InlineData("repository/com/acme/tool/1.0-SNAPSHOT/tool-1.0-SNAPSHOT.jar", "", "x", "com.acme:tool 1.0-SNAPSHOT")]
    [InlineData("root/.gradle/caches/modules-2/files-2.1/com.acme/tool/1.0/0a1b/tool-1.0.jar", "", "x", "com.acme:tool 1.0")]
    public void NamesTheGroupWhereSomethingStatesIt(string path, string manifest, string member, string package) =>
        Assert.Equal([package], PackagesOf(path, manifest, member));

    [Theory]
    [InlineData("log4j-1.2.17.jar", "", "com/acme/A.class", "log4j 1.2.17")]
    [InlineData("commons-x-1.0.jar", "Implementation-Vendor-Id: org.apache\n", "org/apache/A.class", "commons-x 1.0")]
    [InlineData(
        "servlet-api-3.1.jar",
        "Implementation-Vendor-Id: org.glassfish\nBundle-SymbolicName: javax.servlet-api\n",
        "javax/servlet/A.class",
        "servlet-api 3.1")]
    [InlineData("asm-9.7.1.jar", "Bundle-SymbolicName: org.objectweb.asm\n", "org/objectweb/asm/A.class", "asm 9.7.1")]
    [InlineData("foo-2.0.jar", "Implementation-Title: Foo for Bar\nImplementation-Version: 1.0\n", "x", "foo 2.0")]
    [InlineData("app.jar", "Implementation-Title: demo\nImplementation-Version: 0.0.1-SNAPSHOT\n", "x", "demo 0.0.1-SNAPSHOT")]
    [InlineData("app.jar", "Implementation-Title: Demo\nImplementation-Version: 1\n", "x", "app 1")]
    [InlineData("usr/share/repository/tool-1.0.jar", "", "x", "tool 1.0")]
    [InlineData("log4j-1.2-api.jar", "Implementation-Version: 2.19.0\n", "org/apache/log4j/A.class", "log4j-1.2-api 2.19.0")]
    [InlineData("log4j-1.2-api.jar", "", "org/apache/log4j/A.class", "log4j 1.2-api")]
    public void LeavesTheGroupOutWhereNothingStatesIt(string path, string manifest, string member, string package) =>
        Assert.Equal([package], PackagesOf(path, manifest, member));

    [Theory]
    [InlineData("app.jar", "")]
    [InlineData("app.jar", "Implementation-Version: unspecified\nImplementation-Title: ${project.name}\n")]
    [InlineData("jrt-fs.jar", "Implementation-Title: Java Runtime Environment\nImplementation-Version: 17.0.15\n")]
    [InlineData("a b-1.0.jar", "")]
    public void NamesNothingThatHasNoVersionOrIsOfTheRuntime(string path, string manifest) => Assert.Empty(PackagesOf(path, manifest, "x"));

    [Fact]
    public void KnowsAVersionOfEveryWellKnownArtifact() =>
        Assert.All(
            ["spring-core", "log4j-core", "tomcat-embed-core", "commons-fileupload", "h2", "mysql-connector-java"],
            name => Assert.NotNull(WellKnownArtifacts.Find(name, "1.0", _ => true)));

    private static string[] PackagesOf(string path, string manifest, string member)
    {
        var jar = new MadeJar().With(member);
        return (manifest.Length == 0 ? jar : jar.WithManifest(manifest)).PackagesAs(path);
    }
}
