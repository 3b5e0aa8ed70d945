namespace ImageScan.TestSupport;

/// <summary>
/// The image of StackRox as its proto files have it, written down by hand and read by nothing but tests: fields in the order of their declaration, a
/// question mark for members of a oneof, <c>@</c> and the release for what 4.5 does not have
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/image.proto, vulnerability.proto and cve.proto beside it; later fields in the same files of
/// later tags). Messages and times may be null; lists, maps and plain values may not.
/// </summary>
internal static class ProtoTable
{
    /// <summary>Fields as <c>name[?]:type[@since]</c>, by message.</summary>
    public static IReadOnlyDictionary<string, string> Messages { get; } = new Dictionary<string, string>
    {
        ["Image"] = """
            id:string name:ImageName names:[ImageName] metadata:ImageMetadata scan:ImageScan signatureVerificationData:ImageSignatureVerificationData
            signature:ImageSignature components?:int32 cves?:int32 fixableCves?:int32 lastUpdated:time notPullable:bool isClusterLocal:bool priority:int64
            riskScore:float topCvss?:float notes:[Image.Note] baseImageInfo:[BaseImageInfo]@4.10
            removedAt?:time
            """,
        ["ImageName"] = "registry:string remote:string tag:string fullName:string",
        ["ImageMetadata"] = "v1:V1Metadata v2:V2Metadata layerShas:[string] dataSource:DataSource version:uint64",
        ["V1Metadata"] = """
            digest:string created:time author:string layers:[ImageLayer] user:string command:[string] entrypoint:[string] volumes:[string] labels:map
            """,
        ["V2Metadata"] = "digest:string",
        ["ImageLayer"] = "instruction:string value:string created:time author:string empty:bool",
        ["DataSource"] = "id:string name:string mirror:string",
        ["ImageScan"] = """
            scannerVersion:string scanTime:time components:[EmbeddedImageScanComponent] operatingSystem:string dataSource:DataSource notes:[ImageScan.Note]
            hash?:uint64
            """,
        ["EmbeddedImageScanComponent"] = """
            name:string version:string license:License vulns:[EmbeddedVulnerability] layerIndex?:int32 priority:int64 source:SourceType location:string
            topCvss?:float riskScore:float fixedBy:string executables:[Executable] architecture:string@4.8
            """,
        ["License"] = "name:string type:string url:string",
        ["Executable"] = "path:string dependencies:[string]",
        ["EmbeddedVulnerability"] = """
            cve:string advisory:Advisory@4.8 cvss:float summary:string link:string fixedBy?:string scoreVersion:ScoreVersion cvssV2:CVSSV2 cvssV3:CVSSV3
            publishedOn:time lastModified:time vulnerabilityType:VulnerabilityType vulnerabilityTypes:[VulnerabilityType] suppressed:bool
            suppressActivation:time suppressExpiry:time firstSystemOccurrence:time firstImageOccurrence:time fixAvailableTimestamp:time@4.10
            severity:VulnerabilitySeverity state:VulnerabilityState cvssMetrics:[CVSSScore]@4.6 nvdCvss:float@4.6 epss:EPSS@4.7 datasource:string@4.10
            exploit:Exploit@4.12 cisaKev:bool@4.12 origin:VulnOrigin@4.12
            """,
        ["Advisory"] = "name:string link:string",
        ["EPSS"] = "epssProbability:float epssPercentile:float",
        ["Exploit"] = "dateAdded:string shortDescription:string requiredAction:string dueDate:string knownRansomwareCampaignUse:string",
        ["CVSSScore"] = "source:Source url:string cvssv2?:CVSSV2 cvssv3?:CVSSV3",
        ["CVSSV2"] = """
            vector:string attackVector:V2.AttackVector accessComplexity:V2.AccessComplexity authentication:V2.Authentication confidentiality:V2.Impact
            integrity:V2.Impact availability:V2.Impact exploitabilityScore:float impactScore:float score:float severity:V2.Severity
            """,
        ["CVSSV3"] = """
            vector:string exploitabilityScore:float impactScore:float attackVector:V3.AttackVector attackComplexity:V3.Complexity
            privilegesRequired:V3.Privileges userInteraction:V3.UserInteraction scope:V3.Scope confidentiality:V3.Impact integrity:V3.Impact
            availability:V3.Impact score:float severity:V3.Severity
            """,
        ["BaseImageInfo"] = "baseImageId:string baseImageFullName:string baseImageDigest:string created:time maxLayerIndex:int32",
        ["ImageSignatureVerificationData"] = "results:[ImageSignatureVerificationResult]",
        ["ImageSignatureVerificationResult"] = """
            verificationTime:time verifierId:string status:Status description:string verifiedImageReferences:[string] verifierName:string@4.11
            """,
        ["ImageSignature"] = "signatures:[Signature] fetched:time",
        ["Signature"] = "cosign?:CosignSignature",
        ["CosignSignature"] = "rawSignature:bytes signaturePayload:bytes certPem:bytes certChainPem:bytes rekorBundle:bytes@4.8 signatureFormat:SignatureFormat@4.12 sigstoreBundle:bytes@4.12",
    };

