using System.Buffers.Binary;
using System.IO.Compression;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Java;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Java;

public sealed class JavaArchiveDetectorTests
{
    private static readonly byte[] Empty = new MadeJar().ToBytes();

    [Fact]
    public void ReadsThePackageThatMavenDescribes()
    {
        MadeJar jar = new MadeJar().WithPom("org.slf4j", "slf4j-api", "1.7.36").WithManifest("Implementation-Title: slf4j-api\n");

        Package package = Assert.Single(Detection.Read(new JavaArchiveDetector(), "app/x.jar", jar.ToBytes()).Packages);

        Assert.Equal(
            (PackageType.Maven, "org.slf4j:slf4j-api", "1.7.36", "app/x.jar", null),
            (package.Type, package.Name, package.Version, package.Path, package.InnerPath));
    }

    [Fact]
    public void SaysWhereInAWarItsLibrariesAre()
    {
        MadeJar war = new MadeJar()
            .WithPom("com.acme", "shop", "1.0")
            .With("WEB-INF/lib/spring-beans-5.3.15.jar", new MadeJar().With("org/springframework/beans/A.class"))
            .With("WEB-INF/lib/slf4j-api-1.7.36.jar", new MadeJar().WithPom("org.slf4j", "slf4j-api", "1.7.36"));

        FileFindings found = Detection.Read(new JavaArchiveDetector(), "usr/shop.war", war.ToBytes());

        Assert.Equal(
            [
                "com.acme:shop 1.0",
                "WEB-INF/lib/spring-beans-5.3.15.jar: org.springframework:spring-beans 5.3.15",
                "WEB-INF/lib/slf4j-api-1.7.36.jar: org.slf4j:slf4j-api 1.7.36",
            ],
            MadeJar.PackagesOf(found));
        Assert.Equal("usr/shop.war/WEB-INF/lib/spring-beans-5.3.15.jar", found.Packages[1].Location);
    }

    [Fact]
    public void TwoCopiesInOneArchiveAreTwoPackages()
    {
        MadeJar copy = new MadeJar().WithPom("a", "b", "1");
        byte[] bytes = copy.ToBytes();

        string[] packages = new MadeJar().With("x/b.jar", bytes).With("y/b.jar", bytes).PackagesAs("app.war");

        Assert.Equal(["x/b.jar: a:b 1", "y/b.jar: a:b 1"], packages);
    }

    [Fact]
    public void ReadsASpringBootArchiveThatBeginsWithAScript()
    {
        MadeJar boot = new MadeJar()
            .WithPom("com.acme", "app", "1.0")
            .WithStored("BOOT-INF/lib/slf4j-api-1.7.36.jar", new MadeJar().WithPom("org.slf4j", "slf4j-api", "1.7.36"));

        FileFindings found = Detection.Read(new JavaArchiveDetector(), "app.jar", [.. "#!/bin/bash\nexec java -jar $0\n"u8, .. boot.ToBytes()]);

        Assert.Equal(["com.acme:app 1.0", "BOOT-INF/lib/slf4j-api-1.7.36.jar: org.slf4j:slf4j-api 1.7.36"], MadeJar.PackagesOf(found));
    }

    [Fact]
    public void CountsEveryPackageShadedIntoAnArchive() =>
        Assert.Equal(
            ["com.acme:app 1.0", "org.slf4j:slf4j-api 1.7.36", "com.google.guava:guava 31.1-jre"],
            new MadeJar()
                .WithPom("com.acme", "app", "1.0").WithPom("org.slf4j", "slf4j-api", "1.7.36").WithPom("com.google.guava", "guava", "31.1-jre")
                .PackagesAs("app-1.0.jar"));

