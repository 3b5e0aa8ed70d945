using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

public sealed class DistributionAdvisoriesTests
{
    [Theory]
    [InlineData("debian", "11", "Debian:11")]
    [InlineData("debian", "11.5", "Debian:11")]
    [InlineData("debian", "6.0", "Debian:6.0")]
    [InlineData("ubuntu", "22.04", "Ubuntu:22.04:LTS,Ubuntu:22.04")]
    [InlineData("alpine", "3.9.2", "Alpine:v3.9")]
    [InlineData("alpine", "3.20", "Alpine:v3.20")]
    [InlineData("alpine", "3.21_alpha20240807", "Alpine:edge")]
    [InlineData("alpine", "edge", "Alpine:edge")]
    [InlineData("wolfi", "20230201", "Wolfi")]
    [InlineData("chainguard", "20230214", "Chainguard")]
    [InlineData("minimos", "", "MinimOS")]
    [InlineData("cleanstart", "1", "CleanStart")]
    [InlineData("echo", "1", "Echo")]
    [InlineData("debian", "trixie/sid", "Debian:13")]
    [InlineData("debian", "forky/sid", "Debian:sid")]
    [InlineData("ubuntu", "24.10", "Ubuntu:24.10:LTS,Ubuntu:24.10")]
    [InlineData("alpaquita", "stream", "Alpaquita:stream")]
    [InlineData("bellsoft-hardened-containers", "25", "BellSoft Hardened Containers:25")]
    [InlineData("almalinux", "9.4", "AlmaLinux:9")]
    [InlineData("rocky", "8.10", "Rocky Linux:8")]
    [InlineData("ol", "9.2", "Oracle Linux:9")]
    [InlineData("amzn", "2016.09", "Amazon Linux:2018.03")]
    [InlineData("amzn", "2023", "Amazon Linux:2023")]
    [InlineData("photon", "5.0", "Photon OS:5.0")]
    [InlineData("photon", "4", "Photon OS:4.0")]
    [InlineData("azurelinux", "3.0", "Azure Linux:3")]
    [InlineData("mariner", "2.0", "Azure Linux:2")]
    [InlineData("mageia", "9", "Mageia:9")]
    [InlineData("openeuler", "24.03", "openEuler:24.03")]
    [InlineData("opensuse-leap", "15.6", "openSUSE:Leap 15.6")]
    [InlineData("opensuse-leap-micro", "5.5", "openSUSE:Leap Micro 5.5")]
    [InlineData("opensuse-tumbleweed", "20240801", "openSUSE:Tumbleweed")]
    [InlineData("opensuse", "42.3", "openSUSE:Leap 42.3")]
    [InlineData("opensuse", "13.2", "openSUSE:13.2")]
    [InlineData("sle-micro", "5.5", "SUSE:Linux Enterprise Micro 5.5")]
    [InlineData("sl-micro", "6.0", "SUSE:Linux Micro 6.0")]
    [InlineData("sles", "11.4", "SUSE:Linux Enterprise Server 11 SP4,SUSE:Package Hub 11 SP4")]
    [InlineData("sles", "16.0", "SUSE:Linux Enterprise Server 16.0,SUSE:Package Hub 16.0")]
    [InlineData("rhel", "9.4", "")]
    [InlineData("centos", "7", "")]
    public void NamesTheEcosystemsOfARelease(string id, string version, string ecosystems)
    {
        var advisories = DistributionAdvisories.Of(new Distribution(id, version));

        Assert.Equal(ecosystems, string.Join(',', advisories!.Ecosystems));
    }

    [Theory]
    [InlineData("debian", "")]
    [InlineData("ubuntu", "")]
    [InlineData("alpine", "")]
    [InlineData("alpine", "3")]
    [InlineData("alpine", "x.y")]
    [InlineData("kali", "2024.1")]
    [InlineData("almalinux", "")]
    [InlineData("rhel", "")]
    [InlineData("rhel", "rolling")]
    [InlineData("centos", "9")]
    [InlineData("amzn", "")]
    [InlineData("photon", "five")]
    [InlineData("sles", "")]
    [InlineData("sles", "15.x")]
    [InlineData("sles", "15.5.1")]
    [InlineData("opensuse-leap", "")]
    [InlineData("openeuler", "")]
    [InlineData("fedora", "40")]
    [InlineData("linuxmint", "21")]
    [InlineData("raspbian", "11")]
    [InlineData("postmarketos", "3.20")]
    [InlineData("", "")]
    public void KnowsNoneForAnUnknownReleaseOrADerivative(string id, string version)
    {
        Assert.Null(DistributionAdvisories.Of(new Distribution(id, version)));
    }

    [Fact]
    public void KnowsNoneWithoutADistribution() => Assert.Null(DistributionAdvisories.Of(null));

    [Theory]
    [InlineData("forky", "Debian:sid")]
    [InlineData("sid", "Debian:sid")]
    [InlineData("trixie", "Debian:13")]
    [InlineData("bookworm", "Debian:12")]
    [InlineData("wheezy", "Debian:7")]
    public void KnowsTestingAndUnstableByTheirCodename(string codename, string ecosystems)
    {
        var advisories = DistributionAdvisories.Of(new Distribution("debian", "", Codename: codename));

        Assert.Equal(ecosystems, string.Join(',', advisories!.Ecosystems));
    }

    [Theory]
    [InlineData("openEuler 24.03 (LTS-SP1)", "openEuler:24.03-LTS-SP1")]
    [InlineData("openEuler 24.03 (LTS)", "openEuler:24.03-LTS")]
    [InlineData("openEuler 24.03", "openEuler:24.03")]
    [InlineData("openEuler ()", "openEuler:24.03")]
    [InlineData(") openEuler (", "openEuler:24.03")]
    public void TakesServicePacksOfOpenEulerFromItsName(string name, string ecosystem)
    {
        Assert.Equal(ecosystem, string.Join(',', DistributionAdvisories.Of(new Distribution("openeuler", "24.03", name))!.Ecosystems));
    }

    [Theory]
    [InlineData("sles", "15.5", "SUSE:Linux Enterprise Server 15 SP5")]
    [InlineData("sles", "15.5", "SUSE:Linux Enterprise Module for Basesystem 15 SP5")]
    [InlineData("sles", "15.5", "SUSE:Linux Enterprise Module for Python 3 15 SP5")]
    [InlineData("sles", "15", "SUSE:Linux Enterprise Module for Basesystem 15")]
    [InlineData("sles", "12.5", "SUSE:Linux Enterprise Server 12 SP5")]
    [InlineData("sles", "12.5", "SUSE:Linux Enterprise Module for Web and Scripting 12")]
    [InlineData("sles", "12.5", "SUSE:Linux Enterprise Software Development Kit 12 SP5")]
    [InlineData("sles_sap", "12.5", "SUSE:Linux Enterprise Server for SAP Applications 12 SP5")]
    [InlineData("sled", "15.5", "SUSE:Linux Enterprise Desktop 15 SP5")]
    public void NamesTheProductsOfSuseThatAReleaseHas(string id, string version, string ecosystem)
    {
        Assert.Contains(ecosystem, DistributionAdvisories.Of(new Distribution(id, version))!.Ecosystems.Select(known => known.ToString()));
    }
}
