using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

public sealed class RedHatScopeTests
{
    private const string Main9 = "enterprise_linux:9::appstream enterprise_linux:9 enterprise_linux enterprise_linux:9::baseos enterprise_linux:9::crb";

    // As repository-to-cpe.json has them.
    private static readonly Dictionary<string, string[]> Repositories = new()
    {
        ["rhel-9-for-x86_64-baseos-rpms"] = ["cpe:/o:redhat:enterprise_linux:9::baseos"],
        ["rhel-9-for-x86_64-appstream-rpms"] = ["cpe:/a:redhat:enterprise_linux:9::appstream"],
        ["rhel-9-for-x86_64-baseos-eus-rpms"] = ["cpe:/o:redhat:rhel_eus:9.0::baseos", "cpe:/o:redhat:rhel_eus:9.2::baseos"],
        ["rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_0"] = ["cpe:/o:redhat:rhel_eus:9.0::baseos"],
        ["rhocp-4.13-for-rhel-9-x86_64-rpms"] = ["cpe:/a:redhat:openshift:4.13::el9"],
        ["rhel-10-for-x86_64-baseos-rpms"] = ["cpe:/o:redhat:enterprise_linux:10.0"],
        ["rhel-10-for-x86_64-baseos-eus-rpms"] = ["cpe:/o:redhat:enterprise_linux_eus:10.0"],
        ["unheard-of"] = ["cpe:/a:openliberty:19"],
    };

    private static readonly HashSet<string> Covered =
    [
        .. ((string[])["enterprise_linux:8", "enterprise_linux:9", "rhel_eus:9.0", "rhel_eus:9.2"])
            .SelectMany(product => (string[])[product, product + "::baseos", product + "::appstream", product + "::crb"])
            .Concat(["enterprise_linux", "rhel_eus", "rhel_eus:9", "openshift:4.13::el9", "openshift:4.13", "openshift:4", "openshift"])
            .Concat(["enterprise_linux:7::server", "enterprise_linux:7", "rhel_extras_other:7", "enterprise_linux:6::server", "enterprise_linux:6"])
            .Concat(["enterprise_linux:10.0", "enterprise_linux:10.1", "enterprise_linux:10", "enterprise_linux_eus:10.0"])
            .Select(product => "Red Hat:" + product),
    ];

    private static readonly Package Any = new() { Type = PackageType.Rpm, Name = "foo", Version = "1-1", Path = "var/lib/rpm/rpmdb.sqlite" };

    private static RedHatScope ScopeOf(string version, params LayerContentSets[] sets) => new(
        new ImageInventory { Distribution = new Distribution("rhel", version), Packages = [], ContentSets = sets, Warnings = [] },
        version.Split('.')[0],
        repository => Repositories.GetValueOrDefault(repository, []),
        Covered);

    private static string EcosystemsOf(RedHatScope scope, int layer = 0) => Text(scope.EcosystemsOf(new InstalledPackage(Any, layer)));

    private static string Text(IEnumerable<OsvEcosystem> ecosystems) => string.Join(' ', ecosystems.Select(ecosystem => ecosystem.Release));

    // Trap 7.
    [Fact]
    public void TakesTheRepositoriesOfThePackagesLayer()
    {
        var scope = ScopeOf("9.4", new LayerContentSets(0, ["rhel-9-for-x86_64-baseos-rpms"]), new LayerContentSets(2, ["rhocp-4.13-for-rhel-9-x86_64-rpms"]));

        Assert.Equal(Main9, EcosystemsOf(scope, 0));
        Assert.Equal("openshift:4.13::el9 openshift:4.13 openshift:4 openshift", EcosystemsOf(scope, 2));
        Assert.Empty(scope.Warnings());
    }