    [Fact]
    public void AddsAnArchiveThatOnlyDescribesWhatIsShadedIntoIt() =>
        Assert.Equal(
            ["org.slf4j:slf4j-api 1.7.36", "org.elasticsearch:elasticsearch 7.10.2"],
            new MadeJar().WithPom("org.slf4j", "slf4j-api", "1.7.36").With("org/elasticsearch/A.class").PackagesAs("lib/elasticsearch-7.10.2.jar"));

    [Theory]
    [InlineData("app.jar", "")]
    [InlineData("renamed-1.0.jar", "")]
    [InlineData("shop-2.jar", "")]
    [InlineData("com.acme.shop-1.0.jar", "")]
    [InlineData("log4j-1.2-shop.jar", "Implementation-Title: shop\n")]
    public void TakesADescribedPackageForTheArchiveItself(string path, string manifest) =>
        Assert.Equal(["com.acme:shop 1.0"], new MadeJar().WithPom("com.acme", "shop", "1.0").WithManifest(manifest).PackagesAs(path));

    // As in Debian's liblog4j2-java: the name is that of the artifact, and no version 1.2 of log4j.
    [Fact]
    public void DoesNotTakeTheBridgeFromLog4jForLog4j() =>
        Assert.Equal(
            ["org.apache.logging.log4j:log4j-1.2-api 2.19.0"],
            new MadeJar().WithPom("org.apache.logging.log4j", "log4j-1.2-api", "2.19.0").With("org/apache/log4j/A.class").PackagesAs("log4j-1.2-api.jar"));

    [Fact]
    public void CountsAPackageOnceForEachArchive() =>
        Assert.Equal(
            ["a:b 1"],
            new MadeJar().WithPom("a", "b", "1").With("META-INF/versions/9/META-INF/maven/a/b/pom.properties", "version=1\n").PackagesAs("b-1.jar"));

    [Fact]
    public void ReadsAPomWithoutProperties() =>
        Assert.Equal(
            ["a:b 2", "c:d 1"],
            new MadeJar()
                .With("META-INF/maven/a/b/pom.xml", "<project><parent><version>1</version></parent><version>2</version></project>")
                .With("META-INF/maven/c/d/pom.xml", "<project><parent><version>1</version></parent></project>")
                .With("META-INF/maven/e/f/pom.xml", "<project><version>${revision}</version></project>")
                .With("src/pom.xml", "<project><version>1</version></project>")
                .PackagesAs("x.jar"));

    [Fact]
    public void TakesLicensesFromPomAndManifest()
    {
        MadeJar jar = new MadeJar()
            .WithPom("a", "own", "1")
            .WithPom("a", "shaded", "1")
            .WithPom("a", "silent", "1")
            .With("META-INF/maven/a/shaded/pom.xml", "<project><licenses><license><name>MIT</name></license></licenses></project>")
            .WithManifest("Bundle-License: Apache-2.0\n");

        FileFindings found = Detection.Read(new JavaArchiveDetector(), "own-1.jar", jar.ToBytes());

        Assert.Equal(
            [("a:own", "Apache-2.0"), ("a:shaded", "MIT"), ("a:silent", null)],
            found.Packages.Select(package => (package.Name, package.License)));
    }

    [Theory]
    [InlineData("b-1-sources.jar")]
    [InlineData("b-1-javadoc.jar")]
    public void SourcesAndDocumentationAreNoPackage(string path)
    {
        Assert.Empty(new MadeJar().WithPom("a", "b", "1").With("b/B.java").PackagesAs(path));
        Assert.Equal(["a:b 1"], new MadeJar().WithPom("a", "b", "1").With("b/B.class").PackagesAs(path));
    }

    [Theory]
    [InlineData("x.war")]
    [InlineData("x.EAR")]
    [InlineData("x.par")]
    [InlineData("x.sar")]
    [InlineData("x.rar")]
    [InlineData("x.kar")]
    [InlineData("x.nar")]
    [InlineData("x.hpi")]
    [InlineData("x.jpi")]
    [InlineData("x.aar")]
    [InlineData("x.lpkg")]
    public void ReadsArchivesOfOtherNames(string path) => Assert.Equal(["a:b 1"], new MadeJar().WithPom("a", "b", "1").PackagesAs(path));

