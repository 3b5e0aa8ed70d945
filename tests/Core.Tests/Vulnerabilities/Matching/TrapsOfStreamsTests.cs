using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Traps 6, 8, 9, 24, 25: packages of one name that are mended apart.</summary>
public sealed class TrapsOfStreamsTests
{
    private const string Nodejs18 = "nodejs:18:8090020240301:rhel8";

    /// <summary>Trap 6: a module's advisory is about packages of this module and stream, and about no others.</summary>
    [Theory]
    [InlineData("nodejs:18", Nodejs18, true)]
    [InlineData("nodejs:20", Nodejs18, false)]
    [InlineData("nodejs:18", null, false)]
    [InlineData(null, Nodejs18, false)]
    [InlineData(null, null, true)]
    public void Trap6ModularityBothWays(string? module, string? label, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Unfixed("AlmaLinux:8", "nodejs") with { Module = module }));

        Assert.Equal(affected, snapshot.Find(AlmaLinux8, Rpm("nodejs", "1:18.19.0-1") with { Module = label }).Count == 1);
    }

    /// <summary>Trap 6, where the record does not name the module: the build of the fix shows that it is of one, and its version of which stream.</summary>
    [Theory]
    [InlineData("7.4.30-1.module_el8.6.0+1+ab", "7.4.19-1.module_el8.5.0+1+ab", "php:7.4:8050:cd", true)]
    [InlineData("8.0.13-1.module+el8.6.0+1+ab", "7.4.19-1.module_el8.5.0+1+ab", "php:7.4:8050:cd", false)]
    [InlineData("8.0.13-1.module+el8.6.0+1+ab", "7.2.24-1.el8", null, false)]
    [InlineData("7.2.30-1.el8", "7.2.24-1.module_el8.5.0+1+ab", "php:7.2:8050:cd", false)]
    [InlineData("7.2.30-1.el8", "7.2.24-1.el8", null, true)]
    [InlineData("4.9-2.module+el8.6.0+1+ab", "4.9-1.module+el8.5.0+1+ab", "container-tools:rhel8:8050:cd", true)]
    [InlineData("7.4.30-1.module_el8.6.0+1+ab", "7.4.19-1.module_el8.5.0+1+ab", null, true)]
    public void Trap6ModularBuildsOfUnnamedModules(string fix, string installed, string? label, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("AlmaLinux:8", "php", fix)));

        Assert.Equal(affected, snapshot.Find(AlmaLinux8, Rpm("php", installed) with { Module = label }).Count == 1);
    }

    /// <summary>Trap 8: each erratum mends a part, so the last one mends it; who has only the first is still affected.</summary>
    [Theory]
    [InlineData("3.0.1-1", "3.0.7-2")]
    [InlineData("3.0.1-9", "3.0.7-2")]
    [InlineData("3.0.7-2", null)]
    public void Trap8SeveralErrataForOneCve(string installed, string? fixedBy)
    {
        using var snapshot = TestSnapshot.Of(
            Says("ALSA-2023:1", Cve, Fixed("AlmaLinux:8", "openssl", "3.0.1-5")),
            Says("ALSA-2023:2", Cve, Fixed("AlmaLinux:8", "openssl", "3.0.7-2")));

        Finding? finding = snapshot.Find(AlmaLinux8, Rpm("openssl", installed)).SingleOrDefault();

        Assert.Equal((fixedBy, fixedBy is null ? null : "ALSA-2023:2"), (finding?.FixedBy, finding?.AdvisoryId));
    }

    /// <summary>Trap 8 in streams: two errata mend one CVE, each in its own module.</summary>
    [Theory]
    [InlineData("nodejs:18", "18.20.2-1")]
    [InlineData("nodejs:20", "20.12.2-2")]
    public void Trap8TwoErrataFixOneCveInTwoStreams(string stream, string fixedBy)
    {
        using var snapshot = TestSnapshot.Of(
            Says("ALSA-2024:2780", Cve, Fixed("AlmaLinux:8", "nodejs", "18.20.2-1") with { Module = "nodejs:18" }),
            Says("ALSA-2024:2778", Cve, Fixed("AlmaLinux:8", "nodejs", "20.12.2-2") with { Module = "nodejs:20" }));

        var finding = Assert.Single(snapshot.Find(AlmaLinux8, Rpm("nodejs", stream[7..] + ".0.0-1") with { Module = stream + ":1:2" }));

        Assert.Equal(fixedBy, finding.FixedBy);
    }

    /// <summary>Trap 9: a statement that is limited to architectures is about these and about packages for all.</summary>
    [Theory]
    [InlineData("x86_64", true)]
    [InlineData("noarch", true)]
    [InlineData("aarch64", false)]
    [InlineData("i686", false)]
    [InlineData(null, true)]
    public void Trap9Architectures(string? installed, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed("Amazon Linux:2", "x", "2-1") with { Architectures = ["x86_64", "ppc64le"] }));

        Assert.Equal(affected, snapshot.Find(AmazonLinux2, Rpm("x", "1-1") with { Architecture = installed }).Count == 1);
    }

    /// <summary>Trap 24: builds for ksplice and of FIPS are compared among themselves.</summary>
    [Theory]
    [InlineData("2:2.28-151.0.1.ksplice2.el8", "2.28-151.0.1.el8", false)]
    [InlineData("2:2.28-151.0.1.ksplice2.el8", "2:2.28-151.0.1.ksplice1.el8", true)]
    [InlineData("2.28-151.0.1.el8", "2:2.17-1.ksplice1.el8", false)]
    [InlineData("2.28-151.0.1.el8", "2.28-101.el8", true)]
    [InlineData("10:1.1.1k-7.el8_6_fips", "1:1.1.1k-5.el8", false)]
    [InlineData("10:1.1.1k-7.el8_6_fips", "10:1.1.1k-6.el8_6_fips", true)]
    [InlineData("2:8.0.1763-19.0.1.el8", "2:8.0.1763-10.el8", true)]
    public void Trap24OracleFlavours(string fix, string installed, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says("ELSA-1", Cve, Fixed("Oracle Linux:8", "x", fix)));

        Assert.Equal(affected, snapshot.Find(OracleLinux8, Rpm("x", installed)).Count == 1);
    }

    /// <summary>Trap 25: an extra of Amazon Linux 2 is about the versions that it has; the core's packages of that name are another stream.</summary>
    [Theory]
    [InlineData("kernel-5.15", "5.15.43-20.123.amzn2", "4.14.336-1.amzn2", false)]
    [InlineData("kernel-5.15", "5.15.43-20.123.amzn2", "5.10.1-1.amzn2", false)]
    [InlineData("kernel-5.15", "5.15.43-20.123.amzn2", "5.15.1-1.amzn2", true)]
    [InlineData("nginx1", "1:1.22.1-1.amzn2", "1:1.12.2-1.amzn2", true)]
    [InlineData("php8.1", "8.1.5-1.amzn2", "5.4.16-46.amzn2", false)]
    [InlineData("lamp-mariadb10.2-php7.2", "3:10.2.10-2.amzn2", "1:5.5.68-1.amzn2", false)]
    [InlineData("lamp-mariadb10.2-php7.2", "3:10.2.10-2.amzn2", "3:10.2.10-1.amzn2", true)]
    public void Trap25AmazonExtras(string extra, string fix, string installed, bool affected)
    {
        using var snapshot = TestSnapshot.Of(
            Says("E", Cve, Fixed("Amazon Linux:2", "x", fix) with { Repository = extra }),
            Says("C", "CVE-2024-2222", Fixed("Amazon Linux:2", "x", "0.1-1.amzn2")));

        Assert.Equal(affected, snapshot.Find(AmazonLinux2, Rpm("x", installed)).Count == 1);
    }

    [Fact]
    public void AnExtraWithoutVersionIsAboutEveryPackageOfANameThatTheCoreDoesNotHave()
    {
        using var snapshot = TestSnapshot.Of(Says("ALAS2DOCKER-2024-001", Cve, Fixed("Amazon Linux:2", "docker", "20.10.25-1.amzn2") with
        {
            Repository = "docker",
        }));

        Assert.Single(snapshot.Find(AmazonLinux2, Rpm("docker", "19.03.13-1.amzn2")));
    }

    /// <summary>Trap 25: os-release tells the release, and all of Amazon Linux 1 is one.</summary>
    [Theory]
    [InlineData("2018.03", "Amazon Linux:2018.03")]
    [InlineData("2017.09", "Amazon Linux:2018.03")]
    [InlineData("2", "Amazon Linux:2")]
    [InlineData("2023", "Amazon Linux:2023")]
    public void Trap25AmazonReleases(string version, string ecosystem)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Fixed(ecosystem, "x", "2-1")));

        Assert.Single(snapshot.Find(new Distribution("amzn", version), Rpm("x", "1-1")));
    }
}
