using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Tests.Api.Wire;

public sealed class WireJsonTests
{
    [Fact]
    public void WritesTheEmptyImage() => Assert.Equal(
        """{"id":"","name":null,"names":[],"metadata":null,"scan":null,"signatureVerificationData":null,"signature":null,"lastUpdated":null,"notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":0,"notes":[]}""",
        Write(new WireImage()));

    [Fact]
    public void WritesZeroesOfOneofsThatAreSet() => Assert.Equal(
        """{"id":"","name":null,"names":[],"metadata":null,"scan":null,"signatureVerificationData":null,"signature":null,"components":0,"cves":0,"fixableCves":0,"lastUpdated":null,"notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":0,"topCvss":0,"notes":[]}""",
        Write(new WireImage { Components = 0, Cves = 0, FixableCves = 0, TopCvss = 0 }));

    [Fact]
    public void WritesTheEmptyMetadata() => Assert.Equal(
        """{"v1":null,"v2":null,"layerShas":[],"dataSource":null,"version":"0"}""",
        Inside("metadata", new WireImage { Metadata = new WireMetadata() }));

    [Fact]
    public void WritesTheEmptyMessagesInsideMetadata() => Assert.Equal(
        """{"v1":{"digest":"","created":null,"author":"","layers":[{"instruction":"","value":"","created":null,"author":"","empty":false}],"user":"","command":[],"entrypoint":[],"volumes":[],"labels":{}},"v2":{"digest":""},"layerShas":[],"dataSource":{"id":"","name":"","mirror":""},"version":"0"}""",
        Inside("metadata", new WireImage
        {
            Metadata = new WireMetadata { V1 = new WireV1Metadata { Layers = [new WireLayer()] }, V2 = new WireV2Metadata(), DataSource = new WireDataSource() },
        }));

    [Fact]
    public void WritesTheEmptyScan() => Assert.Equal(
        """{"scannerVersion":"","scanTime":null,"components":[],"operatingSystem":"","dataSource":null,"notes":[]}""",
        Inside("scan", new WireImage { Scan = new WireScan() }));

    [Fact]
    public void WritesTheEmptyComponent() => Assert.Equal(
        """[{"name":"","version":"","license":null,"vulns":[],"priority":"0","source":"OS","location":"","riskScore":0,"fixedBy":"","executables":[]}]""",
        Inside("components", new WireImage { Scan = new WireScan { Components = [new WireComponent()] } }, "scan"));

    [Fact]
    public void WritesTheEmptyVulnerability() => Assert.Equal(
        """[{"name":"","version":"","license":{"name":"","type":"","url":""},"vulns":[{"cve":"","cvss":0,"summary":"","link":"","scoreVersion":"V2","cvssV2":null,"cvssV3":null,"publishedOn":null,"lastModified":null,"vulnerabilityType":"UNKNOWN_VULNERABILITY","vulnerabilityTypes":[],"suppressed":false,"suppressActivation":null,"suppressExpiry":null,"firstSystemOccurrence":null,"firstImageOccurrence":null,"severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED"}],"layerIndex":0,"priority":"0","source":"OS","location":"","topCvss":0,"riskScore":0,"fixedBy":"","executables":[{"path":"","dependencies":[]}]}]""",
        Inside("components", new WireImage
        {
            Scan = new WireScan
            {
                Components = [new WireComponent { License = new WireLicense(), Vulns = [new WireVulnerability()], LayerIndex = 0, TopCvss = 0, Executables = [new WireExecutable()] }],
            },
        }, "scan"));

    [Fact]
    public void WritesTheEmptyCvssMessages()
    {
        var vulnerability = new WireVulnerability { FixedBy = "", CvssV2 = new WireCvssV2(), CvssV3 = new WireCvssV3() };

        string json = Write(new WireImage { Scan = new WireScan { Hash = 0, Components = [new WireComponent { Vulns = [vulnerability] }] } });

        Assert.Contains("""
            "fixedBy":"","scoreVersion":"V2","cvssV2":{"vector":"","attackVector":"ATTACK_LOCAL","accessComplexity":"ACCESS_HIGH","authentication":"AUTH_MULTIPLE","confidentiality":"IMPACT_NONE","integrity":"IMPACT_NONE","availability":"IMPACT_NONE","exploitabilityScore":0,"impactScore":0,"score":0,"severity":"UNKNOWN"},"cvssV3":{"vector":"","exploitabilityScore":0,"impactScore":0,"attackVector":"ATTACK_LOCAL","attackComplexity":"COMPLEXITY_LOW","privilegesRequired":"PRIVILEGE_NONE","userInteraction":"UI_NONE","scope":"UNCHANGED","confidentiality":"IMPACT_NONE","integrity":"IMPACT_NONE","availability":"IMPACT_NONE","score":0,"severity":"UNKNOWN"},"publishedOn":null
            """, json, StringComparison.Ordinal);
        Assert.Contains(""" "notes":[],"hash":"0"} """.Trim(), json, StringComparison.Ordinal);
    }

