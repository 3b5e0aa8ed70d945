using System.Text.Json;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Tests.Api.Wire;

public sealed class ProtoEnumTests
{
    [Theory]
    [InlineData(typeof(ComponentSource), "OS PYTHON JAVA RUBY NODEJS DOTNETCORERUNTIME INFRASTRUCTURE GO")]
    [InlineData(typeof(ImageNote), "MISSING_METADATA MISSING_SCAN_DATA MISSING_SIGNATURE MISSING_SIGNATURE_VERIFICATION_DATA")]
    [InlineData(typeof(ScanNote), "UNSET OS_UNAVAILABLE PARTIAL_SCAN_DATA OS_CVES_UNAVAILABLE OS_CVES_STALE LANGUAGE_CVES_UNAVAILABLE CERTIFIED_RHEL_SCAN_UNAVAILABLE")]
    [InlineData(typeof(VerificationStatus), "UNSET VERIFIED FAILED_VERIFICATION INVALID_SIGNATURE_ALGO CORRUPTED_SIGNATURE GENERIC_ERROR")]
    [InlineData(typeof(VulnerabilitySeverity), "UNKNOWN_VULNERABILITY_SEVERITY LOW_VULNERABILITY_SEVERITY MODERATE_VULNERABILITY_SEVERITY IMPORTANT_VULNERABILITY_SEVERITY CRITICAL_VULNERABILITY_SEVERITY")]
    [InlineData(typeof(VulnerabilityState), "OBSERVED DEFERRED FALSE_POSITIVE")]
    [InlineData(typeof(ScoreVersion), "V2 V3")]
    [InlineData(typeof(WireEnabledFor), "NONE ALL SPECIFIC")]
    [InlineData(typeof(VulnerabilityType), "UNKNOWN_VULNERABILITY IMAGE_VULNERABILITY K8S_VULNERABILITY ISTIO_VULNERABILITY NODE_VULNERABILITY OPENSHIFT_VULNERABILITY")]
    [InlineData(typeof(CvssScoreSource), "SOURCE_UNKNOWN SOURCE_RED_HAT SOURCE_OSV SOURCE_NVD")]
    [InlineData(typeof(VulnerabilityOrigin), "VULN_ORIGIN_OTHER VULN_ORIGIN_OSV VULN_ORIGIN_ALPINE VULN_ORIGIN_AMAZON VULN_ORIGIN_DEBIAN VULN_ORIGIN_ORACLE VULN_ORIGIN_PHOTON VULN_ORIGIN_RED_HAT VULN_ORIGIN_SUSE VULN_ORIGIN_UBUNTU")]
    [InlineData(typeof(V2AttackVector), "ATTACK_LOCAL ATTACK_ADJACENT ATTACK_NETWORK")]
    [InlineData(typeof(V2AccessComplexity), "ACCESS_HIGH ACCESS_MEDIUM ACCESS_LOW")]
    [InlineData(typeof(V2Authentication), "AUTH_MULTIPLE AUTH_SINGLE AUTH_NONE")]
    [InlineData(typeof(V2Impact), "IMPACT_NONE IMPACT_PARTIAL IMPACT_COMPLETE")]
    [InlineData(typeof(V2Severity), "UNKNOWN LOW MEDIUM HIGH")]
    [InlineData(typeof(V3AttackVector), "ATTACK_LOCAL ATTACK_ADJACENT ATTACK_NETWORK ATTACK_PHYSICAL")]
    [InlineData(typeof(V3Complexity), "COMPLEXITY_LOW COMPLEXITY_HIGH")]
    [InlineData(typeof(V3Privileges), "PRIVILEGE_NONE PRIVILEGE_LOW PRIVILEGE_HIGH")]
    [InlineData(typeof(V3UserInteraction), "UI_NONE UI_REQUIRED")]
    [InlineData(typeof(V3Scope), "UNCHANGED CHANGED")]
    [InlineData(typeof(V3Impact), "IMPACT_NONE IMPACT_LOW IMPACT_HIGH")]
    [InlineData(typeof(V3Severity), "UNKNOWN NONE LOW MEDIUM HIGH CRITICAL")]
    public void NamesEveryValueAsTheProtoFileDoes(Type type, string names)
    {
        IEnumerable<string?> written = Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type).GetString());

        Assert.Equal(names.Split(' '), written);
    }
}
