using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Scans;

public sealed class ScanStatisticsTests
{
    [Fact]
    public void CountsDistinctCvesAndFixes()
    {
        Scan scan = MadeScan.Of(
            MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Low, fixedBy: "2", v3: MadeScan.V3Moderate), MadeScan.Finding("CVE-2", Severity.Low)),
            MadeScan.Package("b", "1", MadeScan.Finding("CVE-1", Severity.Low, fixedBy: "3", v3: MadeScan.V3Moderate)));

        ScanSummary summary = ScanStatistics.Of(scan);

        Assert.Equal((2, 2, 1, 6.5f), (summary.Components, summary.Cves, summary.FixableCves, summary.TopCvss));
    }

    [Fact]
    public void HasNoFixableCountWhenNothingCanBeFixed()
    {
        ScanSummary summary = ScanStatistics.Of(MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Low))));

        Assert.Null(summary.FixableCves);
        Assert.Equal(0f, summary.TopCvss);
    }

    [Fact]
    public void CountsZeroFixesButNoTopScoreOfAnImageWithoutVulnerabilities()
    {
        ScanSummary summary = ScanStatistics.Of(MadeScan.Of(MadeScan.Package("a")));

        Assert.Equal(new ScanSummary(1, 0, 0, null, 0f), summary);
    }

    [Fact]
    public void TakesTheAgeFromTheTimeOfTheScan()
    {
        Scan scan = MadeScan.Of(MadeScan.Package("a"));
        Scan old = scan with { Config = scan.Config with { Created = MadeScan.ScannedAt.AddDays(-180) } };
        Scan undated = scan with { Config = scan.Config with { Created = null } };

        Assert.Equal(1.25f, ScanStatistics.Of(old).RiskScore);
        Assert.Equal(0f, ScanStatistics.Of(undated).RiskScore);
    }
}
