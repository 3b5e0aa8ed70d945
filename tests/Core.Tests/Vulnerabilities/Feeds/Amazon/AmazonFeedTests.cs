using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Amazon;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Amazon;

public sealed class AmazonFeedTests
{
    private const string Path = "al2023/core/guids/0/x86_64/repodata/updateinfo.xml.gz";

    // In the form of the updateinfo.xml of https://cdn.amazonlinux.com; the values are made up.
    private static string Document(
        string packages, string type = "security", string id = "ALAS2023-2024-001", string collection = "amazon-linux-2023") => $"""
        <?xml version="1.0" ?>
        <updates><update status="final" version="1.4" author="linux-security@amazon.com" type="{type}" from="linux-security@amazon.com">
        <id>{id}</id><title>Amazon Linux 2023 - {id}: Medium priority package update for curl</title>
        <issued date="2024-02-17 20:41:00" /><updated date="2024-02-22T23:22:00Z" />
        <severity>Medium</severity><description>x &lt; y</description><references>
        <reference href="http://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2024-0002" title="" id="CVE-2024-0002" type="cve" />
        <reference href="http://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2024-0001" title="" id="CVE-2024-0001" type="cve" />
        <reference href="https://rhn.redhat.com/errata/RHSA-2024:0001.html" title="" id="RHSA-2024:0001" type="redhat" /></references>
        <pkglist><collection short="{collection}"><name>Amazon Linux 2023</name>{packages}</collection></pkglist></update></updates>
        """;

    private static string Package(string name, string version, string architecture, string epoch = "0") => $"""
        <package name="{name}" version="{version}" release="1.amzn2023" epoch="{epoch}" arch="{architecture}"><filename>Packages/x.rpm</filename></package>
        """;

    private static readonly string Made = Document(
        Package("curl", "8.5.0", "x86_64", "1") + Package("curl", "8.5.0", "aarch64", "1") + Package("curl", "8.5.0", "src", "1")
        + Package("curl-doc", "8.5.0", "noarch") + Package("libcurl", "8.5.0", "x86_64") + Package("libcurl", "8.5.1", "aarch64"));

    private static Task<FeedReading> ReadAsync(string xml) => FeedReading.OfTextAsync(new AmazonFeed(), Path, xml);

    private static Task<FeedReading> OfSampleAsync(string name) => FeedReading.OfSharedAsync(new AmazonFeed(), $"feeds/amazon/{name}");

    private static async Task<string> SampleAsync(string name) =>
        await File.ReadAllTextAsync(SharedData.Path("data", "feeds", "amazon", name), TestContext.Current.CancellationToken);

