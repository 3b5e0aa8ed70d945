using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Matching;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadePackages;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Traps 6, 7, 8, 10 and 22 where the products are Red Hat's.</summary>
public sealed class TrapsOfRedHatTests
{
    private const string BaseOs = "Red Hat:enterprise_linux:9::baseos";
    private const string Main = "Red Hat:enterprise_linux:9";
    private const string Eus = "Red Hat:rhel_eus:9.2::baseos";

    private static readonly Distribution Rhel92 = new("rhel", "9.2");
    private static readonly RepositoryCpes[] Repositories =
    [
        new("rhel-9-for-x86_64-baseos-rpms", ["cpe:/o:redhat:enterprise_linux:9::baseos"]),
        new("rhel-9-for-x86_64-baseos-eus-rpms", ["cpe:/o:redhat:rhel_eus:9.2::baseos"]),
        new("rhocp-4.13-for-rhel-9-x86_64-rpms", ["cpe:/a:redhat:openshift:4.13::el9"]),
    ];

    /// <summary>Trap 7: a package is of the products of its layer's repositories; what is said of others is not about it.</summary>
    [Theory]
    [InlineData("rhel-9-for-x86_64-baseos-rpms", BaseOs, true)]
    [InlineData("rhel-9-for-x86_64-baseos-rpms", Main, true)]
    [InlineData("rhel-9-for-x86_64-baseos-rpms", Eus, false)]
    [InlineData("rhel-9-for-x86_64-baseos-rpms", "Red Hat:openshift:4.13::el9", false)]
    [InlineData("rhel-9-for-x86_64-baseos-rpms", "Red Hat:enterprise_linux:8::baseos", false)]
    [InlineData("rhocp-4.13-for-rhel-9-x86_64-rpms", "Red Hat:openshift:4.13::el9", true)]
    [InlineData("rhocp-4.13-for-rhel-9-x86_64-rpms", BaseOs, false)]
    public void Trap7RedHatProductScope(string repository, string product, bool affected)
    {
        using var snapshot = SnapshotOf(Says(Cve, Cve, Fixed(product, "openssl-libs", "1:3.0.7-27.el9") with { NameKind = PackageNameKind.Own }));

        Assert.Equal(affected, Find(snapshot, repository, Rpm("openssl-libs", "1:3.0.1-1.el9", "openssl")).Count == 1);
    }

    /// <summary>Trap 7: without a list of repositories the main ones of the release count.</summary>
    [Fact]
    public void Trap7WithoutContentManifest()
    {
        using var snapshot = SnapshotOf(Says(Cve, Cve, Fixed(BaseOs, "openssl-libs", "1:3.0.7-27.el9")));

        var outcome = snapshot.Match(Rhel92, Rpm("openssl-libs", "1:3.0.1-1.el9", "openssl"));

        Assert.Single(outcome.Packages.Single().Findings);
        Assert.True(outcome.CoversDistribution);
        Assert.Empty(outcome.Warnings);
    }

    [Fact]
    public void UnknownRepositoriesAreSaid()
    {
        using var snapshot = SnapshotOf(Says(Cve, Cve, Fixed(BaseOs, "x", "2-1")));

        Assert.Contains("unheard-of", Assert.Single(MatchIn(snapshot, "unheard-of", Rpm("x", "1-1")).Warnings).Reason, StringComparison.Ordinal);
    }

    /// <summary>Trap 8: two RHSAs for one CVE are one finding with the later fix; those of EUS are for EUS.</summary>
    [Theory]
    [InlineData("rhel-9-for-x86_64-baseos-rpms", "1:3.0.7-27.el9", "RHSA-2024:2447")]
    [InlineData("rhel-9-for-x86_64-baseos-eus-rpms", "1:3.0.7-18.el9_2", "RHSA-2023:7877")]
    public void Trap8TwoRhsasFixOneCveInTwoStreams(string repository, string fixedBy, string erratum)
    {
        using var snapshot = SnapshotOf(Says(
            Cve,
            Cve,
            Fixed(BaseOs, "openssl-libs", "1:3.0.7-24.el9") with { Erratum = "RHSA-2023:7000" },
            Fixed(BaseOs, "openssl-libs", "1:3.0.7-27.el9") with { Erratum = "RHSA-2024:2447" },
            Fixed(Eus, "openssl-libs", "1:3.0.7-18.el9_2") with { Erratum = "RHSA-2023:7877" }));

        var finding = Assert.Single(Find(snapshot, repository, Rpm("openssl-libs", "1:3.0.7-6.el9", "openssl")));

        Assert.Equal((fixedBy, erratum, $"https://access.redhat.com/errata/{erratum}"), (finding.FixedBy, finding.AdvisoryId, finding.AdvisoryLink));
        Assert.Equal("https://access.redhat.com/security/cve/" + Cve, finding.Link);
    }

