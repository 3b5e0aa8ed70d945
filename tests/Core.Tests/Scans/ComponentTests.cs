using ImageScan.Core.Inventory;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Scans;

public sealed class ComponentTests
{
    [Fact]
    public void MergesPackagesOfOneNameAndVersion()
    {
        PackageFindings second = MadeScan.Package(PackageType.Npm, "x", "1", "b/package.json", 2, MadeScan.Finding("CVE-2", Severity.Low), MadeScan.Finding("CVE-3", Severity.Low));
        PackageFindings first = MadeScan.Package(PackageType.Npm, "x", "1", "a/package.json", 5, MadeScan.Finding("CVE-1", Severity.Low), MadeScan.Finding("CVE-2", Severity.Low));

        Component component = Assert.Single(Component.AllOf(MadeScan.Of(second, first).Match));

        Assert.Equal(("a/package.json", 5), (component.Installed.Package.Path, component.Installed.Layer));
        Assert.Equal(["CVE-1", "CVE-2", "CVE-3"], component.Findings.Select(finding => finding.Cve));
    }

    [Fact]
    public void OrdersByNameVersionAndCve()
    {
        IReadOnlyList<Component> components = Component.AllOf(MadeScan.Of(
            MadeScan.Package("b"),
            MadeScan.Package("a", "2"),
            MadeScan.Package("a", "10", MadeScan.Finding("CVE-2", Severity.Low), MadeScan.Finding("CVE-10", Severity.Low)),
            MadeScan.Package("B")).Match);

        Assert.Equal(["B 1", "a 10", "a 2", "b 1"], components.Select(component => $"{component.Name} {component.Version}"));
        Assert.Equal(["CVE-10", "CVE-2"], components[1].Findings.Select(finding => finding.Cve));
    }

    [Fact]
    public void TakesTheHighestFixInTheOrderOfTheEcosystem()
    {
        Component component = Of(PackageType.Dpkg, "1.9-1", "1.10-1", "1.10~rc1-1", null);

        Assert.Equal("1.10-1", component.HighestFix());
    }

    [Fact]
    public void HasNoFixWhenNothingIsFixed() => Assert.Equal("", Of(PackageType.Dpkg, null, "").HighestFix());

    [Fact]
    public void TakesTheOnlyFixWithoutAskingForAnOrder() => Assert.Equal("7", Of(PackageType.WordPress, "7", "7").HighestFix());

    [Fact]
    public void DoesNotGuessAmongFixesWithoutAnOrder() => Assert.Equal("", Of(PackageType.WordPress, "soon", "later").HighestFix());

    [Fact]
    public void PrefersVersion3OfCvss()
    {
        Assert.Equal(6.5f, Component.CvssOf(MadeScan.Finding("CVE-1", Severity.Low, v3: MadeScan.V3Moderate, v2: MadeScan.V2High)));
        Assert.Equal(7.5f, Component.CvssOf(MadeScan.Finding("CVE-1", Severity.Low, v2: MadeScan.V2High)));
        Assert.Equal(0f, Component.CvssOf(MadeScan.Finding("CVE-1", Severity.Low)));
    }

    private static Component Of(PackageType type, params string?[] fixes)
    {
        Finding[] findings = [.. fixes.Select((fix, i) => MadeScan.Finding($"CVE-{i}", Severity.Low, fix))];
        return Component.AllOf(MadeScan.Of(MadeScan.Package(type, "x", "1", "p", 0, findings)).Match).Single();
    }
}
