using System.Text;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Osv;

/// <summary>Where records of OSV mislead those who read them plainly, record by record.</summary>
public sealed class OsvTrapTests
{
    private static OsvRecord Read(string affected, string rest = "\"summary\":\"\"") => OsvRecord.Read(Encoding.UTF8.GetBytes(
        $$"""{"id":"X-1","modified":"2024-01-01T00:00:00Z",{{rest}},"affected":[{{affected}}]}"""));

    private static string Entry(string ecosystem, string name, string events, string rest = "\"versions\":[]") => $$"""
        {"package":{"ecosystem":"{{ecosystem}}","name":"{{name}}"},"ranges":[{"type":"ECOSYSTEM","events":[{{events}}]}],{{rest}}}
        """;

    private static string FixedAt(string version) => $$"""{"introduced":"0"},{"fixed":"{{version}}"}""";

    [Theory]
    [InlineData("ELA-1-1", "Debian:9", "pkg:deb/debian/x", "Debian:ELTS:9")]
    [InlineData("X-1", "Debian:9", "pkg:deb/debian/x?distro=stretch&repository_url=http%3A%2F%2Fdeb.freexian.com%2Fextended-lts", "Debian:ELTS:9")]
    [InlineData("X-1", "Debian:9", "pkg:deb/debian/x?repository_url=https://deb.debian.org/debian", "Debian:9")]
    [InlineData("DLA-1-1", "Debian:9", "pkg:deb/debian/x?arch=source", "Debian:9")]
    [InlineData("ELA-1-1", "npm", "pkg:npm/x", "npm")]
    public void WhatFreexianMendsForItsCustomersIsNoReleaseOfDebian(string id, string stated, string purl, string ecosystem)
    {
        OsvRecord record = OsvRecord.Read(Encoding.UTF8.GetBytes($$"""
            {"id":"{{id}}","modified":"2024-01-01T00:00:00Z",
             "affected":[{"package":{"ecosystem":"{{stated}}","name":"x","purl":"{{purl}}"},"versions":["1"]}]}
            """));

        Assert.Equal(OsvEcosystem.Parse(ecosystem), Assert.Single(record.Advisory!.Affected).Ecosystem);
    }

    // ALSA-2022:4798, ALSA-2020:4676 and RLSA-2022:1642 shortened.
    [Theory]
    [InlineData("AlmaLinux:8", "Important: maven:3.5 security update", "3.5.4-5.module_el8.6.0+2758+4f4474ca", "maven:3.5")]
    [InlineData("AlmaLinux:8", "Moderate: 389-ds:1.4 security, bug fix, and enhancement update", "1.4.3-1.module_el8.5.0+2+c", "389-ds:1.4")]
    [InlineData("AlmaLinux:8", "perl-IO-Socket-SSL:2.066 and perl-libwww-perl:6.34 update", "2-1.module_el8.6.0+2811+fe6c84b0", "perl-IO-Socket-SSL:2.066,perl-libwww-perl:6.34")]
    [InlineData("Rocky Linux:8", "Important: nodejs:16 security update", "1:16.14.0-5.module+el8.5.0+856+67dc5c1c", "nodejs:16")]
    [InlineData("Red Hat:enterprise_linux:8::appstream", "Red Hat Security Advisory: virt:rhel and virt-devel:rhel security update", "0:1-1.module+el8.6.0+1+a", "virt:rhel,virt-devel:rhel")]
    [InlineData("AlmaLinux:8", "Important: kernel security update", "4.18.0-372.9.1.el8", "")]
    [InlineData("AlmaLinux:8", "Important: nodejs:16 security update", "1-1.el8", "")]
    [InlineData("Fedora:40", "nodejs:16 security update", "1-1.module+el8.5.0+856+67dc5c1c", "")]
    public void Trap6ModularAdvisoriesAreAboutTheModulesTheyName(string ecosystem, string title, string version, string modules)
    {
        OsvRecord record = Read(Entry(ecosystem, "x", FixedAt(version)), $"\"summary\":\"{title}\"");

        Assert.Equal(
            modules.Split(',').Select(module => module.Length == 0 ? null : module), record.Advisory!.Affected.Select(package => package.Module));
        Assert.Empty(record.Problems);
    }

    [Fact]
    public void Trap6AModuleWithoutAStreamIsLeftOutAndSaid()
    {
        OsvRecord record = Read(Entry("AlmaLinux:8", "varnish", FixedAt("6.0.8-3.module_el8.8.0+3665+0b8dabc5")), "\"summary\":\"Important: varnish security update\"");

        Assert.Empty(record.Advisory!.Affected);
        Assert.Equal(["about a module whose stream it does not name"], record.LeftOut);
    }

    [Fact]
    public void Trap6ThePackageUrlOfRedHatNamesTheModule()
    {
        const string Affected = """
            {"package":{"ecosystem":"Red Hat:enterprise_linux:8::appstream","name":"389-ds-base",
                        "purl":"pkg:rpm/redhat/389-ds-base?arch=src&rpmmod=389-ds:1.4:8100020240613122040:25e700aa"},
             "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"0:1.4.3.39-7.module+el8.10.0+22075+e8a73bbf"}]}]}
            """;

        Assert.Equal("389-ds:1.4", Assert.Single(Read(Affected).Advisory!.Affected).Module);
    }