    [Fact]
    public void WritesTheEmptyVerificationResult() => Assert.Equal(
        """{"results":[{"verificationTime":null,"verifierId":"","status":"UNSET","description":"","verifiedImageReferences":[]}]}""",
        Inside("signatureVerificationData", new WireImage { SignatureVerificationData = new WireVerification { Results = [new WireVerificationResult()] } }));

    [Fact]
    public void WritesTheEmptySignatures() => Assert.Equal(
        """{"signatures":[{},{"cosign":{"rawSignature":null,"signaturePayload":null,"certPem":null,"certChainPem":null}}],"fetched":null}""",
        Inside("signature", new WireImage
        {
            Signature = new WireImageSignature { Signatures = [new WireSignature(), new WireSignature { Cosign = new WireCosignSignature() }] },
        }));

    [Fact]
    public void WritesTheWorkedReplyTail()
    {
        var image = new WireImage
        {
            Signature = new WireImageSignature { Signatures = [new WireSignature { Cosign = new WireCosignSignature { RawSignature = new byte[] { 1, 2 } } }] },
            Components = 1,
            Cves = 1,
            FixableCves = 1,
            LastUpdated = new DateTimeOffset(2024, 11, 27, 19, 16, 32, TimeSpan.FromHours(1)),
            RiskScore = 1.09075f,
            TopCvss = 6.5f,
        };

        string json = Write(image);

        Assert.EndsWith(
            """
            "signature":{"signatures":[{"cosign":{"rawSignature":"AQI=","signaturePayload":null,"certPem":null,"certChainPem":null}}],"fetched":null},"components":1,"cves":1,"fixableCves":1,"lastUpdated":"2024-11-27T18:16:32Z","notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":1.09075,"topCvss":6.5,"notes":[]}
            """,
            json, StringComparison.Ordinal);
    }

    [Fact]
    public void WritesTheWorkedComponentTail() => Assert.EndsWith(
        """
        "layerIndex":0,"priority":"0","source":"OS","location":"","topCvss":6.5,"riskScore":0,"fixedBy":"3.1.1-r0","executables":[]}]
        """,
        Inside("components", new WireImage
        {
            Scan = new WireScan { Components = [new WireComponent { LayerIndex = 0, TopCvss = 6.5f, FixedBy = "3.1.1-r0" }] },
        }, "scan"), StringComparison.Ordinal);

