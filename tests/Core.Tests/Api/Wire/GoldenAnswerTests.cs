using System.Text;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Tests.Api.Wire;

/// <summary>
/// The bytes that StackRox's own marshallers wrote for its own messages, 4.5 by jsonpb and 4.9 by protojson: every message empty, and one image
/// that was worked out.
/// </summary>
public sealed class GoldenAnswerTests
{
    private const string V2 =
        """{"vector":"","attackVector":"ATTACK_LOCAL","accessComplexity":"ACCESS_HIGH","authentication":"AUTH_MULTIPLE","confidentiality":"IMPACT_NONE","integrity":"IMPACT_NONE","availability":"IMPACT_NONE","exploitabilityScore":0,"impactScore":0,"score":0,"severity":"UNKNOWN"}""";
    private const string V3 =
        """{"vector":"","exploitabilityScore":0,"impactScore":0,"attackVector":"ATTACK_LOCAL","attackComplexity":"COMPLEXITY_LOW","privilegesRequired":"PRIVILEGE_NONE","userInteraction":"UI_NONE","scope":"UNCHANGED","confidentiality":"IMPACT_NONE","integrity":"IMPACT_NONE","availability":"IMPACT_NONE","score":0,"severity":"UNKNOWN"}""";

    private static readonly DateTimeOffset Saved = new(2024, 11, 27, 18, 16, 32, TimeSpan.Zero);

    // What the marshallers were given: alpine 3.18.0, one component, one finding with a fix, one signature by a key.
    private static readonly WireImage Worked = new()
    {
        Id = "sha256:02bb6f428431fbc2809c5d1b41eab5a68350194fb508869a33cb1af4444c9b11",
        Name = new WireImageName { Registry = "docker.io", Remote = "library/alpine", Tag = "3.18.0", FullName = "docker.io/library/alpine:3.18.0" },
        Scan = new WireScan
        {
            OperatingSystem = "alpine:v3.18",
            Components =
            [
                new WireComponent
                {
                    Name = "openssl",
                    Version = "3.1.0-r4",
                    Vulns = [new WireVulnerability { Cve = "CVE-2023-2650", Cvss = 6.5f, FixedBy = "3.1.1-r0", ScoreVersion = ScoreVersion.V3 }],
                    LayerIndex = 0,
                    TopCvss = 6.5f,
                    FixedBy = "3.1.1-r0",
                },
            ],
        },
        Signature = new WireImageSignature
        {
            Signatures = [new WireSignature { Cosign = new WireCosignSignature { RawSignature = new byte[] { 1, 2 } } }],
        },
        Components = 1,
        Cves = 1,
        FixableCves = 1,
        LastUpdated = Saved,
        RiskScore = 1.09075f,
        TopCvss = 6.5f,
        Notes = [ImageNote.MissingSignatureVerificationData],
    };