    // OESA-2024-2048 shortened.
    [Theory]
    [InlineData("""{"aarch64":["booth-1.0-7.oe2203sp3.aarch64.rpm"],"src":["booth-1.0-7.oe2203sp3.src.rpm"]}""", "aarch64")]
    [InlineData("""{"aarch64":["a.aarch64.rpm"],"src":["a.src.rpm"],"x86_64":["a.x86_64.rpm"]}""", "aarch64,x86_64")]
    [InlineData("""{"aarch64":[],"x86_64":["a.x86_64.rpm"]}""", "x86_64")]
    [InlineData("""{"noarch":["a.noarch.rpm"],"x86_64":["a.x86_64.rpm"]}""", "")]
    [InlineData("""{"src":["a.src.rpm"]}""", "")]
    [InlineData("""["x86_64"]""", "")]
    public void Trap9OpenEulerNamesTheArchitecturesOfItsRpms(string specific, string architectures)
    {
        OsvRecord record = Read(Entry("openEuler:22.03-LTS-SP3", "booth", FixedAt("1.0-7.oe2203sp3"), $"\"ecosystem_specific\":{specific}"));

        Assert.Equal(architectures.Split(',', StringSplitOptions.RemoveEmptyEntries), Assert.Single(record.Advisory!.Affected).Architectures);
    }

    [Fact]
    public void Trap9NobodyElsesPackageUrlLimitsTheArchitecture()
    {
        const string Affected = """
            {"package":{"ecosystem":"Ubuntu:22.04:LTS","name":"php8.1","purl":"pkg:deb/ubuntu/php8.1@8.1.2?arch=source&distro=jammy"},
             "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}
            """;

        Assert.Empty(Assert.Single(Read(Affected).Advisory!.Affected).Architectures);
    }

    [Fact]
    public void Trap15FixedBeforeAllVersionsIsADenial()
    {
        AffectedPackage denied = Assert.Single(Read(Entry("Alpine:v3.20", "x", FixedAt("0"))).Advisory!.Affected);

        Assert.Equal(AdvisoryStatus.NotAffected, denied.Status);
        Assert.Equal([new RangeEvent(RangeEventKind.Introduced, "0")], Assert.Single(denied.Ranges).Events);
    }

    [Theory]
    [InlineData("Alpine:v3.20", "1.0-r0")]
    [InlineData("npm", "0")]
    public void Trap15NothingElseIsADenial(string ecosystem, string version)
    {
        AffectedPackage affected = Assert.Single(Read(Entry(ecosystem, "x", FixedAt(version))).Advisory!.Affected);

        Assert.Equal((AdvisoryStatus.Affected, 2), (affected.Status, Assert.Single(affected.Ranges).Events.Count));
    }

    [Theory]
    [InlineData("Ubuntu:18.04:LTS", "18.04:LTS")]
    [InlineData("Ubuntu:Pro:18.04:LTS", "Pro:18.04:LTS")]
    [InlineData("Ubuntu:Pro:FIPS-updates:20.04:LTS", "Pro:FIPS-updates:20.04:LTS")]
    public void Trap17WhatUbuntuMendsForSubscribersIsAReleaseOfItsOwn(string ecosystem, string release)
    {
        AffectedPackage affected = Assert.Single(Read(Entry(ecosystem, "php7.2", FixedAt("7.2.24-0ubuntu0.18.04.17+esm8"))).Advisory!.Affected);

        Assert.Equal(new OsvEcosystem("Ubuntu", release), affected.Ecosystem);
    }

    // GO-2023-2185 shortened: it is about Windows, and the executable's symbols are not known.
    [Theory]
    [InlineData("stdlib")]
    [InlineData("toolchain")]
    public void Traps26And29GoRecordsCountWhateverTheirImportsAre(string name)
    {
        const string Imports = "\"ecosystem_specific\":{\"imports\":[{\"path\":\"path/filepath\",\"goos\":[\"windows\"],\"symbols\":[\"Clean\"]}]}";

        OsvRecord record = Read(Entry("Go", name, FixedAt("1.20.11"), Imports));

        Assert.Equal(name, Assert.Single(record.Advisory!.Affected).Name);
        Assert.Empty(record.LeftOut);
    }

    // RUSTSEC-2020-0036 (failure), RUSTSEC-2019-0035 and RUSTSEC-2021-0145 (atty) shortened.
    [Theory]
    [InlineData("unmaintained", "[]", "informational notice of RustSec")]
    [InlineData("unsound", "[\"windows\"]", "informational notice of RustSec")]
    [InlineData("notice", "[]", "informational notice of RustSec")]
    [InlineData(null, "[\"windows\"]", "about other operating systems than Linux")]
    [InlineData(null, "[\"windows\",\"linux\"]", null)]
    [InlineData(null, "[]", null)]
    public void Trap39InformationalNoticesOfRustSecAreNoVulnerabilities(string? informational, string systems, string? reason)
    {
        string word = informational is null ? "null" : $"\"{informational}\"";
        OsvRecord record = Read(Entry(
            "crates.io",
            "failure",
            FixedAt("0.1.6"),
            $$"""
            "database_specific":{"informational":{{word}} },"ecosystem_specific":{"affects":{"arch":["x86"],"os":{{systems}} } }
            """));

        Assert.Equal(reason is null ? [] : [reason], record.LeftOut);
        Assert.Equal(reason is null ? 1 : 0, record.Advisory!.Affected.Count);
    }

