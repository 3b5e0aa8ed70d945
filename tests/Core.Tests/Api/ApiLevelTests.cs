using System.Text;
using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Api;

/// <summary>Answers of each level, key by key.</summary>
public sealed class ApiLevelTests
{
    private const string EmptyTo45 =
        """ "scoreVersion":"V2","cvssV2":null,"cvssV3":null,"publishedOn":null,"lastModified":null,"vulnerabilityType":"UNKNOWN_VULNERABILITY","vulnerabilityTypes":[],"suppressed":false,"suppressActivation":null,"suppressExpiry":null,"firstSystemOccurrence":null,"firstImageOccurrence":null, """;

    private static readonly Finding RedHat = MadeScan.Finding("CVE-2023-0001", Severity.Moderate, "1-2.el9", MadeScan.V3Moderate) with
    {
        AdvisoryId = "RHSA-2023:7435",
        AdvisoryLink = "https://access.redhat.com/errata/RHSA-2023:7435",
        Summary = "a <b>",
        Link = "https://access.redhat.com/errata/RHSA-2023:7435",
        FixedOn = MadeScan.ScannedAt,
        ScoreSource = ScoreSource.Advisory,
        NvdCvssV3 = MadeScan.Finding("CVE-2023-0001", Severity.Unknown, v3: MadeScan.V3Important).CvssV3,
        Epss = new EpssScore(0.00042f, 0.05f),
        Exploit = new KnownExploit(new DateOnly(2023, 2, 3), new DateOnly(2023, 2, 24))
        {
            ShortDescription = "Bad.",
            RequiredAction = "Apply updates.",
            RansomwareCampaignUse = "Known",
        },
        Ecosystem = "Red Hat:enterprise_linux:9::baseos",
    };

    [Theory]
    [InlineData(ApiLevel.Release45, "", "", """ "severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED" """)]
    [InlineData(
        ApiLevel.Release49,
        """ "advisory":null, """,
        "",
        """ "severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED","cvssMetrics":[],"nvdCvss":0,"epss":null """)]
    [InlineData(
        ApiLevel.Latest,
        """ "advisory":null, """,
        """ "fixAvailableTimestamp":null, """,
        """ "severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED","cvssMetrics":[],"nvdCvss":0,"epss":null,"datasource":"","exploit":null,"cisaKev":false,"origin":"VULN_ORIGIN_OTHER" """)]
    public void WritesTheEmptyVulnerability(ApiLevel level, string advisory, string fix, string tail)
    {
        var image = new WireImage { Scan = new WireScan { Components = [new WireComponent { Vulns = [new WireVulnerability()] }] } };

        string json = Write(image, level);

        Assert.Contains(
            $$""" "vulns":[{"cve":"",{{advisory.Trim()}}"cvss":0,"summary":"","link":"",{{EmptyTo45.Trim()}}{{fix.Trim()}}{{tail.Trim()}}}], """.Trim(),
            json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ApiLevel.Release45, """ "executables":[]}] """, """ "notes":[]} """)]
    [InlineData(ApiLevel.Release49, """ "executables":[],"architecture":""}] """, """ "notes":[]} """)]
    [InlineData(ApiLevel.Latest, """ "executables":[],"architecture":""}] """, """ "notes":[],"baseImageInfo":[]} """)]
    public void WritesTheEmptyComponentAndImage(ApiLevel level, string component, string image)
    {
        string json = Write(new WireImage { Scan = new WireScan { Components = [new WireComponent()] } }, level);

        Assert.Contains(component.Trim(), json, StringComparison.Ordinal);
        Assert.EndsWith(image.Trim(), json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ApiLevel.Release45, """ {"rawSignature":null,"signaturePayload":null,"certPem":null,"certChainPem":null} """, "")]
    [InlineData(ApiLevel.Release49, """ {"rawSignature":"","signaturePayload":"","certPem":"","certChainPem":"","rekorBundle":""} """, "")]
    [InlineData(ApiLevel.Latest, """ {"rawSignature":"","signaturePayload":"","certPem":"","certChainPem":"","rekorBundle":"","signatureFormat":"SIGNATURE_FORMAT_UNSPECIFIED","sigstoreBundle":""} """, """ ,"verifierName":"" """)]
    public void WritesTheEmptySignature(ApiLevel level, string cosign, string verifier)
    {
        string json = Write(
            new WireImage
            {
                Signature = new WireImageSignature { Signatures = [new WireSignature { Cosign = new WireCosignSignature() }] },
                SignatureVerificationData = new WireVerification { Results = [new WireVerificationResult()] },
            },
            level);

        Assert.Contains($$"""{"cosign":{{cosign.Trim()}}}""", json, StringComparison.Ordinal);
        Assert.Contains($$""" "verifiedImageReferences":[]{{verifier.Trim()}}} """.Trim(), json, StringComparison.Ordinal);
    }