    [Fact]
    public void TakesThoseOfTheNearestLayerBelowElseAbove()
    {
        var scope = ScopeOf("9.4", new LayerContentSets(1, ["rhel-9-for-x86_64-baseos-rpms"]), new LayerContentSets(3, ["rhocp-4.13-for-rhel-9-x86_64-rpms"]));

        Assert.Equal(Main9, EcosystemsOf(scope, 0));
        Assert.Equal(Main9, EcosystemsOf(scope, 2));
        Assert.StartsWith("openshift", EcosystemsOf(scope, 9), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9.4", Main9)]
    [InlineData("8", "enterprise_linux:8::appstream enterprise_linux:8 enterprise_linux enterprise_linux:8::baseos enterprise_linux:8::crb")]
    [InlineData("7.9", "enterprise_linux:7::server enterprise_linux:7 enterprise_linux rhel_extras_other:7")]
    [InlineData("6.10", "enterprise_linux:6::server enterprise_linux:6 enterprise_linux")]
    [InlineData("10.0", "enterprise_linux:10 enterprise_linux enterprise_linux:10.0 enterprise_linux:10.1")]
    public void TakesTheMainOnesWithoutAList(string version, string expected) => Assert.Equal(expected, EcosystemsOf(ScopeOf(version)));

    [Theory]
    [InlineData("rhel-9-for-x86_64-baseos-rpms__9")]
    [InlineData("rhel-9-for-x86_64-appstream-rpms__9")]
    [InlineData("ubi-9-baseos-rpms")]
    [InlineData("ubi-9-for-aarch64-appstream-rpms")]
    [InlineData("rhel-9-for-riscv64-baseos-rpms__9")]
    public void KnowsRepositoriesByTheNamesThatImagesGiveThem(string repository)
    {
        var scope = ScopeOf("9.4", new LayerContentSets(0, [repository]));

        Assert.Equal(Main9, EcosystemsOf(scope));
        Assert.Empty(scope.Warnings());
    }

    [Fact]
    public void WarnsOfRepositoriesThatNobodyKnowsAndTakesTheMainOnes()
    {
        var scope = ScopeOf("9.4", new LayerContentSets(1, ["a-rpms", "unheard-of", "rhel-7-server-rpms", "d"]));

        Assert.Equal(Main9, EcosystemsOf(scope, 1));
        Assert.Equal(Main9, EcosystemsOf(scope, 2));
        Assert.Equal(
            "The repositories of layer 2 are not known (a-rpms, unheard-of, rhel-7-server-rpms and 1 more): its packages were matched as if from the main ones "
            + "of Red Hat Enterprise Linux 9.",
            Assert.Single(scope.Warnings()).Reason);
    }

    // All that there are: 804 of them stand for 1,316 products.
    [Fact]
    public void TakesNoMoreProductsOfALayerThanAnyRealOneHas()
    {
        string[] versions = [.. Enumerable.Range(0, 500).Select(i => $"4.{i}")];
        var scope = new RedHatScope(
            new ImageInventory { Packages = [], ContentSets = [new LayerContentSets(0, [.. versions, "main"])], Warnings = [] },
            "9",
            name => [name == "main" ? "cpe:/o:redhat:enterprise_linux:9::baseos" : $"cpe:/a:redhat:openshift:{name}::el9"],
            versions.Select(version => $"Red Hat:openshift:{version}::el9").Append("Red Hat:enterprise_linux:9::baseos").ToHashSet());

        IReadOnlyList<OsvEcosystem> ecosystems = scope.EcosystemsOf(new InstalledPackage(Any, 0));

        Assert.Equal(100, ecosystems.Count);
        Assert.Equal("enterprise_linux:9::baseos", ecosystems[0].Release);
        Assert.Equal(
            "The repositories of layer 1 are of 501 products, more than any real image's: its packages were matched as of 100 of them.",
            Assert.Single(scope.Warnings()).Reason);
    }

    // Trap 8: what the main stream has is of no use to a minor release that is maintained longer.
    [Theory]
    [InlineData("9.2", "rhel-9-for-x86_64-baseos-eus-rpms", "9.2")]
    [InlineData("9.0", "rhel-9-for-x86_64-baseos-eus-rpms", "9.0")]
    [InlineData("9.2", "rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2", "9.2")]
    [InlineData("9.2", "rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_0", "9.0")]
    public void KeepsStreamsThatAreMaintainedLongerApart(string version, string repository, string stream)
    {
        var scope = ScopeOf(version, new LayerContentSets(0, [repository]));

        Assert.Equal(
            $"rhel_eus:{stream}::appstream rhel_eus:{stream} rhel_eus:9 rhel_eus rhel_eus:{stream}::baseos rhel_eus:{stream}::crb", EcosystemsOf(scope));
        Assert.Equal(Main9, Text(scope.MainStreamOf(new InstalledPackage(Any, 0))));
    }

    [Fact]
    public void TakesAllMinorReleasesOfARepositoryWhereTheImageIsOfNone()
    {
        string ecosystems = EcosystemsOf(ScopeOf("9.7", new LayerContentSets(0, ["rhel-9-for-x86_64-baseos-eus-rpms"])));

        Assert.Contains("rhel_eus:9.0::baseos", ecosystems, StringComparison.Ordinal);
        Assert.Contains("rhel_eus:9.2::baseos", ecosystems, StringComparison.Ordinal);
    }

    // https://redhatproductsecurity.github.io/security-data-guidelines/cpe/#rhel-10-cpes
    [Fact]
    public void TakesAllMinorReleasesOfTheMainStreamFromTenOn()
    {
        var main = ScopeOf("10.0", new LayerContentSets(0, ["rhel-10-for-x86_64-baseos-rpms"]));
        var longer = ScopeOf("10.0", new LayerContentSets(0, ["rhel-10-for-x86_64-baseos-eus-rpms"]));

        Assert.Equal("enterprise_linux:10.0 enterprise_linux:10 enterprise_linux enterprise_linux:10.1", EcosystemsOf(main));
        Assert.Equal("enterprise_linux_eus:10.0", EcosystemsOf(longer));
        Assert.Equal(
            "enterprise_linux:10 enterprise_linux enterprise_linux:10.0 enterprise_linux:10.1", Text(longer.MainStreamOf(new InstalledPackage(Any, 0))));
    }

    [Fact]
    public void HasNoOtherMainStreamWhereItIsInIt()
    {
        var both = ScopeOf("9.2", new LayerContentSets(0, ["rhel-9-for-x86_64-baseos-eus-rpms", "rhel-9-for-x86_64-baseos-rpms"]));
        var layered = ScopeOf("9.2", new LayerContentSets(0, ["rhocp-4.13-for-rhel-9-x86_64-rpms"]));

        Assert.Empty(both.MainStreamOf(new InstalledPackage(Any, 0)));
        Assert.Empty(layered.MainStreamOf(new InstalledPackage(Any, 0)));
    }

    [Fact]
    public void LeavesOutWhatThereAreNoAdvisoriesAbout()
    {
        var covered = new HashSet<string> { "Red Hat:enterprise_linux:9", "Red Hat:enterprise_linux:9::crb" };
        var scope = new RedHatScope(new ImageInventory { Packages = [], Warnings = [] }, "9", _ => [], covered);

        Assert.Equal("enterprise_linux:9 enterprise_linux:9::crb", EcosystemsOf(scope));
    }
}
