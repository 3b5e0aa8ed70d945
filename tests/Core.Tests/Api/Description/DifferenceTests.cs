using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Api.Description;

/// <summary>Differences of <c>docs/compatibility.md</c> that no other test is about.</summary>
public sealed class DifferenceTests
{
    [Fact]
    public void FillsWhenAnAdvisoryWasChanged()
    {
        Finding finding = MadeScan.Finding("CVE-2023-0001", Severity.Low) with { LastModified = MadeScan.ScannedAt };

        WireVulnerability answer = VulnerabilityAnswer.Of(finding, MadeScan.Of(), ApiLevel.Release45);

        Assert.Equal(MadeScan.ScannedAt, answer.LastModified);
    }
}
