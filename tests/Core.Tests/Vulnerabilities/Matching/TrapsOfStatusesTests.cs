using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Traps 10 to 15 and 17: what a vendor does about a vulnerability, and where it says that there is none.</summary>
public sealed class TrapsOfStatusesTests
{
    /// <summary>Trap 10: what is not going to be mended is reported with its status; what is looked into or denied is not.</summary>
    [Theory]
    [InlineData(AdvisoryStatus.Affected, true)]
    [InlineData(AdvisoryStatus.WillNotFix, true)]
    [InlineData(AdvisoryStatus.FixDeferred, true)]
    [InlineData(AdvisoryStatus.EndOfLife, true)]
    [InlineData(AdvisoryStatus.UnderInvestigation, false)]
    [InlineData(AdvisoryStatus.NotAffected, false)]
    public void Trap10Statuses(AdvisoryStatus status, bool reported)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Unfixed("AlmaLinux:8", "x", status)));

        var outcome = snapshot.Match(AlmaLinux8, Rpm("x", "1-1"));

        Finding? finding = outcome.Packages.Single().Findings.SingleOrDefault();
        Assert.Equal((reported, reported ? status : default), (finding is not null, finding?.Status ?? default));
        Assert.Null(finding?.FixedBy);
        Assert.Empty(outcome.Warnings);
    }

    [Fact]
    public void AStatementWithAFixIsOfWhoIsAffected()
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Unfixed("AlmaLinux:8", "x", AdvisoryStatus.WillNotFix)),
            Says("B", Cve, Fixed("AlmaLinux:8", "x", "2-1")));

        var finding = Assert.Single(snapshot.Find(AlmaLinux8, Rpm("x", "1-1")));

        Assert.Equal((AdvisoryStatus.Affected, "2-1"), (finding.Status, finding.FixedBy));
    }

    [Fact]
    public void ADecisionIsShownBeforeThatNobodyHasTakenOne()
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Unfixed("AlmaLinux:8", "x")),
            Says("B", Cve, Unfixed("AlmaLinux:8", "x", AdvisoryStatus.FixDeferred)));

        Assert.Equal(AdvisoryStatus.FixDeferred, Assert.Single(snapshot.Find(AlmaLinux8, Rpm("x", "1-1"))).Status);
    }

    /// <summary>Trap 11: <c>unimportant</c> stays a finding, of low severity.</summary>
    [Fact]
    public void Trap11DebianUnimportant()
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Unfixed("Debian:11", "x") with { SeverityWord = "unimportant" }));

        Assert.Equal(Severity.Low, Assert.Single(snapshot.Find(Debian11, Deb("x", "1"))).Severity);
    }

    /// <summary>Trap 12: no-dsa, ignored, postponed and end-of-life have no fix, each its status.</summary>
    [Theory]
    [InlineData(AdvisoryStatus.Affected)]
    [InlineData(AdvisoryStatus.WillNotFix)]
    [InlineData(AdvisoryStatus.FixDeferred)]
    [InlineData(AdvisoryStatus.EndOfLife)]
    public void Trap12DebianWithoutFix(AdvisoryStatus status)
    {
        using var snapshot = TestSnapshot.Of(Says("A", Cve, Unfixed("Debian:11", "x", status)));

        var finding = Assert.Single(snapshot.Find(Debian11, Deb("libx", "1+b1", "x", "1")));

        Assert.Equal((status, null), (finding.Status, finding.FixedBy));
    }

    /// <summary>Trap 13: what sid has is no fix for a release with a statement of its own, nor one of sid's for a release's image.</summary>
    [Fact]
    public void Trap13DebianReleaseAndSid()
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Unfixed("Debian:11", "x")),
            Says("B", Cve, Fixed("Debian:sid", "x", "2-1")));

        Assert.Null(Assert.Single(snapshot.Find(Debian11, Deb("x", "1-1"))).FixedBy);
        Assert.Equal("2-1", Assert.Single(snapshot.Find(new Distribution("debian", "", Codename: "forky"), Deb("x", "1-1"))).FixedBy);
    }

    /// <summary>Trap 14: a tracker's <c>0</c>, which its feed hands over as a denial, is none by others' word either.</summary>
    [Fact]
    public void Trap14DebianFixedInZero()
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Unfixed("Debian:11", "x", AdvisoryStatus.NotAffected)),
            Says("DSA-1", Cve, Fixed("Debian:11", "x", "2-1")),
            Says("DSA-2", "CVE-2024-2222", Fixed("Debian:11", "x", "2-1")));

        Assert.Equal(["CVE-2024-2222"], snapshot.Find(Debian11, Deb("x", "1-1")).Select(finding => finding.Cve));
    }

    /// <summary>Trap 15: Alpine's <c>0</c> denies for the package and no other, under either of its names.</summary>
    [Fact]
    public void Trap15AlpineFixedInZero()
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Unfixed("Wolfi", "libcurl", AdvisoryStatus.NotAffected)),
            Says("B", Cve, Fixed("Wolfi", "curl", "8.5.0-r0")));
        var wolfi = new Distribution("wolfi", "");

        Assert.Empty(snapshot.Find(wolfi, Apk("libcurl", "8.4.0-r0", "curl")));
        Assert.Single(snapshot.Find(wolfi, Apk("curl", "8.4.0-r0")));
    }

    [Fact]
    public void ADenialIsOnlyAboutWhatItsRangesAndItsModuleHold()
    {
        using var snapshot = TestSnapshot.Of(
            Says("A", Cve, Unfixed("AlmaLinux:8", "x")),
            Says("B", Cve, Fixed("AlmaLinux:8", "x", "1-5") with { Status = AdvisoryStatus.NotAffected }),
            Says("C", Cve, Unfixed("AlmaLinux:8", "x", AdvisoryStatus.NotAffected) with { Module = "m:1" }));

        Assert.Empty(snapshot.Find(AlmaLinux8, Rpm("x", "1-1")));
        Assert.Single(snapshot.Find(AlmaLinux8, Rpm("x", "1-5")));
    }

    /// <summary>Trap 17: a fix of Ubuntu Pro counts where everybody has none, and is marked; who has it is not affected.</summary>
    [Theory]
    [InlineData("1.0-1", "1.0-1ubuntu2+esm1", true)]
    [InlineData("1.0-1ubuntu2+esm1", null, false)]
    [InlineData("1.0-1ubuntu1+esm3", "1.0-1ubuntu2+esm1", false)]
    public void Trap17UbuntuPro(string installed, string? fixedBy, bool needsSubscription)
    {
        using var snapshot = TestSnapshot.Of(Says(
            "UBUNTU-CVE-2024-1111", Cve, Unfixed("Ubuntu:18.04:LTS", "x"), Fixed("Ubuntu:Pro:18.04:LTS", "x", "1.0-1ubuntu2+esm1")));

        Finding? finding = snapshot.Find(Ubuntu1804, Deb("libx", installed, "x")).SingleOrDefault();

        Assert.Equal((fixedBy, needsSubscription), (finding?.FixedBy, finding?.FixNeedsSubscription ?? false));
    }

    [Fact]
    public void Trap17OnlyProHasAStatement()
    {
        using var snapshot = TestSnapshot.Of(Says("USN-1", Cve, Fixed("Ubuntu:Pro:18.04:LTS", "x", "1.0-1ubuntu2+esm1")));

        var finding = Assert.Single(snapshot.Find(Ubuntu1804, Deb("x", "1.0-1")));

        Assert.Equal(("1.0-1ubuntu2+esm1", true), (finding.FixedBy, finding.FixNeedsSubscription));
    }

    [Theory]
    [InlineData("1.0-1", "1.0-1ubuntu2")]
    [InlineData("1.0-1ubuntu2", null)]
    public void Trap17AFixForAllComesBeforeThatOfPro(string installed, string? fixedBy)
    {
        using var snapshot = TestSnapshot.Of(
            Says("USN-1", Cve, Fixed("Ubuntu:18.04:LTS", "x", "1.0-1ubuntu2")),
            Says("USN-2", Cve, Fixed("Ubuntu:Pro:18.04:LTS", "x", "1.0-1ubuntu2+esm1")));

        Finding? finding = snapshot.Find(Ubuntu1804, Deb("x", installed)).SingleOrDefault();

        Assert.Equal((fixedBy, false), (finding?.FixedBy, finding?.FixNeedsSubscription ?? false));
    }

    // Of Ubuntu 20.04 first Pro had a fix, then everybody a later one.
    [Theory]
    [InlineData("1.0-1ubuntu1", true)]
    [InlineData("1.0-1ubuntu1+esm1", false)]
    public void Trap17WhoHasTheFixOfProNeedsNoLaterOne(string installed, bool affected)
    {
        using var snapshot = TestSnapshot.Of(Says(
            "UBUNTU-CVE-2024-1111",
            Cve,
            Fixed("Ubuntu:18.04:LTS", "x", "1.1-0ubuntu1"),
            Fixed("Ubuntu:Pro:18.04:LTS", "x", "1.0-1ubuntu1+esm1")));

        Assert.Equal(affected ? ["1.1-0ubuntu1"] : [], snapshot.Find(Ubuntu1804, Deb("x", installed)).Select(finding => finding.FixedBy));
    }

    // ELA-999-1 shortened. What mends it for everybody, if there is something, comes first.
    [Theory]
    [InlineData("", "2:10.1.5-5055683-4+deb9u6", true)]
    [InlineData("2:10.1.5-5055683-4+deb9u7", "2:10.1.5-5055683-4+deb9u7", false)]
    public void FixesOfDebianThatOnlyFreexiansCustomersGetAreMarked(string forAll, string fixedBy, bool needsSubscription)
    {
        string[] records =
        [
            """
            {"id":"ELA-999-1","modified":"2023-11-14T00:00:00Z","upstream":["CVE-2023-34058"],
             "affected":[{"package":{"ecosystem":"Debian:9","name":"open-vm-tools",
               "purl":"pkg:deb/debian/open-vm-tools?distro=stretch&repository_url=http%3A%2F%2Fdeb.freexian.com%2Fextended-lts"},
               "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2:10.1.5-5055683-4+deb9u6"}]}]}]}
            """,
            .. forAll.Length > 0 ? [Record("DLA-1", "Debian:9", "open-vm-tools", FixedIn(forAll), "\"upstream\":[\"CVE-2023-34058\"]")] : (string[])[],
        ];
        using var snapshot = TestSnapshot.Of(records);

        var match = snapshot.Match(new Distribution("debian", "9"), Deb("open-vm-tools", "2:10.1.5-5055683-4+deb9u2"));

        Finding finding = Assert.Single(match.Packages.Single().Findings);
        Assert.Equal((fixedBy, needsSubscription, true), (finding.FixedBy, finding.FixNeedsSubscription, match.CoversDistribution));
    }

    [Fact]
    public void Trap17FipsBuildsAreOthers()
    {
        using var snapshot = TestSnapshot.Of(Says("USN-1", Cve, Fixed("Ubuntu:Pro:FIPS:18.04:LTS", "x", "9")));

        Assert.Empty(snapshot.Find(Ubuntu1804, Deb("x", "1.0-1")));
    }

    [Fact]
    public void TheLongTermServiceOfSuseIsForSubscribers()
    {
        using var snapshot = TestSnapshot.Of(
            Says("SUSE-SU-2022:1-1", Cve, Fixed("SUSE:Linux Enterprise Module for Basesystem 15 SP3", "x", "2-1")),
            Says("SUSE-SU-2024:1-1", "CVE-2024-2222", Fixed("SUSE:Linux Enterprise Server 15 SP3-LTSS", "x", "3-1")));

        var findings = snapshot.Find(new Distribution("sles", "15.3"), Rpm("x", "1-1") with { Vendor = "SUSE LLC <https://www.suse.com/>" });

        Assert.Equal([("2-1", false), ("3-1", true)], findings.Select(finding => (finding.FixedBy!, finding.FixNeedsSubscription)));
    }
}
