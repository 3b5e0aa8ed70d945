using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.AzureLinux;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.AzureLinux;

public sealed class AzureLinuxFeedTests
{
    private const string Path = "cbl-mariner-2.0-oval.xml";

    // No copy of a real document is at hand: this is made after the form of https://github.com/microsoft/AzureLinuxVulnerabilityData, with the
    // order of its parts (definitions before the tests that they refer to), its three words for "patchable" and both operations.
    private const string Made = """
        <oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5" xmlns:oval="http://oval.mitre.org/XMLSchema/oval-common-5"
            xmlns:linux-def="http://oval.mitre.org/XMLSchema/oval-definitions-5#linux">
          <generator><oval:product_name>Azure Linux OVAL Definition Generator</oval:product_name></generator>
          <definitions>
            <definition class="vulnerability" id="oval:com.microsoft.cbl-mariner:def:1" version="1">
              <metadata>
                <title>CVE-2024-0001 affecting package curl for versions less than 8.8.0-1</title>
                <affected family="unix"><platform>CBL-Mariner</platform></affected>
                <reference ref_id="CVE-2024-0001" ref_url="https://nvd.nist.gov/vuln/detail/CVE-2024-0001" source="CVE"/>
                <patchable>true</patchable>
                <advisory_date>2024-07-23T22:05:39Z</advisory_date>
                <advisory_id>1-2</advisory_id>
                <severity>High</severity>
                <description>CVE-2024-0001 affecting package curl for versions less than 8.8.0-1. A patched version of the package is available.</description>
              </metadata>
              <criteria operator="AND">
                <criterion comment="Package curl is earlier than 8.8.0-1, affected by CVE-2024-0001" test_ref="oval:com.microsoft.cbl-mariner:tst:1000"/>
              </criteria>
            </definition>
            <definition class="vulnerability" id="oval:com.microsoft.cbl-mariner:def:2" version="1">
              <metadata>
                <title>CVE-2024-0002 affecting package syslinux 6.04-9</title>
                <reference ref_id="CVE-2024-0002" ref_url="javascript:alert(1)" source="CVE"/>
                <patchable>false</patchable>
                <advisory_id>2</advisory_id>
                <severity>Medium</severity>
              </metadata>
              <criteria operator="AND">
                <criterion comment="Package syslinux is installed with version 6.04-9 or earlier" test_ref="oval:com.microsoft.cbl-mariner:tst:2000"/>
              </criteria>
            </definition>
            <definition class="vulnerability" id="oval:com.microsoft.cbl-mariner:def:3" version="1">
              <metadata>
                <title>CVE-2024-0003 affecting package gcc 9.1.0-7</title>
                <reference ref_id="CVE-2024-0003" ref_url="https://nvd.nist.gov/vuln/detail/CVE-2024-0003" source="CVE"/>
                <patchable>Not Applicable</patchable>
                <severity>Low</severity>
              </metadata>
              <criteria operator="AND"><criterion comment="Package gcc" test_ref="oval:com.microsoft.cbl-mariner:tst:3000"/></criteria>
            </definition>
            <definition class="vulnerability" id="oval:com.microsoft.cbl-mariner:def:4" version="1">
              <metadata><reference ref_id="CVE-2024-0004" ref_url="" source="CVE"/></metadata>
              <criteria operator="AND"><criterion comment="Package x" test_ref="oval:com.microsoft.cbl-mariner:tst:4000"/></criteria>
            </definition>
            <definition class="vulnerability" version="1"/>
          </definitions>
          <tests>
            <linux-def:rpminfo_test check="at least one" id="oval:com.microsoft.cbl-mariner:tst:1000" version="0">
              <linux-def:object object_ref="oval:com.microsoft.cbl-mariner:obj:1001"/><linux-def:state state_ref="oval:com.microsoft.cbl-mariner:ste:1002"/>
            </linux-def:rpminfo_test>
            <linux-def:rpminfo_test check="at least one" id="oval:com.microsoft.cbl-mariner:tst:2000" version="0">
              <linux-def:object object_ref="oval:com.microsoft.cbl-mariner:obj:2001"/><linux-def:state state_ref="oval:com.microsoft.cbl-mariner:ste:2002"/>
            </linux-def:rpminfo_test>
            <linux-def:rpminfo_test check="at least one" id="oval:com.microsoft.cbl-mariner:tst:3000" version="0">
              <linux-def:object object_ref="oval:com.microsoft.cbl-mariner:obj:3001"/><linux-def:state state_ref="oval:com.microsoft.cbl-mariner:ste:3002"/>
            </linux-def:rpminfo_test>
          </tests>
          <objects>
            <linux-def:rpminfo_object id="oval:com.microsoft.cbl-mariner:obj:1001" version="0"><linux-def:name>curl</linux-def:name></linux-def:rpminfo_object>
            <linux-def:rpminfo_object id="oval:com.microsoft.cbl-mariner:obj:2001" version="0">
              <linux-def:name>syslinux</linux-def:name>
            </linux-def:rpminfo_object>
            <linux-def:rpminfo_object id="oval:com.microsoft.cbl-mariner:obj:3001" version="0"><linux-def:name>gcc</linux-def:name></linux-def:rpminfo_object>
          </objects>
          <states>
            <linux-def:rpminfo_state id="oval:com.microsoft.cbl-mariner:ste:1002" version="0">
              <linux-def:evr datatype="evr_string" operation="less than">0:8.8.0-1.cm2</linux-def:evr>
            </linux-def:rpminfo_state>
            <linux-def:rpminfo_state id="oval:com.microsoft.cbl-mariner:ste:2002" version="0">
              <linux-def:evr datatype="evr_string" operation="less than or equal">0:6.04-9.cm2</linux-def:evr>
            </linux-def:rpminfo_state>
            <linux-def:rpminfo_state id="oval:com.microsoft.cbl-mariner:ste:3002" version="0">
              <linux-def:evr datatype="evr_string" operation="less than or equal">0:9.1.0-7.cm2</linux-def:evr>
            </linux-def:rpminfo_state>
          </states>
        </oval_definitions>
        """;

