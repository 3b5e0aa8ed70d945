using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Oracle;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Oracle;

public sealed class OracleFeedTests
{
    private const string Path = "com.oracle.elsa-all.xml";

    // In the form of https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2; the values are made up.
    private static string Document(string criteria, string cves = "", string more = "") => $"""
        <oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5">
        <definitions>
        <definition id="oval:com.oracle.elsa:def:20241" version="501" class="patch">
        <metadata>
        <title>
        ELSA-2024-0001:  kernel-uek security update (IMPORTANT)
        </title>
        <affected family="unix">
        <platform>Oracle Linux 9</platform>
        </affected>
        <reference source="elsa" ref_id="ELSA-2024-0001" ref_url="https://linux.oracle.com/errata/ELSA-2024-0001.html"/>
        <reference source="CVE" ref_id="CVE-2024-0001" ref_url="https://linux.oracle.com/cve/CVE-2024-0001.html"/>
        <description>long</description>
        <advisory>
        <severity>IMPORTANT</severity>
        <rights>Copyright 2024 Oracle, Inc.</rights>
        <issued date="2024-03-04"/>
        {cves}
        </advisory>
        </metadata>
        {criteria}
        </definition>
        {more}
        </definitions>
        </oval_definitions>
        """;

    private static string Packages(string architecture, string comment) => $"""
        <criteria operator="AND">
        <criterion test_ref="t:1" comment="Oracle Linux arch is {architecture}"/>
        <criteria operator="OR">
        <criteria operator="AND">
        <criterion test_ref="t:2" comment="{comment}"/>
        <criterion test_ref="t:3" comment="kernel-uek is signed with the Oracle Linux 9 key"/>
        </criteria>
        </criteria>
        </criteria>
        """;

    private static string Whole(params string[] groups) => $"""
        <criteria operator="AND">
        <criterion test_ref="t:0" comment="Oracle Linux 9 is installed"/>
        <criteria operator="OR">
        {string.Join('\n', groups)}
        </criteria>
        </criteria>
        """;

    private static readonly string Made = Document(
        Whole(Packages("x86_64", "kernel-uek is earlier than 2:5.15.0-200.el9uek"), Packages("aarch64", "kernel-uek is earlier than 2:5.15.0-201.el9uek")),
        """<cve cvss3="7.8/CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" href="x" public="20230220">CVE-2024-0001</cve>""");

    private static Task<FeedReading> ReadAsync(string xml) => FeedReading.OfTextAsync(new OracleFeed(), Path, xml);