    [Theory]
    [InlineData("x.zip")]
    [InlineData("jar")]
    [InlineData("x.jar.txt")]
    [InlineData("x.jar/y")]
    [InlineData("x.j")]
    public void DoesNotWantOtherFiles(string path) => Assert.False(new JavaArchiveDetector().Wants(path));

    [Theory]
    [InlineData("x.rar", "Rar!\u001a\u0007\u0001\u0000")]
    [InlineData("x.kar", "MThd")]
    [InlineData("x.jar", "")]
    public void IsSilentAboutOtherFormatsAndEmptyFiles(string path, string text) =>
        Assert.Empty(MadeJar.PackagesOf(Detection.Read(new JavaArchiveDetector(), path, text)));

    [Fact]
    public void NamesThatLeadOutOfTheArchiveStayInIt()
    {
        MadeJar nested = new MadeJar().WithPom("a", "b", "1");

        Assert.Equal(["etc/x.jar: a:b 1"], new MadeJar().With("/../..\\etc/./x.jar", nested).PackagesAs("x.war"));
    }

    [Fact]
    public void SaysThatAFileIsNoArchive() => AssertWarns("not a zip archive"u8.ToArray(), "The archive is no zip archive, or not all of one.");

    [Fact]
    public void SaysWhichArchiveInItIsNone() =>
        AssertWarns(new MadeJar().With("lib/x.jar", "text").ToBytes(), "In the archive, lib/x.jar is no zip archive, or not all of one.");

    [Fact]
    public void SaysThatAMemberIsEncrypted()
    {
        byte[] jar = new MadeJar().With("lib/x.jar", Empty).ToBytes();
        int header = jar.AsSpan().LastIndexOf("PK\x01\x02"u8);
        jar[header + 8] |= 1;

        AssertWarns(jar, "In the archive, lib/x.jar is encrypted.");
    }

    [Fact]
    public void SaysThatAMemberIsCompressedOtherwise()
    {
        byte[] jar = new MadeJar().WithManifest("").ToBytes();
        int header = jar.AsSpan().LastIndexOf("PK\x01\x02"u8);
        jar[header + 10] = 9;

        AssertWarns(jar, "In the archive, META-INF/MANIFEST.MF is compressed by method 9, which Java does not know either.");
    }

    [Fact]
    public void SaysThatAMemberIsDamaged()
    {
        byte[] jar = new MadeJar().With("x.jar", Enumerable.Range(0, 400).Select(i => (byte)(i * i)).ToArray()).ToBytes();
        jar.AsSpan(35, 40).Fill(0xFF);

        AssertWarns(jar, "In the archive, x.jar is damaged.");
    }

    [Fact]
    public void ReadsToADepthAndSaysWhatLiesDeeper()
    {
        MadeJar jar = new MadeJar().WithPom("a", "b", "1");
        for (int depth = 0; depth < 8; depth++)
        {
            jar = new MadeJar().With("x.jar", jar);
        }

        AssertWarns(jar.ToBytes(), "In the archive, x.jar/x.jar/x.jar/x.jar/x.jar/x.jar/x.jar/x.jar was not read: it lies in more than 8 archives.");
    }

    [Fact]
    public void ReadsAMemberThatIsLongerThanItSays()
    {
        byte[] jar = new MadeJar().WithPom("a", "b", "1").ToBytes();
        int header = jar.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(jar.AsSpan(header + 24), 3);

        Assert.Equal(["a:b 1"], MadeJar.PackagesOf(Detection.Read(new JavaArchiveDetector(), "x.jar", jar)));
    }