    [Fact]
    public void Of45HasNoneOfTheLaterFields()
    {
        JsonElement vulnerability = Vulnerability(RedHat, ApiLevel.Release45);

        Assert.Equal("https://access.redhat.com/errata/RHSA-2023:7435", vulnerability.GetProperty("link").GetString());
        Assert.All(
            ["advisory", "cvssMetrics", "nvdCvss", "epss", "fixAvailableTimestamp", "datasource", "exploit", "cisaKev", "origin"],
            name => Assert.False(vulnerability.TryGetProperty(name, out _), name));
    }

    [Fact]
    public void Of49SaysWhoseScoresThereAreAndHowLikelyAnExploitIs()
    {
        JsonElement vulnerability = Vulnerability(RedHat, ApiLevel.Release49);

        Assert.Equal(
            """{"name":"RHSA-2023:7435","link":"https://access.redhat.com/errata/RHSA-2023:7435"}""", vulnerability.GetProperty("advisory").GetRawText());
        Assert.Equal("https://access.redhat.com/security/cve/CVE-2023-0001", vulnerability.GetProperty("link").GetString());
        Assert.Equal(6.5f, vulnerability.GetProperty("cvss").GetSingle());
        Assert.Equal(7.5f, vulnerability.GetProperty("nvdCvss").GetSingle());
        Assert.Equal("""{"epssProbability":0.00042,"epssPercentile":0.05}""", vulnerability.GetProperty("epss").GetRawText());
        Assert.Equal(
            """
            [{"source":"SOURCE_RED_HAT","url":"https://access.redhat.com/security/cve/CVE-2023-0001","cvssv3":{"vector":"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H","exploitabilityScore":2.8,"impactScore":3.6,"attackVector":"ATTACK_NETWORK","attackComplexity":"COMPLEXITY_LOW","privilegesRequired":"PRIVILEGE_LOW","userInteraction":"UI_NONE","scope":"UNCHANGED","confidentiality":"IMPACT_NONE","integrity":"IMPACT_NONE","availability":"IMPACT_HIGH","score":6.5,"severity":"MEDIUM"}},{"source":"SOURCE_NVD","url":"https://nvd.nist.gov/vuln/detail/CVE-2023-0001","cvssv3":{"vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H","exploitabilityScore":3.9,"impactScore":3.6,"attackVector":"ATTACK_NETWORK","attackComplexity":"COMPLEXITY_LOW","privilegesRequired":"PRIVILEGE_NONE","userInteraction":"UI_NONE","scope":"UNCHANGED","confidentiality":"IMPACT_NONE","integrity":"IMPACT_NONE","availability":"IMPACT_HIGH","score":7.5,"severity":"HIGH"}}]
            """,
            vulnerability.GetProperty("cvssMetrics").GetRawText());
        Assert.False(vulnerability.TryGetProperty("exploit", out _));
        Assert.Equal("\"a <b>\"", vulnerability.GetProperty("summary").GetRawText());
    }

    [Fact]
    public void LatestSaysWhatIsExploitedAndWhoseAdvisoryItIs()
    {
        JsonElement vulnerability = Vulnerability(RedHat, ApiLevel.Latest);

        Assert.Equal(
            """{"dateAdded":"2023-02-03","shortDescription":"Bad.","requiredAction":"Apply updates.","dueDate":"2023-02-24","knownRansomwareCampaignUse":"Known"}""",
            vulnerability.GetProperty("exploit").GetRawText());
        Assert.True(vulnerability.GetProperty("cisaKev").GetBoolean());
        Assert.Equal("2024-11-27T18:16:32Z", vulnerability.GetProperty("fixAvailableTimestamp").GetString());
        Assert.Equal("VULN_ORIGIN_RED_HAT", vulnerability.GetProperty("origin").GetString());
        Assert.Equal("", vulnerability.GetProperty("datasource").GetString());
    }

    [Theory]
    [InlineData("", "VULN_ORIGIN_OTHER")]
    [InlineData("npm", "VULN_ORIGIN_OSV")]
    [InlineData("Alpine:v3.20", "VULN_ORIGIN_ALPINE")]
    [InlineData("Amazon Linux:2023", "VULN_ORIGIN_AMAZON")]
    [InlineData("Debian:12", "VULN_ORIGIN_DEBIAN")]
    [InlineData("Oracle Linux:9", "VULN_ORIGIN_ORACLE")]
    [InlineData("Photon OS:5.0", "VULN_ORIGIN_PHOTON")]
    [InlineData("Rocky Linux:9", "VULN_ORIGIN_OTHER")]
    [InlineData("openSUSE:Leap 15.6", "VULN_ORIGIN_SUSE")]
    [InlineData("SUSE:Linux Enterprise Server 15 SP5", "VULN_ORIGIN_SUSE")]
    [InlineData("Ubuntu:22.04:LTS", "VULN_ORIGIN_UBUNTU")]
    public void NamesTheOriginInTheWordsOfStackRox(string ecosystem, string origin) => Assert.Equal(
        origin, Vulnerability(MadeScan.Finding("CVE-2023-0001", Severity.Low) with { Ecosystem = ecosystem }, ApiLevel.Latest).GetProperty("origin").GetString());