    /// <summary>Trap 8: a longer maintained stream is asked first, and the main one only about what the former says nothing of.</summary>
    [Theory]
    [InlineData("1:3.0.7-17.el9_2", "1:3.0.7-18.el9_2")]
    [InlineData("1:3.0.7-18.el9_2", null)]
    public void Trap8EusComesBeforeTheMainStream(string installed, string? fixedBy)
    {
        using var snapshot = SnapshotOf(
            Says(Cve, Cve, Fixed(BaseOs, "openssl-libs", "1:3.0.7-24.el9"), Fixed(Eus, "openssl-libs", "1:3.0.7-18.el9_2")),
            Says("CVE-2024-2222", "CVE-2024-2222", Unfixed(Main, "openssl", AdvisoryStatus.WillNotFix) with { NameKind = PackageNameKind.Source }),
            Says("CVE-2024-3333", "CVE-2024-3333", Unfixed(Main, "openssl"), Unfixed(Eus, "openssl", AdvisoryStatus.NotAffected)));

        var findings = Find(snapshot, "rhel-9-for-x86_64-baseos-eus-rpms", Rpm("openssl-libs", installed, "openssl"));

        Assert.Equal(fixedBy, findings.SingleOrDefault(finding => finding.Cve == Cve)?.FixedBy);
        Assert.Equal(AdvisoryStatus.WillNotFix, findings.Single(finding => finding.Cve == "CVE-2024-2222").Status);
        Assert.DoesNotContain(findings, finding => finding.Cve == "CVE-2024-3333");
    }

    /// <summary>Trap 10 of the main stream alone: a denial in it silences it too.</summary>
    [Fact]
    public void Trap10ADenialOfTheMainStreamCountsThere()
    {
        using var snapshot = SnapshotOf(
            Says("A", Cve, Unfixed(Main, "openssl", AdvisoryStatus.NotAffected)),
            Says("B", Cve, Unfixed(BaseOs, "openssl")),
            Says("C", "CVE-2024-2222", Unfixed(Eus, "openssl")),
            Says("D", "CVE-2024-2222", Unfixed(Main, "openssl", AdvisoryStatus.NotAffected)));

        var findings = Find(snapshot, "rhel-9-for-x86_64-baseos-eus-rpms", Rpm("openssl", "1:3.0.7-6.el9"));

        Assert.Equal(["CVE-2024-2222"], findings.Select(finding => finding.Cve));
    }

    /// <summary>Trap 22: CentOS Linux up to 8 is matched as RHEL of its release, Stream is not.</summary>
    [Theory]
    [InlineData("7", "CentOS Linux 7 (Core)", "Red Hat:enterprise_linux:7::server", true)]
    [InlineData("8", "CentOS Linux 8", "Red Hat:enterprise_linux:8::baseos", true)]
    [InlineData("8", "CentOS Stream 8", "Red Hat:enterprise_linux:8::baseos", false)]
    [InlineData("9", "CentOS Stream 9", "Red Hat:enterprise_linux:9::baseos", false)]
    public void Trap22CentOs(string version, string name, string product, bool covered)
    {
        using var snapshot = SnapshotOf(Says(Cve, Cve, Fixed(product, "x", "2-1")));

        var outcome = snapshot.Match(new Distribution("centos", version, name), Rpm("x", "1-1") with { Vendor = "CentOS" });

        Assert.Equal((covered, covered ? 1 : 0), (outcome.CoversDistribution, outcome.Packages.Single().Findings.Count));
    }

    [Theory]
    [InlineData("9", "Red Hat:enterprise_linux:9::appstream", true)]
    [InlineData("9", "Red Hat:enterprise_linux:8::appstream", false)]
    [InlineData("9", "Red Hat:openshift:4.13::el9", false)]
    [InlineData("10", "Red Hat:enterprise_linux:10.1", true)]
    [InlineData("1", "Red Hat:enterprise_linux:10.1", false)]
    public void CoversAMajorReleaseThatItHasDataOf(string version, string product, bool covered)
    {
        using var snapshot = SnapshotOf(Says(Cve, Cve, Fixed(product, "x", "2-1")));

        Assert.Equal(covered, snapshot.Match(new Distribution("rhel", version)).CoversDistribution);
    }

    private static TestSnapshot SnapshotOf(params Advisory[] advisories) => TestSnapshot.OfRecords([.. advisories, .. Repositories]);

    private static IReadOnlyList<Finding> Find(TestSnapshot snapshot, string repository, Package package) =>
        MatchIn(snapshot, repository, package).Packages.Single().Findings;

    private static MatchOutcome MatchIn(TestSnapshot snapshot, string repository, Package package) => AdvisoryMatcher.Match(
        new ImageInventory
        {
            Distribution = Rhel92,
            Packages = [new InstalledPackage(package with { Vendor = "Red Hat, Inc." }, 0)],
            ContentSets = [new LayerContentSets(0, [repository])],
            Warnings = [],
        },
        snapshot.Database);
}