    private static Task<FeedReading> ReadAsync(string xml) => FeedReading.OfTextAsync(new AzureLinuxFeed(), Path, xml);

    [Fact]
    public async Task ReadsWhatIsMendedWhatIsNotAndWhatNeverApplied()
    {
        FeedReading reading = await ReadAsync(Made);

        Assert.Equal(
            [
                "AZL-2-1-2: Azure Linux:2 curl < 8.8.0-1.cm2",
                "AZL-2-2: Azure Linux:2 syslinux <= 6.04-9.cm2",
                "AZL-2-oval:com.microsoft.cbl-mariner:def:3: Azure Linux:2 gcc every NotAffected",
            ],
            Stated.Of(reading));
        Advisory mended = reading.Advisories[0];
        var day = new DateTimeOffset(2024, 7, 23, 22, 5, 39, TimeSpan.Zero);
        Assert.Equal((day, day, day), (mended.Published, mended.Modified, mended.Affected[0].FixedOn));
        Assert.Equal((AdvisoryAuthority.Vendor, "High"), (mended.Authority, mended.SeverityWord));
        Assert.Equal(["CVE-2024-0001"], mended.Upstream);
        Assert.Equal("https://nvd.nist.gov/vuln/detail/CVE-2024-0001", mended.Link);
        Assert.Equal("CVE-2024-0001 affecting package curl for versions less than 8.8.0-1", mended.Summary);
        Assert.Equal(("", null), (reading.Advisories[1].Link, reading.Advisories[1].Published));
        Assert.Equal(2, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("azurelinux-3.0-oval.xml", "Azure Linux:3")]
    [InlineData("mirror/azurelinux/cbl-mariner-1.0-oval.xml", "Azure Linux:1")]
    public async Task TakesTheReleaseFromTheNameOfTheDocument(string path, string ecosystem)
    {
        Assert.True(new AzureLinuxFeed().Recognises(path));

        FeedReading reading = await FeedReading.OfTextAsync(new AzureLinuxFeed(), path, Made);

        Assert.Equal(ecosystem, reading.Advisories[0].Affected[0].Ecosystem.ToString());
    }

    [Fact]
    public async Task AsksForTheThreeReleases()
    {
        Assert.Equal(
            ["azurelinux-3.0-oval.xml", "cbl-mariner-2.0-oval.xml", "cbl-mariner-1.0-oval.xml"],
            await FeedWeb.PlanAsync(new AzureLinuxFeed(), "https://azure.example", new Dictionary<string, string>()));
    }

    [Fact]
    public async Task RefusesADocumentThatIsNoOval()
    {
        await Assert.ThrowsAsync<FeedException>(() => ReadAsync("<xml></xml>"));
    }

    [Fact]
    public async Task RefusesADocumentThatIsCutShort()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Made[..^200]));
    }

    [Fact]
    public Task ThrowsOnlyWhatItMayOnSpoiltDocuments() => SpoiltDocuments.ReadAsync(new AzureLinuxFeed(), Path, Made, iter: 700);
}