    /// <summary>The values of enums in the order of their numbers.</summary>
    public static IReadOnlyDictionary<string, string> Enums { get; } = new Dictionary<string, string>
    {
        ["SourceType"] = "OS PYTHON JAVA RUBY NODEJS DOTNETCORERUNTIME INFRASTRUCTURE GO",
        ["Image.Note"] = "MISSING_METADATA MISSING_SCAN_DATA MISSING_SIGNATURE MISSING_SIGNATURE_VERIFICATION_DATA",
        ["ImageScan.Note"] =
            "UNSET OS_UNAVAILABLE PARTIAL_SCAN_DATA OS_CVES_UNAVAILABLE OS_CVES_STALE LANGUAGE_CVES_UNAVAILABLE CERTIFIED_RHEL_SCAN_UNAVAILABLE",
        ["Status"] = "UNSET VERIFIED FAILED_VERIFICATION INVALID_SIGNATURE_ALGO CORRUPTED_SIGNATURE GENERIC_ERROR",
        ["SignatureFormat"] = "SIGNATURE_FORMAT_UNSPECIFIED SIMPLE_SIGNING DEAD_SIMPLE_SIGNING_ENVELOPE",
        ["VulnerabilitySeverity"] = """
            UNKNOWN_VULNERABILITY_SEVERITY LOW_VULNERABILITY_SEVERITY MODERATE_VULNERABILITY_SEVERITY IMPORTANT_VULNERABILITY_SEVERITY
            CRITICAL_VULNERABILITY_SEVERITY
            """,
        ["VulnerabilityState"] = "OBSERVED DEFERRED FALSE_POSITIVE",
        ["ScoreVersion"] = "V2 V3",
        ["VulnerabilityType"] =
            "UNKNOWN_VULNERABILITY IMAGE_VULNERABILITY K8S_VULNERABILITY ISTIO_VULNERABILITY NODE_VULNERABILITY OPENSHIFT_VULNERABILITY",
        ["V2.AttackVector"] = "ATTACK_LOCAL ATTACK_ADJACENT ATTACK_NETWORK",
        ["V2.AccessComplexity"] = "ACCESS_HIGH ACCESS_MEDIUM ACCESS_LOW",
        ["V2.Authentication"] = "AUTH_MULTIPLE AUTH_SINGLE AUTH_NONE",
        ["V2.Impact"] = "IMPACT_NONE IMPACT_PARTIAL IMPACT_COMPLETE",
        ["V2.Severity"] = "UNKNOWN LOW MEDIUM HIGH",
        ["V3.AttackVector"] = "ATTACK_LOCAL ATTACK_ADJACENT ATTACK_NETWORK ATTACK_PHYSICAL",
        ["V3.Complexity"] = "COMPLEXITY_LOW COMPLEXITY_HIGH",
        ["V3.Privileges"] = "PRIVILEGE_NONE PRIVILEGE_LOW PRIVILEGE_HIGH",
        ["V3.UserInteraction"] = "UI_NONE UI_REQUIRED",
        ["V3.Scope"] = "UNCHANGED CHANGED",
        ["V3.Impact"] = "IMPACT_NONE IMPACT_LOW IMPACT_HIGH",
        ["V3.Severity"] = "UNKNOWN NONE LOW MEDIUM HIGH CRITICAL",
        ["Source"] = "SOURCE_UNKNOWN SOURCE_RED_HAT SOURCE_OSV SOURCE_NVD",
        ["VulnOrigin"] = """
            VULN_ORIGIN_OTHER VULN_ORIGIN_OSV VULN_ORIGIN_ALPINE VULN_ORIGIN_AMAZON VULN_ORIGIN_DEBIAN VULN_ORIGIN_ORACLE VULN_ORIGIN_PHOTON
            VULN_ORIGIN_RED_HAT VULN_ORIGIN_SUSE VULN_ORIGIN_UBUNTU
            """,
    };

    /// <summary>The fields of a message at a level, 405 for 4.5.</summary>
    public static IReadOnlyList<ProtoField> FieldsOf(string message, int level) => [.. Words(Messages[message]).Select(ProtoField.Parse).Where(field => field.Since <= level)];

    /// <summary>The words of a table's cell.</summary>
    public static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A field of a message.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="IsOneof">Whether it is left out if it is not set.</param>
/// <param name="Type">Its type, without the brackets of a list.</param>
/// <param name="IsList">Whether it is a list of them.</param>
/// <param name="Since">The first release that has it; 0 for 4.5 and before.</param>
internal sealed record ProtoField(string Name, bool IsOneof, string Type, bool IsList, int Since)
{
    public static ProtoField Parse(string text)
    {
        string[] parts = text.Split(':', '@');
        string name = parts[0].TrimEnd('?');
        string[] release = parts.Length > 2 ? parts[2].Split('.') : ["0", "0"];
        return new(
            name,
            parts[0].EndsWith('?'),
            parts[1].Trim('[', ']'),
            parts[1].StartsWith('['),
            (int.Parse(release[0], System.Globalization.CultureInfo.InvariantCulture) * 100) + int.Parse(release[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