    [Theory]
    [InlineData(ScoreSource.Advisory, "npm", "SOURCE_OSV", "https://osv.dev/vulnerability/GHSA-1")]
    [InlineData(ScoreSource.Advisory, "SUSE:Linux Enterprise Server 15 SP5", "SOURCE_UNKNOWN", "https://example.org/own")]
    [InlineData(ScoreSource.Nvd, "npm", "SOURCE_NVD", "https://nvd.nist.gov/vuln/detail/CVE-2023-0001")]
    [InlineData(ScoreSource.CveRecord, "npm", "SOURCE_UNKNOWN", "https://www.cve.org/CVERecord?id=CVE-2023-0001")]
    [InlineData(ScoreSource.None, "npm", "SOURCE_UNKNOWN", "https://example.org/own")]
    public void LinksThePageOfTheScoreThatIsShown(ScoreSource source, string ecosystem, string name, string page)
    {
        Finding finding = MadeScan.Finding("CVE-2023-0001", Severity.Low, v2: MadeScan.V2High) with
        {
            AdvisoryId = "GHSA-1",
            Link = "https://example.org/own",
            ScoreSource = source,
            NvdCvssV2 = source == ScoreSource.Nvd ? MadeScan.Finding("CVE-2023-0001", Severity.Low, v2: MadeScan.V2High).CvssV2 : null,
            Ecosystem = ecosystem,
        };

        JsonElement vulnerability = Vulnerability(finding, ApiLevel.Release49);

        JsonElement metric = Assert.Single(vulnerability.GetProperty("cvssMetrics").EnumerateArray());
        Assert.Equal((name, page), (metric.GetProperty("source").GetString(), metric.GetProperty("url").GetString()));
        Assert.Equal(7.5f, metric.GetProperty("cvssv2").GetProperty("score").GetSingle());
        Assert.Equal(page, vulnerability.GetProperty("link").GetString());
    }

    [Fact]
    public void LinksTheErratumOfRedHatWhereItHasNoCve()
    {
        JsonElement vulnerability = Vulnerability(RedHat with { Cve = "RHBA-2023:1" }, ApiLevel.Release49);

        Assert.Equal("https://access.redhat.com/errata/RHSA-2023:7435", vulnerability.GetProperty("link").GetString());
    }

    [Fact]
    public void KeepsTheLinkWhereThereIsNoScore() => Assert.Equal(
        "https://example.org/own",
        Vulnerability(MadeScan.Finding("CVE-2023-0001", Severity.Low) with { Link = "https://example.org/own" }, ApiLevel.Latest).GetProperty("link").GetString());

    [Theory]
    [InlineData("CVE-2023-0001")]
    [InlineData("DEBIAN-CVE-2023-0001")]
    public void AnAdvisoryThatIsTheCveOverAgainIsNone(string id)
    {
        JsonElement advisory = Vulnerability(MadeScan.Finding("CVE-2023-0001", Severity.Low) with { AdvisoryId = id }, ApiLevel.Release49).GetProperty("advisory");

        Assert.Equal(JsonValueKind.Null, advisory.ValueKind);
    }

    [Fact]
    public void SaysTheArchitectureOfPackages()
    {
        PackageFindings package = MadeScan.Package("a");
        package = package with { Installed = package.Installed with { Package = package.Installed.Package with { Architecture = "amd64" } } };

        Assert.Contains(""" "executables":[],"architecture":"amd64"} """.Trim(), Answer(ApiLevel.Release49, package), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ApiLevel.Release45, """ {"error":"a \u003c b","code":3,"message":"a \u003c b","details":[]} """)]
    [InlineData(ApiLevel.Release49, """ {"code":3,"message":"a < b","details":[],"error":"a < b"} """)]
    [InlineData(ApiLevel.Latest, """ {"code":3,"message":"a < b","details":[],"error":"a < b"} """)]
    public void WritesErrorsInTheOrderOfTheirLevel(ApiLevel level, string body) => Assert.Equal(
        body.Trim(), Encoding.UTF8.GetString(ApiResult.Failure(new ApiException(GrpcCode.InvalidArgument, "a < b")).Write(WireLayout.Compact, level)));

    [Fact]
    public void LaterLevelsEscapeAsProtojsonDoes() => Assert.StartsWith(
        """{"id":"<>&\b\f\n\u0001\"\\é""" + "\u2028\",", Write(new WireImage { Id = "<>&\b\f\n\u0001\"\\é\u2028" }, ApiLevel.Release49), StringComparison.Ordinal);

    private static string Write(WireImage image, ApiLevel level) => Encoding.UTF8.GetString(WireJson.BytesOf(image, WireLayout.Compact, level));

    private static string Answer(ApiLevel level, params PackageFindings[] packages) => Write(
        ImageAnswer.ToScanImage(MadeScan.Of(packages), MadeScan.Reference(), Snoozed.Included, new ApiSettings { Level = level }), level);

    private static JsonElement Vulnerability(Finding finding, ApiLevel level)
    {
        using JsonDocument answer = JsonDocument.Parse(Answer(level, MadeScan.Package("a", "1", finding)));
        return answer.RootElement.GetProperty("scan").GetProperty("components")[0].GetProperty("vulns")[0].Clone();
    }
}