    [Theory]
    [InlineData("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z")]
    [InlineData("2024-01-02T03:04:05.5Z", "2024-01-02T03:04:05.500Z")]
    [InlineData("2024-01-02T03:04:05.123456Z", "2024-01-02T03:04:05.123456Z")]
    [InlineData("2024-01-02T03:04:05.1234567Z", "2024-01-02T03:04:05.123456700Z")]
    [InlineData("2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05Z")]
    public void WritesTimesInUtcWithTheFewestDigits(string time, string expected) => Assert.Equal(
        $"\"{expected}\"",
        Inside("lastUpdated", new WireImage { LastUpdated = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) }));

    [Theory]
    [InlineData(0f, "0")]
    [InlineData(9.8f, "9.8")]
    [InlineData(10f, "10")]
    [InlineData(1.9418751f, "1.9418751")]
    [InlineData(0.00004f, "0.00004")]
    [InlineData(-0.000012345f, "-0.000012345")]
    [InlineData(1e-6f, "0.000001")]
    [InlineData(1e-7f, "1e-7")]
    [InlineData(1.5e-12f, "1.5e-12")]
    [InlineData(123456790f, "123456790")]
    [InlineData(1e20f, "100000000000000000000")]
    [InlineData(1e21f, "1e+21")]
    [InlineData(float.NaN, "\"NaN\"")]
    [InlineData(float.NegativeInfinity, "\"-Infinity\"")]
    public void WritesFloatsAsGoDoes(float value, string expected) =>
        Assert.Equal(expected, Inside("riskScore", new WireImage { RiskScore = value }));

    [Fact]
    public void WritesFloatsThatReadBackTheSame() => Gen.Float.Where(float.IsFinite).Sample(value =>
        float.Parse(FloatConverter.TextOf(value), CultureInfo.InvariantCulture) == value);

    [Fact]
    public void Writes64BitIntegersAsStrings()
    {
        var image = new WireImage { Priority = long.MinValue, Scan = new WireScan { Hash = ulong.MaxValue } };

        string json = Write(image);

        Assert.Contains("\"priority\":\"-9223372036854775808\"", json, StringComparison.Ordinal);
        Assert.Contains("\"hash\":\"18446744073709551615\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a<b>&c", "a\\u003cb\\u003e\\u0026c")]
    [InlineData("\"\\/", "\\\"\\\\/")]
    [InlineData("\n\r\t\b\f\u001b\u0000", "\\n\\r\\t\\u0008\\u000c\\u001b\\u0000")]
    [InlineData("\u2028\u2029\u2027", "\\u2028\\u2029\u2027")]
    [InlineData("+'`é漢😀\u007f\u00ad", "+'`é漢😀\u007f\u00ad")]
    public void EscapesStringsAsGoDoes(string text, string expected) =>
        Assert.Equal($"\"{expected}\"", Inside("id", new WireImage { Id = text }));

    // Not inline data: an attribute cannot hold half a surrogate pair.
    [Fact]
    public void ReplacesHalfASurrogatePairAsGoDoesBadUtf8() =>
        Assert.Equal("\"a\\ufffdb\\ufffd😀\"", Inside("id", new WireImage { Id = "a" + (char)0xD83D + "b" + (char)0xDC00 + "😀" }));

    [Fact]
    public void EscapesTheKeysOfMaps()
    {
        var labels = new Dictionary<string, string> { ["<k>"] = "&" };

        string json = Write(new WireImage { Metadata = new WireMetadata { V1 = new WireV1Metadata { Labels = labels } } });

        Assert.Contains("""
            "labels":{"\u003ck\u003e":"\u0026"}
            """, json, StringComparison.Ordinal);
    }

    [Fact]
    public void WritesAnyTextSoThatItReadsBack() => Gen.String.Sample(text =>
    {
        using var document = JsonDocument.Parse(Write(new WireImage { Id = text }));
        string expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return document.RootElement.GetProperty("id").GetString() == expected;
    });

    [Fact]
    public void IndentsByTwoSpacesWhenAsked() => Assert.Equal(
        "{\n  \"status\": \"ok\"\n}",
        Encoding.UTF8.GetString(WireJson.BytesOf(new WirePing(), WireLayout.Pretty)));

    [Fact]
    public void WritesTheBodiesOfTheSmallRoutes()
    {
        Assert.Equal("""{"status":"ok"}""", Write(new WirePing()));
        Assert.Equal("""{"count":3}""", Write(new WireImageCount(3)));
        Assert.Equal("""{"version":"","buildFlavor":"release","releaseBuild":true,"licenseStatus":"VALID"}""", Write(new WireServerMetadata("")));
        Assert.Equal("""{"images":[]}""", Write(new WireListImages()));
        Assert.Equal(
            """{"images":[{"id":"","name":"","components":1,"cves":2,"fixableCves":0,"created":null,"lastUpdated":null,"priority":"3"}]}""",
            Write(new WireListImages { Images = [new WireListImage { Components = 1, Cves = 2, FixableCves = 0, Priority = 3 }] }));
    }

    [Fact]
    public void WritesAnErrorWithItsDetail() => Assert.Equal(
        """{"error":"slow down","code":8,"message":"slow down","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}""",
        Write(new WireError("slow down", 8, "slow down", [new WireRetry("30s")])));

    [Fact]
    public void RefusesWhatIsNoMessage() =>
        Assert.Throws<NotSupportedException>(() => WireJson.BytesOf(new Uri("http://localhost/"), WireLayout.Compact));

    private static string Write<T>(T message) => Encoding.UTF8.GetString(WireJson.BytesOf(message, WireLayout.Compact));

    private static string Inside(string key, WireImage image, params string[] path)
    {
        using var document = JsonDocument.Parse(Write(image));
        JsonElement element = path.Aggregate(document.RootElement, (parent, name) => parent.GetProperty(name));
        return element.GetProperty(key).GetRawText();
    }
}