    [Fact]
    public void StopsAtABombAndSaysSo()
    {
        byte[] jar = new MadeJar().With("x.jar", new byte[20 << 20]).ToBytes();

        FileFindings found = Detection.Read(new JavaArchiveDetector(), "y.jar", jar);

        Assert.Contains("inflate to more than 20 times its size", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void StopsAtAnArchiveThatIsTooLargeToBeHeld()
    {
        byte[] jar = new MadeJar().With("x.jar", new MadeJar().With("a", new byte[3000], CompressionLevel.NoCompression)).ToBytes();

        FileFindings found = Read(jar, new JavaArchiveLimits { HeldBytes = 2000 });

        Assert.Contains("x.jar has more bytes than may be held", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LetsGoOfOneArchiveBeforeTheNext()
    {
        byte[] copy = new MadeJar().WithPom("a", "b", "1").With("pad", new byte[1000], CompressionLevel.NoCompression).ToBytes();
        var war = new MadeJar();
        for (int i = 0; i < 20; i++)
        {
            war.With($"{i}.jar", copy);
        }

        FileFindings found = Read(war.ToBytes(), new JavaArchiveLimits { HeldBytes = 2000 });

        Assert.Empty(found.Warnings);
        Assert.Equal(20, found.Packages.Count);
    }

    [Fact]
    public async Task LetsOneFileAtATimeHoldLargeArchives()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var cancelled = new CancellationTokenSource();
        using MemberReader first = HolderOfNested(token);
        Task<MemberReader> second = Task.Run(() => HolderOfNested(token), token);
        Task<MemberReader> third = Task.Run(() => HolderOfNested(cancelled.Token), token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.False(second.IsCompleted);

        first.Dispose();

        using MemberReader holder = await second;
    }

    private static MemberReader HolderOfNested(CancellationToken cancellationToken)
    {
        byte[] jar = new MadeJar().With("x.jar", new MadeJar().WithPom("a", "b", "1")).ToBytes();
        var reader = new MemberReader(jar.Length, new JavaArchiveLimits { HeldBesideOthersBytes = 10 }, cancellationToken);
        ZipDirectory directory = ZipDirectory.Find(jar)!;
        Assert.True(directory.TryNext(out ZipMember member) && reader.TryHold(directory, member, out _, out _));
        return reader;
    }

    [Theory]
    [InlineData(3, 100)]
    [InlineData(100, 3)]
    public void StopsAtTooManyMembersAndSaysSo(int members, int wanted)
    {
        var war = new MadeJar();
        for (int i = 0; i < 10; i++)
        {
            war.WithPom("a", $"b{i}", "1");
        }

        FileFindings found = Read(war.ToBytes(), new JavaArchiveLimits { Members = members, WantedMembers = wanted });

        Assert.Contains("was not read to its end", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
        Assert.InRange(found.Packages.Count, 3, 4);
    }

    [Fact]
    public void PassesOverANameThatIsTooLong()
    {
        byte[] jar = new MadeJar().With(new string('x', 2000) + ".jar", Empty).With(new string('x', 2000) + "/pom.properties").ToBytes();

        AssertWarns(jar, "The archive has members with names of more than 1024 bytes, which were not read.");
    }

    [Fact]
    public void PassesOverAPathThatIsTooLong()
    {
        string name = new string('x', 600) + ".jar";
        byte[] jar = new MadeJar().With(name, new MadeJar().With(name, new MadeJar().WithPom("a", "b", "1"))).ToBytes();

        FileFindings found = Detection.Read(new JavaArchiveDetector(), "y.jar", jar);

        Assert.Empty(found.Packages);
        Assert.EndsWith("… was not read: its path is too long.", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    private static void AssertWarns(byte[] jar, string reason)
    {
        FileFindings found = Detection.Read(new JavaArchiveDetector(), "y.jar", jar);

        Assert.Equal([new InventoryWarning("y.jar", reason)], found.Warnings);
    }

    private static FileFindings Read(byte[] jar, JavaArchiveLimits limits) => Detection.Read(new JavaArchiveDetector(limits), "y.jar", jar);
}
