using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Vulnerabilities;

public sealed class RedHatProductTests
{
    [Theory]
    [InlineData("cpe:/a:redhat:enterprise_linux:9::appstream", "Red Hat:enterprise_linux:9::appstream")]
    [InlineData("cpe:/o:redhat:enterprise_linux:6", "Red Hat:enterprise_linux:6")]
    [InlineData("cpe:/a:redhat:jboss_amq", "Red Hat:jboss_amq")]
    [InlineData("cpe:/a:redhat:openshift:4.13::el8", "Red Hat:openshift:4.13::el8")]
    [InlineData("cpe:/o:redhat:enterprise_linux:9::", "Red Hat:enterprise_linux:9")]
    public void SpellsAProductAsOsvDoes(string cpe, string ecosystem) => Assert.Equal(ecosystem, RedHatProduct.EcosystemOf(cpe)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("cpe:/o:redhat:")]
    [InlineData("cpe:/a:openliberty:19")]
    [InlineData("cpe:/o:debian:debian_linux:12")]
    [InlineData("cpe:2.3:o:redhat:enterprise_linux:9:*:*:*:*:*:*:*")]
    [InlineData("cpe:/o:redhat:enterprise linux:9")]
    public void KnowsNoOtherProducts(string cpe) => Assert.Null(RedHatProduct.EcosystemOf(cpe));

    [Fact]
    public void KnowsNoProductOfEndlessLength() => Assert.Null(RedHatProduct.EcosystemOf("cpe:/o:redhat:" + new string('x', 10_000)));

    [Theory]
    [InlineData("enterprise_linux:9::appstream", "enterprise_linux:9::appstream enterprise_linux:9 enterprise_linux")]
    [InlineData("openshift:4.13::el8", "openshift:4.13::el8 openshift:4.13 openshift:4 openshift")]
    [InlineData("rhel_eus:9.2", "rhel_eus:9.2 rhel_eus:9 rhel_eus")]
    [InlineData("enterprise_linux:7::ppc64le:server", "enterprise_linux:7::ppc64le:server enterprise_linux:7::ppc64le enterprise_linux:7 enterprise_linux")]
    [InlineData("jboss_amq", "jboss_amq")]
    public void LiesWithinWiderProducts(string product, string expected)
    {
        var within = RedHatProduct.Within(new OsvEcosystem("Red Hat", product));

        Assert.Equal(expected, string.Join(' ', within.Select(ecosystem => ecosystem.Release)));
    }

    [Theory]
    [InlineData("enterprise_linux:9::baseos", "enterprise_linux:9::appstream enterprise_linux:9::baseos enterprise_linux:9::crb")]
    [InlineData("rhel_eus:9.2::crb", "rhel_eus:9.2::appstream rhel_eus:9.2::baseos rhel_eus:9.2::crb")]
    [InlineData("enterprise_linux:9::fastdatapath", "enterprise_linux:9::fastdatapath")]
    [InlineData("enterprise_linux:9", "enterprise_linux:9")]
    [InlineData("openshift:4.13::baseos", "openshift:4.13::baseos")]
    public void HasSiblingsInTheMainChannels(string product, string expected)
    {
        var siblings = RedHatProduct.Siblings(new OsvEcosystem("Red Hat", product));

        Assert.Equal(expected, string.Join(' ', siblings.Select(ecosystem => ecosystem.Release)));
    }

    [Theory]
    [InlineData("rhel_eus:9.2::baseos", true)]
    [InlineData("rhel_aus:8.4", true)]
    [InlineData("enterprise_linux_eus:10.2", true)]
    [InlineData("enterprise_linux:10.2", false)]
    [InlineData("enterprise_linux:9::baseos", false)]
    [InlineData("rhel_software_collections:3::el7", false)]
    public void TellsStreamsThatAreMaintainedLonger(string product, bool isLonger) =>
        Assert.Equal(isLonger, RedHatProduct.IsLongerStream(new OsvEcosystem("Red Hat", product)));

    [Theory]
    [InlineData("enterprise_linux:10.1", "enterprise_linux:10")]
    [InlineData("enterprise_linux:9::baseos", "enterprise_linux:9::baseos")]
    [InlineData("enterprise_linux_eus:10.2", "enterprise_linux_eus:10.2")]
    [InlineData("openshift:4.13::el8", "openshift:4.13::el8")]
    public void TakesTheMainStreamForOne(string product, string stream) =>
        Assert.Equal(stream, RedHatProduct.Stream(new OsvEcosystem("Red Hat", product)).Release);
}