    [Fact]
    public async Task ReadsTheSampleOfAllErrata()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new OracleFeed(), "feeds/oracle/linux/com.oracle.elsa-all.xml.bz2");

        Assert.Equal(
            [
                .. new[] { "bind", "bind-chroot", "bind-devel", "bind-libbind-devel", "bind-libs", "bind-sdb", "bind-utils", "caching-nameserver" }
                    .Select(package => $"ELSA-2007-0057: Oracle Linux:5 {package} < 30:9.3.3-8.el5 name=Own"),
                "ELSA-2023-12342: Oracle Linux:8 hivex < 1.3.18-21.module+el8.7.0+21037+8ee66348 name=Own module=virt:kvm_utils arch=aarch64",
            ],
            Stated.Of(reading));
        Assert.Equal(0, reading.Report.Malformed);
        Advisory bind = reading.Advisories[0];
        var day = new DateTimeOffset(2007, 6, 26, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(["CVE-2007-0493", "CVE-2007-0494"], bind.Upstream);
        Assert.Equal((AdvisoryAuthority.Vendor, "MODERATE"), (bind.Authority, bind.SeverityWord));
        Assert.Equal((day, day, day), (bind.Modified, bind.Published, bind.Affected[0].FixedOn));
        Assert.Equal("https://linux.oracle.com/errata/ELSA-2007-0057.html", bind.Link);
        Assert.Equal("ELSA-2007-0057: Moderate: bind security update (MODERATE)", bind.Summary);
        Assert.True(bind.Vectors.IsEmpty);
        Assert.Equal(["CVE-2022-4144", "CVE-2023-0664"], reading.Advisories[1].Upstream);
    }

    [Theory]
    [InlineData("invalid.xml.bz2")]
    [InlineData("invalid.xml")]
    public async Task RefusesTheInvalidSamples(string name)
    {
        Exception? refused = await Record.ExceptionAsync(() => FeedReading.OfSharedAsync(new OracleFeed(), $"feeds/oracle/linux/{name}"));

        Assert.True(refused is FeedException or InvalidDataException, refused?.ToString());
    }

    [Fact]
    public async Task LimitsAFixToItsArchitectureWhereTheyDiffer()
    {
        FeedReading reading = await ReadAsync(Made);

        Assert.Equal(
            [
                "ELSA-2024-0001: Oracle Linux:9 kernel-uek < 2:5.15.0-200.el9uek name=Own arch=i386,i486,i586,i686,x86_64",
                "ELSA-2024-0001: Oracle Linux:9 kernel-uek < 2:5.15.0-201.el9uek name=Own arch=aarch64",
            ],
            Stated.Of(reading));
        Assert.Equal("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", reading.Advisories[0].Vectors.V3);
    }

    [Fact]
    public async Task DoesNotLimitAFixThatEverySystemOfTheReleaseHas()
    {
        FeedReading reading = await ReadAsync(Document(
            Whole(Packages("x86_64", "bash is earlier than 0:5.1-2.el9"), Packages("aarch64", "bash is earlier than 0:5.1-2.el9"))));

        Assert.Equal(["ELSA-2024-0001: Oracle Linux:9 bash < 5.1-2.el9 name=Own"], Stated.Of(reading));
    }

    [Fact]
    public async Task KeepsKspliceAndFipsFlavours()
    {
        FeedReading reading = await ReadAsync(Document(
            Whole(
                Packages("x86_64", "glibc is earlier than 2:2.34-100.0.1.ksplice1.el9"),
                Packages("x86_64", "gnutls is earlier than 10:3.7.6-23.el9_fips"))));

        Assert.Equal(
            ["2:2.34-100.0.1.ksplice1.el9", "10:3.7.6-23.el9_fips"],
            reading.Advisories[0].Affected.Select(package => package.Ranges[0].Events[1].Version));
    }

    [Fact]
    public async Task ReadsAnErratumForTwoReleases()
    {
        FeedReading reading = await ReadAsync(Document("""
            <criteria operator="OR">
            <criteria operator="AND">
            <criterion test_ref="t:0" comment="Oracle Linux 7 is installed"/>
            <criterion test_ref="t:1" comment="bash is earlier than 0:4-1.el7"/>
            </criteria>
            <criteria operator="AND">
            <criterion test_ref="t:1" comment="bash is earlier than 0:5-1.el8"/>
            <criterion test_ref="t:0" comment="Oracle Linux 8 is installed"/>
            </criteria>
            </criteria>
            """));

        Assert.Equal(["ELSA-2024-0001: Oracle Linux:7 bash < 4-1.el7 name=Own", "ELSA-2024-0001: Oracle Linux:8 bash < 5-1.el8 name=Own"], Stated.Of(reading));
    }

    [Fact]
    public async Task NamesAConditionThatItDoesNotKnowAndTakesItToHold()
    {
        FeedReading reading = await ReadAsync(Document("""
            <criteria operator="AND">
            <criterion test_ref="t:0" comment="It is raining"/>
            <criterion test_ref="t:1" comment="bash is earlier than 0:5.1-2.el9"/>
            </criteria>
            """));

        Assert.Equal(["ELSA-2024-0001: Oracle Linux:9 bash < 5.1-2.el9 name=Own"], Stated.Of(reading));
        Assert.Contains("It is raining", Assert.Single(reading.Report.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<criteria operator=\"AND\"/>")]
    [InlineData("")]
    public async Task NamesAnErratumThatMendsNothing(string criteria)
    {
        FeedReading reading = await ReadAsync(Document(criteria));

        Assert.Empty(reading.Records);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Fact]
    public async Task GivesNoVectorsToAnErratumOfSeveralCves()
    {
        FeedReading reading = await ReadAsync(Document(
            Whole(Packages("x86_64", "bash is earlier than 0:5.1-2.el9")),
            """
            <cve cvss3="7.8/CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" href="x">CVE-2024-0001</cve>
            <cve cvss2="4.3/AV:N/AC:M/Au:N/C:N/I:N/A:P" href="x">CVE-2024-0002</cve>
            """));

        Assert.Equal(["CVE-2024-0001", "CVE-2024-0002"], reading.Advisories[0].Upstream);
        Assert.True(reading.Advisories[0].Vectors.IsEmpty);
    }

    [Theory]
    [InlineData("com.oracle.elsa-all.xml.bz2", true)]
    [InlineData("oracle/com.oracle.elsa-2024.xml.bz2", true)]
    [InlineData("com.oracle.ovm-all.xml.bz2", false)]
    public void RecognisesItsDocuments(string path, bool expected)
    {
        Assert.Equal(expected, new OracleFeed().Recognises(path));
    }

    [Fact]
    public async Task AsksForOneDocument()
    {
        var nothing = new Dictionary<string, string>();

        Assert.Equal(["com.oracle.elsa-all.xml.bz2"], await FeedWeb.PlanAsync(new OracleFeed(), "https://oracle.example/oval", nothing));
        Assert.Equal([""], await FeedWeb.PlanAsync(new OracleFeed(), "https://oracle.example/all.xml.bz2", nothing));
    }

    [Fact]
    public Task ThrowsOnlyWhatItMayOnSpoiltDocuments() => SpoiltDocuments.ReadAsync(new OracleFeed(), Path, Made);
}
