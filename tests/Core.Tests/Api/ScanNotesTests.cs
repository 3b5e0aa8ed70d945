using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;

namespace ImageScan.Core.Tests.Api;

public sealed class ScanNotesTests
{
    private static readonly InventoryWarning[] Warning = [new InventoryWarning("p", "r")];

    [Fact]
    public void SaysNothingOfAWholeScan() => Assert.Empty(ScanNotes.Of(MadeScan.Of()));

    [Fact]
    public void SaysThatTheSystemIsUnknown() => Assert.Equal(
        [ScanNote.OsUnavailable, ScanNote.PartialScanData, ScanNote.OsCvesUnavailable],
        ScanNotes.Of(WithSystem(null, covered: true)));

    [Fact]
    public void SaysThatTheSystemHasNoAdvisories() => Assert.Equal(
        [ScanNote.PartialScanData, ScanNote.OsCvesUnavailable],
        ScanNotes.Of(WithSystem(new Distribution("slackware", "15"), covered: false)));

    [Fact]
    public void SaysThatThereAreNoAdvisoriesAtAll()
    {
        Scan scan = WithSystem(new Distribution("debian", "12"), covered: false);

        Assert.Equal(
            [ScanNote.PartialScanData, ScanNote.OsCvesUnavailable, ScanNote.LanguageCvesUnavailable],
            ScanNotes.Of(scan with { Match = scan.Match with { Advisories = null } }));
    }

    [Fact]
    public void SaysThatTheSystemIsPastItsLife() =>
        Assert.Equal([ScanNote.OsCvesStale], ScanNotes.Of(WithSystem(new Distribution("debian", "9"), covered: true)));

    [Fact]
    public void SaysThatRedHatsDataIsMissing() => Assert.Equal(
        [ScanNote.PartialScanData, ScanNote.OsCvesUnavailable, ScanNote.CertifiedRhelScanUnavailable],
        ScanNotes.Of(WithSystem(new Distribution("rhel", "9.2"), covered: false)));

    [Fact]
    public void CallsAScanWithWarningsPartial()
    {
        Scan scan = MadeScan.Of();

        Assert.Equal([ScanNote.PartialScanData], ScanNotes.Of(scan with { Inventory = scan.Inventory with { Warnings = Warning } }));
        Assert.Equal([ScanNote.PartialScanData], ScanNotes.Of(scan with { Match = scan.Match with { Warnings = Warning } }));
        Assert.Equal([ScanNote.PartialScanData], ScanNotes.Of(scan with { Config = scan.Config with { Omissions = ["labels"] } }));
    }

    [Fact]
    public void SaysThatALanguageHasNoAdvisories()
    {
        Scan scan = MadeScan.Of();

        Assert.Equal([ScanNote.PartialScanData, ScanNote.LanguageCvesUnavailable], ScanNotes.Of(scan with { Match = scan.Match with { CoversLanguages = false } }));
    }

    private static Scan WithSystem(Distribution? distribution, bool covered)
    {
        Scan scan = MadeScan.Of();
        return scan with { Inventory = scan.Inventory with { Distribution = distribution }, Match = scan.Match with { CoversDistribution = covered } };
    }
}