    [Fact]
    public void Trap41AWithdrawnRecordSaysWhen()
    {
        OsvRecord record = Read(Entry("npm", "x", FixedAt("1")), "\"withdrawn\":\"2024-02-01T00:00:00Z\"");

        Assert.Equal(new DateTimeOffset(2024, 2, 1, 0, 0, 0, TimeSpan.Zero), record.Advisory!.Withdrawn);
    }

    // GHSA-jfh8-c2jp-5v3q: three ranges, each with a fix of its own.
    [Fact]
    public void Trap42EveryRangeKeepsItsOwnFix()
    {
        const string Log4j = """
            {"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.13.0"},{"fixed":"2.15.0"}]}]},
            {"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.3.1"}]}]},
            {"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.4"},{"fixed":"2.12.2"}]}]}
            """;

        Assert.Equal(
            ["2.15.0", "2.3.1", "2.12.2"], Read(Log4j).Advisory!.Affected.Select(package => Assert.Single(package.Ranges).Events[^1].Version));
    }

    [Fact]
    public void Trap43TheLastAffectedVersionIsNoFix()
    {
        AffectedPackage affected = Assert.Single(Read(Entry("PyPI", "x", """{"introduced":"0"},{"last_affected":"1.2"}""")).Advisory!.Affected);

        Assert.Equal(new RangeEvent(RangeEventKind.LastAffected, "1.2"), Assert.Single(affected.Ranges).Events[^1]);
    }

    [Fact]
    public void Trap44ARangeOfCommitsDoesNotHideTheNext()
    {
        const string Affected = """
            {"package":{"ecosystem":"PyPI","name":"x"},"ranges":[
              {"type":"GIT","repo":"https://example.com/x","events":[{"introduced":"0"},{"fixed":"ad5a5b1"}]},
              {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.3"}]}]}
            """;

        Assert.Equal("1.3", Assert.Single(Assert.Single(Read(Affected).Advisory!.Affected).Ranges).Events[^1].Version);
    }

    [Theory]
    [InlineData("AlmaLinux:9", "Important: kernel security update", "Important")]
    [InlineData("Rocky Linux:8", "Moderate: java-11-openjdk security update", "Moderate")]
    [InlineData("Red Hat:enterprise_linux:7::server", "Critical: bash security update", "Critical")]
    [InlineData("Red Hat:enterprise_linux:7::server", "Red Hat Security Advisory: bash security update", null)]
    [InlineData("AlmaLinux:9", "None: x update", null)]
    [InlineData("Mageia:9", "Important: kernel", null)]
    [InlineData("npm", "Critical: read this", null)]
    public void Trap46TheTitlesOfRedHatsFamilyBeginWithTheSeverity(string ecosystem, string title, string? word)
    {
        Assert.Equal(word, Read(Entry(ecosystem, "x", FixedAt("1")), $"\"summary\":\"{title}\"").Advisory!.SeverityWord);
    }

    [Fact]
    public void TheWordOfTheRecordComesBeforeItsTitle()
    {
        Advisory advisory = Read(
            Entry("AlmaLinux:9", "x", FixedAt("1")), "\"summary\":\"Important: x\",\"database_specific\":{\"severity\":\"Low\"}").Advisory!;

        Assert.Equal("Low", advisory.SeverityWord);
    }

    // DRUPAL-CONTRIB-2024-003 shortened: Drupal's own registry, whose packages composer installs under the same names.
    [Fact]
    public void ARegistryIsNoReleaseOfALanguage()
    {
        AffectedPackage affected = Assert.Single(Read(Entry("Packagist:https://packages.drupal.org/8", "drupal/ctools", FixedAt("4.1.0"))).Advisory!.Affected);

        Assert.Equal(new OsvEcosystem("Packagist", ""), affected.Ecosystem);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(9, 0)]
    public void ATitleOfManyModulesIsNotMultiplied(int count, int packages)
    {
        string title = string.Join(' ', Enumerable.Range(1, count).Select(number => $"a:{number}"));

        OsvRecord record = Read(Entry("AlmaLinux:8", "x", FixedAt("1-1.module_el8.6.0+1+a")), $"\"summary\":\"{title}\"");

        Assert.Equal(packages, record.Advisory!.Affected.Count);
    }

    [Fact]
    public void RefusesARecordAboutMorePackagesThanAnyRealOne()
    {
        OsvRecord record = Read(string.Join(',', Enumerable.Repeat("""{"package":{"ecosystem":"npm","name":"x"}}""", 100_001)));

        Assert.Null(record.Advisory);
        Assert.Equal(["is about more than 100000 packages"], record.Problems);
    }
}