    public static TheoryData<string, object, string, string?> Empty => new()
    {
        {
            "Image", new WireImage(),
            """{"id":"","name":null,"names":[],"metadata":null,"scan":null,"signatureVerificationData":null,"signature":null,"lastUpdated":null,"notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":0,"notes":[]}""",
            null
        },
        {
            "Image with its oneofs", new WireImage { Components = 0, Cves = 0, FixableCves = 0, TopCvss = 0 },
            """{"id":"","name":null,"names":[],"metadata":null,"scan":null,"signatureVerificationData":null,"signature":null,"components":0,"cves":0,"fixableCves":0,"lastUpdated":null,"notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":0,"topCvss":0,"notes":[]}""",
            null
        },
        { "ImageName", new WireImageName(), """{"registry":"","remote":"","tag":"","fullName":""}""", null },
        { "Metadata", new WireMetadata(), """{"v1":null,"v2":null,"layerShas":[],"dataSource":null,"version":"0"}""", null },
        { "V1", new WireV1Metadata(), """{"digest":"","created":null,"author":"","layers":[],"user":"","command":[],"entrypoint":[],"volumes":[],"labels":{}}""", null },
        { "V2", new WireV2Metadata(), """{"digest":""}""", null },
        { "Layer", new WireLayer(), """{"instruction":"","value":"","created":null,"author":"","empty":false}""", null },
        { "DataSource", new WireDataSource(), """{"id":"","name":"","mirror":""}""", null },
        { "Scan", new WireScan(), """{"scannerVersion":"","scanTime":null,"components":[],"operatingSystem":"","dataSource":null,"notes":[]}""", null },
        {
            "Scan with its oneof", new WireScan { Hash = 0 },
            """{"scannerVersion":"","scanTime":null,"components":[],"operatingSystem":"","dataSource":null,"notes":[],"hash":"0"}""", null
        },
        {
            "Component", new WireComponent(),
            """{"name":"","version":"","license":null,"vulns":[],"priority":"0","source":"OS","location":"","riskScore":0,"fixedBy":"","executables":[]}""",
            """{"name":"","version":"","license":null,"vulns":[],"priority":"0","source":"OS","location":"","riskScore":0,"fixedBy":"","executables":[],"architecture":""}"""
        },
        {
            "Component with its oneofs", new WireComponent { LayerIndex = 0, TopCvss = 0 },
            """{"name":"","version":"","license":null,"vulns":[],"layerIndex":0,"priority":"0","source":"OS","location":"","topCvss":0,"riskScore":0,"fixedBy":"","executables":[]}""",
            """{"name":"","version":"","license":null,"vulns":[],"layerIndex":0,"priority":"0","source":"OS","location":"","topCvss":0,"riskScore":0,"fixedBy":"","executables":[],"architecture":""}"""
        },
        { "License", new WireLicense(), """{"name":"","type":"","url":""}""", null },
        { "Executable", new WireExecutable(), """{"path":"","dependencies":[]}""", null },
        {
            "Vuln", new WireVulnerability(),
            """{"cve":"","cvss":0,"summary":"","link":"","scoreVersion":"V2","cvssV2":null,"cvssV3":null,"publishedOn":null,"lastModified":null,"vulnerabilityType":"UNKNOWN_VULNERABILITY","vulnerabilityTypes":[],"suppressed":false,"suppressActivation":null,"suppressExpiry":null,"firstSystemOccurrence":null,"firstImageOccurrence":null,"severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED"}""",
            """{"cve":"","advisory":null,"cvss":0,"summary":"","link":"","scoreVersion":"V2","cvssV2":null,"cvssV3":null,"publishedOn":null,"lastModified":null,"vulnerabilityType":"UNKNOWN_VULNERABILITY","vulnerabilityTypes":[],"suppressed":false,"suppressActivation":null,"suppressExpiry":null,"firstSystemOccurrence":null,"firstImageOccurrence":null,"severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED","cvssMetrics":[],"nvdCvss":0,"epss":null}"""
        },
        {
            "Vuln with its oneof", new WireVulnerability { FixedBy = "" },
            """{"cve":"","cvss":0,"summary":"","link":"","fixedBy":"","scoreVersion":"V2","cvssV2":null,"cvssV3":null,"publishedOn":null,"lastModified":null,"vulnerabilityType":"UNKNOWN_VULNERABILITY","vulnerabilityTypes":[],"suppressed":false,"suppressActivation":null,"suppressExpiry":null,"firstSystemOccurrence":null,"firstImageOccurrence":null,"severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED"}""",
            """{"cve":"","advisory":null,"cvss":0,"summary":"","link":"","fixedBy":"","scoreVersion":"V2","cvssV2":null,"cvssV3":null,"publishedOn":null,"lastModified":null,"vulnerabilityType":"UNKNOWN_VULNERABILITY","vulnerabilityTypes":[],"suppressed":false,"suppressActivation":null,"suppressExpiry":null,"firstSystemOccurrence":null,"firstImageOccurrence":null,"severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED","cvssMetrics":[],"nvdCvss":0,"epss":null}"""
        },
        { "CVSSV2", new WireCvssV2(), V2, null },
        { "CVSSV3", new WireCvssV3(), V3, null },
        { "CVSSScore", new WireCvssScore(), """{"source":"SOURCE_UNKNOWN","url":""}""", null },
        { "CVSSScore of V2", new WireCvssScore { CvssV2 = new WireCvssV2() }, $$"""{"source":"SOURCE_UNKNOWN","url":"","cvssv2":{{V2}}}""", null },
        { "CVSSScore of V3", new WireCvssScore { CvssV3 = new WireCvssV3() }, $$"""{"source":"SOURCE_UNKNOWN","url":"","cvssv3":{{V3}}}""", null },
        { "VerificationData", new WireVerification(), """{"results":[]}""", null },
        { "Result", new WireVerificationResult(), """{"verificationTime":null,"verifierId":"","status":"UNSET","description":"","verifiedImageReferences":[]}""", null },
        { "ImageSignature", new WireImageSignature(), """{"signatures":[],"fetched":null}""", null },
        { "Signature", new WireSignature(), "{}", null },
        {
            "Signature with its oneof", new WireSignature { Cosign = new WireCosignSignature() },
            """{"cosign":{"rawSignature":null,"signaturePayload":null,"certPem":null,"certChainPem":null}}""",
            """{"cosign":{"rawSignature":"","signaturePayload":"","certPem":"","certChainPem":"","rekorBundle":""}}"""
        },
        { "ListImage", new WireListImage(), """{"id":"","name":"","created":null,"lastUpdated":null,"priority":"0"}""", null },
        {
            "ListImage with its oneofs", new WireListImage { Components = 0, Cves = 0, FixableCves = 0 },
            """{"id":"","name":"","components":0,"cves":0,"fixableCves":0,"created":null,"lastUpdated":null,"priority":"0"}""", null
        },
    };

