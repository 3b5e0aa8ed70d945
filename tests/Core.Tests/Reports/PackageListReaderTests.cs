using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Reports;

public sealed class PackageListReaderTests
{
    private static PackageList Read(string text) => PackageListReader.Read(Encoding.UTF8.GetBytes(text), "list");

    private static IEnumerable<string> Written(PackageList list) => list.Packages.Select(package =>
        $"{package.Type} {package.Name} {package.Version} {package.SourceName}/{package.SourceVersion} {package.Module} {package.Architecture}");

    [Fact]
    public void ReadsLinesOfUrlsAndOfWords()
    {
        PackageList list = Read("""
            # a comment

            pkg:npm/lodash@4.17.20
            dpkg/libssl1.1/1.1.1n-0+deb11u3/openssl
            dpkg  libc6 2.31-13+b1  glibc 2.31-13
            npm/@babel/core/7.0.0
            go golang.org/x/net v0.1.0
            python/Foo_Bar/1.0
            deb/curl/7.1-1
            pypi/Foo_Bar/1.1
            pkg:npm/lodash@4.17.20
            """);

        Assert.Equal(
            [
                "npm lodash 4.17.20 /  ", "dpkg libssl1.1 1.1.1n-0+deb11u3 openssl/  ", "dpkg libc6 2.31-13+b1 glibc/2.31-13  ",
                "npm @babel/core 7.0.0 /  ", "go golang.org/x/net v0.1.0 /  ", "python foo-bar 1.0 /  ",
                "dpkg curl 7.1-1 /  ", "python foo-bar 1.1 /  ",
            ],
            Written(list));
        Assert.Empty(list.Warnings);
    }

