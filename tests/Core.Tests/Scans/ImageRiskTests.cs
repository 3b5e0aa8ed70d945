using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Scans;

public sealed class ImageRiskTests
{
    [Fact]
    public void IsZeroWhenNothingApplies() => Assert.Equal(0f, RiskOf(TimeSpan.Zero, MadeScan.Package("quiet")));

    [Fact]
    public void GivesStackRoxsValueForOneModerateVulnerability() =>
        Assert.Equal(1.09075f, RiskOf(TimeSpan.Zero, MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Moderate, v3: MadeScan.V3Moderate))));

    [Fact]
    public void MultipliesInFloat32() => Assert.Equal(
        1.9418751f,
        RiskOf(TimeSpan.Zero, [
            MadeScan.Package("a", "1",
                MadeScan.Finding("CVE-1", Severity.Moderate, v3: MadeScan.V3Moderate),
                MadeScan.Finding("CVE-2", Severity.Important, v3: MadeScan.V3Important),
                MadeScan.Finding("CVE-3", Severity.Critical, v3: MadeScan.V3Critical)),
            .. Quiet(14)]));

    [Theory]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(15, 1.25)]
    [InlineData(20, 1.5)]
    [InlineData(500, 1.5)]
    public void CountsComponents(int count, float expected) => Assert.Equal(expected, RiskOf(TimeSpan.Zero, Quiet(count)));

    [Theory]
    [InlineData(89.9, 0)]
    [InlineData(90, 1)]
    [InlineData(180, 1.25)]
    [InlineData(180.9, 1.25)]
    [InlineData(270, 1.5)]
    [InlineData(9000, 1.5)]
    [InlineData(-5, 0)]
    public void CountsWholeDaysOfAge(double days, float expected) => Assert.Equal(expected, RiskOf(TimeSpan.FromDays(days), MadeScan.Package("quiet")));

    [Fact]
    public void CountsWhatAnIntruderWouldUse()
    {
        Assert.Equal(1.05f, RiskOf(TimeSpan.Zero, MadeScan.Package("curl"), MadeScan.Package("libcurl4")));
        Assert.Equal(1.05f, RiskOf(TimeSpan.Zero, MadeScan.Package("curl", "1"), MadeScan.Package("curl", "2")));
        Assert.Equal(1.1f, RiskOf(TimeSpan.Zero, MadeScan.Package("curl"), MadeScan.Package("bash")));
    }

    [Fact]
    public void StopsAtFourWhenSaturated()
    {
        Finding[] many = [.. Enumerable.Range(0, 12).Select(i => MadeScan.Finding($"CVE-{i}", Severity.Critical, v3: MadeScan.V3Critical))];

        Assert.Equal(4f, RiskOf(TimeSpan.Zero, MadeScan.Package("a", "1", many)));
    }

    [Theory]
    [InlineData(Severity.Low, 1.012f)]
    [InlineData(Severity.Moderate, 1.09075f)]
    [InlineData(Severity.Important, 1.21675f)]
    [InlineData(Severity.Critical, 1f)]
    [InlineData(Severity.Unknown, 0f)]
    public void WeighsVersion2DifferentlyFromVersion3(Severity severity, float expected) =>
        Assert.Equal(expected, ImageRisk.Of(ComponentWith(MadeScan.Finding("CVE-1", severity, v2: MadeScan.V2High))));

    [Theory]
    [InlineData(Severity.Low, 1.012f)]
    [InlineData(Severity.Moderate, 1.09075f)]
    [InlineData(Severity.Important, 1.192f)]
    [InlineData(Severity.Critical, 1.27075f)]
    [InlineData(Severity.Unknown, 0f)]
    public void WeighsVersion3BySeverity(Severity severity, float expected) =>
        Assert.Equal(expected, ImageRisk.Of(ComponentWith(MadeScan.Finding("CVE-1", severity, v3: MadeScan.V3Moderate))));

    private static Component ComponentWith(Finding finding) => Component.AllOf(MadeScan.Of(MadeScan.Package("a", "1", finding)).Match).Single();

    private static PackageFindings[] Quiet(int count) =>
        [.. Enumerable.Range(0, count).Select(i => MadeScan.Package($"quiet{i}"))];

    private static float RiskOf(TimeSpan age, params PackageFindings[] packages) =>
        ImageRisk.Of(Component.AllOf(MadeScan.Of(packages).Match), age);
}