    [Fact]
    public async Task ReadsTheSampleOfAmazonLinux1()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new AmazonLinux1Feed(), "feeds/amazon/updateinfo_1.xml.gz");

        Advisory advisory = Assert.Single(reading.Advisories);
        Assert.Equal(["Amazon Linux:2018.03 httpd-devel < 2.2.21-1.18.amzn1 name=Own arch=i686"], Stated.Of(advisory));
        Assert.Equal(("ALAS-2011-1", "medium", AdvisoryAuthority.Vendor), (advisory.Id, advisory.SeverityWord, advisory.Authority));
        Assert.Equal(["CVE-2011-3192"], advisory.Upstream);
        Assert.Equal("https://alas.aws.amazon.com/ALAS-2011-1.html", advisory.Link);
        var issued = new DateTimeOffset(2011, 9, 27, 22, 46, 0, TimeSpan.Zero);
        Assert.Equal((issued, issued), (advisory.Published, advisory.Affected[0].FixedOn));
        Assert.Equal(new DateTimeOffset(2014, 9, 14, 14, 25, 0, TimeSpan.Zero), advisory.Modified);
        Assert.Equal("Amazon Linux AMI 2011.09 - ALAS-2011-1: medium priority package update for httpd", advisory.Summary);
    }

    [Theory]
    [InlineData("updateinfo_2.xml.gz", "ALAS2-2018-939: Amazon Linux:2 kernel < 4.9.76-38.79.amzn2 name=Own arch=x86_64")]
    [InlineData("updateinfo_2022.xml.gz", "ALAS2022-2021-001: Amazon Linux:2022 vim-common-debuginfo < 2:8.2.3512-1.amzn2022 name=Own arch=x86_64")]
    [InlineData("updateinfo_2023.xml.gz", "ALAS2023-2023-001: Amazon Linux:2023 rsyslog < 8.2204.0-3.amzn2023.0.2 name=Own arch=aarch64,i686,x86_64")]
    [InlineData("updateinfo_2023.xml.gz", "ALAS2023-2023-001: Amazon Linux:2023 rsyslog-doc < 8.2204.0-3.amzn2023.0.2 name=Own")]
    [InlineData(
        "updateinfo_2023_kernel-livepatch.xml.gz",
        "ALAS2023LIVEPATCH-2023-001: Amazon Linux:2023 kernel-livepatch-6.1.12-19.43 < 1.0-1.amzn2023 name=Own repository=kernel-livepatch arch=x86_64")]
    [InlineData(
        "updateinfo_2023_nvidia.xml.gz", "ALAS2023NVIDIA-2025-001: Amazon Linux:2023 libnvidia-container1 < 1.17.4-1 name=Own repository=nvidia arch=x86_64")]
    [InlineData(
        "updateinfo_2_kernel-5.15.xml.gz",
        "ALAS2KERNEL-5.15-2022-001: Amazon Linux:2 kernel-headers < 5.15.43-20.123.amzn2 name=Own repository=kernel-5.15 arch=aarch64,i686,x86_64")]
    public async Task ReadsTheSamplesOfTheOthers(string name, string one)
    {
        FeedReading reading = await OfSampleAsync(name);

        Assert.Contains(one, Stated.Of(reading));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("updateinfo_2_kernel-5.15.xml.gz", "https://alas.aws.amazon.com/AL2/ALASKERNEL-5.15-2022-001.html")]
    [InlineData("updateinfo_2023_kernel-livepatch.xml.gz", "https://alas.aws.amazon.com/AL2023/ALASLIVEPATCH-2023-001.html")]
    [InlineData("updateinfo_2.xml.gz", "https://alas.aws.amazon.com/AL2/ALAS-2018-939.html")]
    public async Task LinksToThePageOfTheAdvisory(string name, string link)
    {
        Assert.Equal(link, Assert.Single((await OfSampleAsync(name)).Advisories).Link);
    }

    [Fact]
    public async Task ReadsASampleThatIsNotPackedAsItsNameSays()
    {
        Assert.Single((await OfSampleAsync("updateinfo_invalid_gzip.xml.gz")).Advisories);
    }

    [Fact]
    public async Task RefusesTheSampleThatIsCutShort()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => OfSampleAsync("updateinfo_invalid_xml.xml.gz"));
    }

    [Fact]
    public async Task PutsArchitecturesOfOneVersionTogether()
    {
        FeedReading reading = await ReadAsync(Made);

        Assert.Equal(
            [
                "Amazon Linux:2023 curl < 1:8.5.0-1.amzn2023 name=Own arch=aarch64,x86_64",
                "Amazon Linux:2023 curl-doc < 8.5.0-1.amzn2023 name=Own",
                "Amazon Linux:2023 libcurl < 8.5.0-1.amzn2023 name=Own arch=x86_64",
                "Amazon Linux:2023 libcurl < 8.5.1-1.amzn2023 name=Own arch=aarch64",
            ],
            Stated.Of(Assert.Single(reading.Advisories)));
        Assert.Equal(["CVE-2024-0001", "CVE-2024-0002"], reading.Advisories[0].Upstream);
        Assert.Equal(new DateTimeOffset(2024, 2, 22, 23, 22, 0, TimeSpan.Zero), reading.Advisories[0].Modified);
    }

    [Fact]
    public async Task HoldsToolsOfANewerKernelAgainstThatKernelOnly()
    {
        FeedReading reading = await ReadAsync(Document(Package("kernel6.12", "6.12.1", "x86_64") + Package("bpftool", "6.12.1", "x86_64")));

        Assert.All(reading.Advisories[0].Affected, package => Assert.Equal("kernel6.12", package.Repository));
    }

    [Fact]
    public async Task LeavesOutWhatIsNotAboutSecurity()
    {
        FeedReading reading = await ReadAsync(Document(Package("curl", "1", "x86_64"), type: "bugfix"));

        Assert.Empty(reading.Records);
        Assert.Equal(("about no security", 1), (reading.Report.Skipped.Single().Key, reading.Report.Skipped.Single().Value));
    }

    [Theory]
    [InlineData("SUSE-2024-1", "amazon-linux-2023")]
    [InlineData("ALAS2023-2024-001", "fedora")]
    public async Task NamesAnUpdateOfAnotherDistribution(string id, string collection)
    {
        FeedReading reading = await ReadAsync(Document(Package("curl", "1", "x86_64"), id: id, collection: collection));

        Assert.Empty(reading.Records);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Fact]
    public async Task KeepsTheRestOfAnUpdateWithAPackageWithoutAVersion()
    {
        FeedReading reading = await ReadAsync(Document("<package name=\"x\"/>" + Package("curl", "1", "x86_64")));

        Assert.Equal("curl", Assert.Single(reading.Advisories[0].Affected).Name);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("2/core/2.0/x86_64/221a/repodata/updateinfo.xml.gz", true)]
    [InlineData("mirror/2/extras/kernel-5.15/stable/x86_64/221a/repodata/updateinfo.xml.gz", true)]
    [InlineData("al2023/core/guids/46ff/x86_64/repodata/updateinfo.xml.gz", true)]
    [InlineData("2018.03/updates/c539/x86_64/repodata/updateinfo.xml.gz", false)]
    [InlineData("suse/repodata/updateinfo.xml.gz", false)]
    [InlineData("amazon/repomd_valid.xml", false)]
    public void RecognisesItsDocuments(string path, bool expected)
    {
        Assert.Equal(expected, new AmazonFeed().Recognises(path));
    }

    [Fact]
    public async Task AsksForEveryRepositoryThatHasAdvisories()
    {
        var pages = new Dictionary<string, string>
        {
            ["https://m.example/a/2/core/latest/x86_64/mirror.list"] = "https://cdn.amazonlinux.com/2/core/2.0/x86_64/221a\n",
            ["https://m.example/a/2/core/2.0/x86_64/221a/repodata/repomd.xml"] = await SampleAsync("repomd_valid.xml"),
            ["https://m.example/a/al2023/core/mirrors/latest/x86_64/mirror.list"] = "nothing\nhttps://cdn.amazonlinux.com/al2023/core/guids/46ff/$basearch/",
            ["https://m.example/a/al2023/core/guids/46ff/x86_64/repodata/repomd.xml"] = await SampleAsync("repomd_valid.xml"),
            ["https://m.example/a/2/extras-catalog.json"] = await SampleAsync("extras-catalog_valid.json"),
            ["https://m.example/a/2/extras/kernel-5.15/latest/x86_64/mirror.list"] = "https://cdn.amazonlinux.com/2/extras/kernel-5.15/stable/x86_64/9",
            ["https://m.example/a/2/extras/kernel-5.15/stable/x86_64/9/repodata/repomd.xml"] = await SampleAsync("repomd_valid.xml"),
            ["https://m.example/a/2/extras/emacs/latest/x86_64/mirror.list"] = "https://cdn.amazonlinux.com/2/extras/emacs/stable/x86_64/8",
            ["https://m.example/a/2/extras/emacs/stable/x86_64/8/repodata/repomd.xml"] = await SampleAsync("repomd_noupdateinfo.xml"),
        };

        Assert.Equal(
            [
                "2/core/2.0/x86_64/221a/repodata/updateinfo.xml.gz",
                "al2023/core/guids/46ff/x86_64/repodata/updateinfo.xml.gz",
                "2/extras/kernel-5.15/stable/x86_64/9/repodata/updateinfo.xml.gz",
            ],
            await FeedWeb.PlanAsync(new AmazonFeed(), "https://m.example/a", pages));
    }

    [Theory]
    [InlineData("repomd_invalid.xml", "extras-catalog_valid.json")]
    [InlineData("repomd_noupdateinfo.xml", "extras-catalog_valid.json")]
    [InlineData("repomd_valid.xml", "extras-catalog_invalid.json")]
    public async Task CannotTellWhatToAskForByInvalidSamples(string repomd, string catalogue)
    {
        var pages = new Dictionary<string, string>
        {
            ["https://m.example/2/core/latest/x86_64/mirror.list"] = "https://m.example/2",
            ["https://m.example/al2023/core/mirrors/latest/x86_64/mirror.list"] = "https://m.example/2",
            ["https://m.example/2/repodata/repomd.xml"] = await SampleAsync(repomd),
            ["https://m.example/2/extras-catalog.json"] = await SampleAsync(catalogue),
        };

        await Assert.ThrowsAsync<FeedException>(() => FeedWeb.PlanAsync(new AmazonFeed(), "https://m.example", pages));
    }

    [Theory]
    [InlineData("../../../x.xml")]
    [InlineData("/x.xml")]
    [InlineData("http://127.0.0.1/x.xml")]
    public async Task AsksForNothingOutsideTheRepository(string location)
    {
        var pages = new Dictionary<string, string>
        {
            ["https://m.example/2/core/latest/x86_64/mirror.list"] = "https://m.example/2",
            ["https://m.example/2/repodata/repomd.xml"] = $"<repomd><data type=\"updateinfo\"><location href=\"{location}\"/></data></repomd>",
        };

        await Assert.ThrowsAsync<FeedException>(() => FeedWeb.PlanAsync(new AmazonFeed(), "https://m.example", pages));
    }

    [Theory]
    [InlineData("http://packages.us-west-2.amazonaws.com/2018.03/updates/c539/x86_64\n")]
    [InlineData("http://evil.example/../x\nhttp://169.254.169.254/2018.03/updates/c539/x86_64\n")]
    public async Task FindsAmazonLinux1ByItsListAndGoesToNoOtherHost(string mirrors)
    {
        var pages = new Dictionary<string, string>
        {
            ["http://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list"] = mirrors,
            ["http://packages.us-west-2.amazonaws.com/2018.03/updates/c539/x86_64/repodata/repomd.xml"] = await SampleAsync("repomd_valid.xml"),
        };
        var feed = new AmazonLinux1Feed();

        Assert.Equal(["2018.03/updates/c539/x86_64/repodata/updateinfo.xml.gz"], await FeedWeb.PlanAsync(feed, feed.Description.Address, pages));
    }

    [Fact]
    public async Task FindsAmazonLinux1BelowAMirror()
    {
        var pages = new Dictionary<string, string>
        {
            ["https://m.example/a/2018.03/updates/x86_64/mirror.list"] = "http://packages.us-west-2.amazonaws.com/2018.03/updates/c539/x86_64\n",
            ["https://m.example/a/2018.03/updates/c539/x86_64/repodata/repomd.xml"] = await SampleAsync("repomd_valid.xml"),
        };

        Assert.Equal(
            ["2018.03/updates/c539/x86_64/repodata/updateinfo.xml.gz"], await FeedWeb.PlanAsync(new AmazonLinux1Feed(), "https://m.example/a", pages));
    }

    [Fact]
    public Task ThrowsOnlyWhatItMayOnSpoiltDocuments() => SpoiltDocuments.ReadAsync(new AmazonFeed(), Path, Made);
}