    [Fact]
    public void CountsWhatItCannotUseByReason()
    {
        PackageList list = Read("pkg:hex/a@1\npkg:hex/b@1\nnonsense\nnpm x\npkg:npm/x\n");

        Assert.Empty(list.Packages);
        Assert.Equal(
            [
                "1 entry was left out: a line without type, name and version.", "1 entry was left out: a package URL without a version.",
                "1 entry was left out: neither a package URL nor a line of type, name and version.",
                "2 entries were left out: a package URL of type hex, of which there are no advisories here.",
            ],
            list.Warnings.Select(warning => warning.Reason).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadsItsOwnBillsOfMaterialsWithoutLoss(bool isCycloneDx)
    {
        Scan scan = ReportedScans.Of(
        [
            .. new Package[]
            {
                new() { Type = PackageType.Dpkg, Name = "libc6", Version = "2.31-13+b1", SourceName = "glibc", SourceVersion = "2.31-13", Architecture = "amd64", Path = "s" },
                new() { Type = PackageType.Rpm, Name = "nodejs", Version = "1:18.1-1.el8", Module = "nodejs:18:8090:rhel8", Architecture = "x86_64", Path = "r" },
                new() { Type = PackageType.Npm, Name = "@a/b", Version = "1.0.0", Path = "n" },
                new() { Type = PackageType.Maven, Name = "org.slf4j:slf4j-api", Version = "1.7", Path = "x.jar" },
            }.Select(package => new InstalledPackage(package, 0)),
        ]);

        PackageList list = PackageListReader.Read(ReportedScans.Written(scan, isCycloneDx ? CycloneDx.Write : Spdx.Write), "list");

        Assert.Equal(("debian", "12"), (list.Distribution?.Id, list.Distribution?.VersionId));
        Assert.Equal(
            [
                "dpkg libc6 2.31-13+b1 glibc/2.31-13  amd64", "rpm nodejs 1:18.1-1.el8 / nodejs:18:8090:rhel8 x86_64", "npm @a/b 1.0.0 /  ",
                "maven org.slf4j:slf4j-api 1.7 /  ",
            ],
            Written(list));
        Assert.Empty(list.Warnings);
    }

    [Fact]
    public void ReadsWhatSyftAndTrivySayOfSources()
    {
        PackageList list = Read("""
            {"bomFormat":"CycloneDX","components":[
             {"type":"library","purl":"pkg:deb/debian/libc6@2.31-13?distro=debian-11","properties":[
               {"name":"aquasecurity:trivy:SrcName","value":"glibc"},{"name":"aquasecurity:trivy:SrcEpoch","value":"1"},
               {"name":"aquasecurity:trivy:SrcVersion","value":"2.31"},{"name":"aquasecurity:trivy:SrcRelease","value":"13"}]},
             {"type":"library","purl":"pkg:rpm/rhel/openssl-libs@3.0.7-2.el9","properties":[{"name":"syft:metadata:sourceRpm","value":"openssl-3.0.7-2.el9.src.rpm"}],
              "components":[{"type":"library","purl":"pkg:npm/x@1"}]},
             {"type":"library","name":"nameless"},{"type":"container","name":"image"},{"type":"file","name":"f"}]}
            """);

        Assert.Equal(["dpkg libc6 2.31-13 glibc/1:2.31-13  ", "rpm openssl-libs 3.0.7-2.el9 openssl/  ", "npm x 1 /  "], Written(list));
        Assert.Equal("debian", list.Distribution?.Id);
        Assert.Equal(1, list.Unread["a component without a package URL"]);
    }

    // Syft's package URLs give the epoch as a qualifier, and the source by the name of its file, which has none.
    [Theory]
    [InlineData("pkg:rpm/almalinux/bind-libs@9.11.36-99.el8?epoch=32&upstream=bind-9.11.36-99.el8.src.rpm&distro=almalinux-8.9")]
    [InlineData("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:rpm/almalinux/bind-libs@9.11.36-99.el8?epoch=32\",\"properties\":["
        + "{\"name\":\"syft:metadata:sourceRpm\",\"value\":\"bind-9.11.36-99.el8.src.rpm\"}]}]}")]
    public void ASourceRpmHasTheEpochOfWhatWasBuiltFromIt(string text) =>
        Assert.Equal(["rpm bind-libs 32:9.11.36-99.el8 bind/  "], Written(Read(text)));

    // "pkg:deb/debian/login@4.13%2Bdfsg1-1%2Bb1?arch=amd64&distro=debian-12.5&epoch=1" is login 1:4.13+dfsg1-1+b1 in Trivy's bills.
    [Theory]
    [InlineData("pkg:deb/debian/login@4.13-1?distro=debian-12.5&epoch=1")]
    [InlineData("pkg:deb/debian/login@1:4.13-1?distro=debian-12.5&epoch=1")]
    public void TakesTheEpochOfADebWhereTrivyWritesIt(string purl) => Assert.Equal(["dpkg login 1:4.13-1 /  "], Written(Read(purl)));

    [Theory]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?distro=bookworm", "debian", "12")]
    [InlineData("pkg:deb/ubuntu/curl@7.81.0-1?distro=jammy", "ubuntu", "22.04")]
    [InlineData("pkg:deb/ubuntu/curl@7.81.0-1?distro=ubuntu-jammy", "ubuntu", "22.04")]
    [InlineData("pkg:deb/debian/curl@7.88.1-10?distro=debian-12", "debian", "12")]
    [InlineData("pkg:rpm/opensuse/curl@8.0-1?distro=opensuse-tumbleweed", "opensuse-tumbleweed", "")]
    public void ReadsCodenamesOfReleasesInPackageUrls(string purl, string id, string release)
    {
        Distribution? distribution = Read(purl).Distribution;

        Assert.Equal((id, release), (distribution?.Id, distribution?.VersionId));
    }

    [Fact]
    public void SaysThatAListWithoutSourcesMayMissSomething()
    {
        string lines = string.Join('\n', Enumerable.Range(0, 10).Select(i => $"dpkg/p{i}/1"));

        Assert.Contains("10 packages of the system", Assert.Single(Read(lines).Warnings).Reason, StringComparison.Ordinal);
        Assert.Empty(Read($"{lines}\ndpkg/a/1/b").Warnings);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"bomFormat\":\"\\ud800\",\"components\":[{\"purl\":\"\\udc00\"}]}")]
    public void RefusesJsonThatIsNoBill(string text) => Assert.Throws<FormatException>(() => Read(text));

    [Theory]
    [InlineData("{\"bomFormat\":1,\"components\":{\"a\":1},\"metadata\":[]}")]
    [InlineData("{\"spdxVersion\":1,\"packages\":[1,null,{\"externalRefs\":[3,{\"referenceType\":\"purl\"}]}]}")]
    public void TakesWhatIsOfAnotherKindForMissing(string text) => Assert.Empty(Read(text).Packages);
}