    [Theory]
    [MemberData(nameof(Empty))]
    public void AnEmptyMessageIsWrittenAsStackRoxDoes(string name, object message, string at45, string? at49)
    {
        Assert.NotEmpty(name);
        Assert.Equal(at45, Write(message, ApiLevel.Release45));
        Assert.Equal(at49 ?? at45, Write(message, ApiLevel.Release49));
    }

    [Theory]
    [InlineData(ApiLevel.Release45, """{"rawSignature":"AQI=","signaturePayload":null,"certPem":null,"certChainPem":null}""")]
    [InlineData(ApiLevel.Release49, """{"rawSignature":"AQI=","signaturePayload":"","certPem":"","certChainPem":"","rekorBundle":""}""")]
    public void TheWorkedImageEndsAsStackRoxWritesIt(ApiLevel level, string cosign) => Assert.EndsWith(
        """ "signature":{"signatures":[{"cosign":COSIGN}],"fetched":null},"components":1,"cves":1,"fixableCves":1,"lastUpdated":"2024-11-27T18:16:32Z","notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":1.09075,"topCvss":6.5,"notes":["MISSING_SIGNATURE_VERIFICATION_DATA"]}"""
            .Trim().Replace("COSIGN", cosign, StringComparison.Ordinal),
        Write(Worked, level),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(ApiLevel.Release45, "")]
    [InlineData(ApiLevel.Release49, ""","architecture":"" """)]
    public void TheWorkedComponentEndsAsStackRoxWritesIt(ApiLevel level, string architecture) => Assert.EndsWith(
        """ ,"layerIndex":0,"priority":"0","source":"OS","location":"","topCvss":6.5,"riskScore":0,"fixedBy":"3.1.1-r0","executables":[]""".Trim() + architecture.Trim() + "}",
        Write(Worked.Scan!.Components[0], level),
        StringComparison.Ordinal);

    [Fact]
    public void TheWorkedImageIsThisFromItsFirstByteToItsLast() => Assert.Equal(
        """
        {"id":"sha256:02bb6f428431fbc2809c5d1b41eab5a68350194fb508869a33cb1af4444c9b11","name":{"registry":"docker.io","remote":"library/alpine","tag":"3.18.0","fullName":"docker.io/library/alpine:3.18.0"},"names":[],"metadata":null,"scan":{"scannerVersion":"","scanTime":null,"components":[{"name":"openssl","version":"3.1.0-r4","license":null,"vulns":[{"cve":"CVE-2023-2650","cvss":6.5,"summary":"","link":"","fixedBy":"3.1.1-r0","scoreVersion":"V3","cvssV2":null,"cvssV3":null,"publishedOn":null,"lastModified":null,"vulnerabilityType":"UNKNOWN_VULNERABILITY","vulnerabilityTypes":[],"suppressed":false,"suppressActivation":null,"suppressExpiry":null,"firstSystemOccurrence":null,"firstImageOccurrence":null,"severity":"UNKNOWN_VULNERABILITY_SEVERITY","state":"OBSERVED"}],"layerIndex":0,"priority":"0","source":"OS","location":"","topCvss":6.5,"riskScore":0,"fixedBy":"3.1.1-r0","executables":[]}],"operatingSystem":"alpine:v3.18","dataSource":null,"notes":[]},"signatureVerificationData":null,"signature":{"signatures":[{"cosign":{"rawSignature":"AQI=","signaturePayload":null,"certPem":null,"certChainPem":null}}],"fetched":null},"components":1,"cves":1,"fixableCves":1,"lastUpdated":"2024-11-27T18:16:32Z","notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":1.09075,"topCvss":6.5,"notes":["MISSING_SIGNATURE_VERIFICATION_DATA"]}
        """,
        Write(Worked, ApiLevel.Release45));

    private static string Write(object message, ApiLevel level)
    {
        // The type of the message, not of the parameter, says what is written.
        object bytes = typeof(WireJson).GetMethod(nameof(WireJson.BytesOf))!.MakeGenericMethod(message.GetType()).Invoke(null, [message, WireLayout.Compact, level])!;
        return Encoding.UTF8.GetString((byte[])bytes);
    }
}
