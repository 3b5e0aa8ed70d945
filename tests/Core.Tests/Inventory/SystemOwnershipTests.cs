using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Inventory.MadeLayers;

namespace ImageScan.Core.Tests.Inventory;

public sealed class SystemOwnershipTests
{
    [Fact]
    public void GivesAPackageTheExecutablesThatItOwns()
    {
        InstalledPackage curl = Single(
            Layer(
                Dpkg("curl=1"),
                new FileInventory("var/lib/dpkg/info/curl.list", "list") { Owned = [new Ownership("curl", ["usr/bin/curl", "lib/curl.so"])] },
                new SymbolicLink("lib", "usr/lib"),
                Executable("usr/bin/curl", "libcurl.so.4", "libc.so.6"),
                Executable("usr/lib/curl.so"),
                Executable("opt/other", "libc.so.6")));

        Assert.Equal(["usr/bin/curl", "usr/lib/curl.so"], curl.Executables.Select(executable => executable.Path));
        Assert.Equal(["libcurl.so.4", "libc.so.6"], curl.Executables[0].Needed);
    }

    [Fact]
    public void GivesTheExecutablesToOneOfSeveralPackagesOfAName()
    {
        FileInventory list = new("var/lib/dpkg/info/a.list", "list") { Owned = [new Ownership("a", ["usr/bin/a"])] };

        ImageInventory image = LayerMerge.Of([Layer(Dpkg("a=1", "a=2"), list, Executable("usr/bin/a"))], TestContext.Current.CancellationToken);

        Assert.Equal([1, 0], image.Packages.Select(installed => installed.Executables.Count));
    }

    [Fact]
    public void GivesAPackageTheLicenceThatAnotherFileStatesUnlessItStatesOneItself()
    {
        FileInventory copyright = new("usr/share/doc/a/copyright", "copyright") { Licenses = [new LicenseClaim("a", "MIT"), new LicenseClaim("a", "later")] };
        FileInventory own = Dpkg("a=1");

        Assert.Equal("MIT", Single(Layer(own, copyright)).Package.License);
        Assert.Equal("own", Single(Layer(own with { Packages = [own.Packages[0] with { License = "own" }] }, copyright)).Package.License);
    }

    [Theory]
    [InlineData("Red Hat, Inc.", false)]
    [InlineData("Fedora Project", true)]
    [InlineData("Acme, Ltd.", true)]
    [InlineData(null, true)]
    public void LeavesLanguagePackagesToTheRpmThatOwnsThemUnlessItIsOfOthers(string? vendor, bool counts) =>
        Assert.Equal(counts, Names(RpmOf(vendor, "Red Hat, Inc.")).Contains("left-pad"));

    // EPEL's packages state the Fedora Project.
    [Theory]
    [InlineData("rhel", "Red Hat, Inc.", false)]
    [InlineData("rhel", "Fedora Project", true)]
    [InlineData("rhel", "Microsoft Corporation", true)]
    [InlineData("azurelinux", "Microsoft Corporation", false)]
    [InlineData("centos", "Red Hat, Inc.", false)]
    [InlineData("opensuse-leap", "openSUSE", false)]
    [InlineData("fedora", "Fedora Project", false)]
    public void TellsWhoseAnRpmIsByItsDistribution(string id, string vendor, bool counts)
    {
        LayerInventory layer = RpmOf(vendor, null);
        LayerInventory named = layer with { Files = [.. layer.Files, MadeLayers.Names("etc/os-release", DistributionEvidence.OsRelease, id, "9")] };

        Assert.Equal(counts, Names(named).Contains("left-pad"));
    }

    // NodeSource's nodejs has npm in it, which nobody but npm's own advisories speaks of; a program is the package itself.
    [Theory]
    [InlineData("NodeSource Support", "nodejs npm")]
    [InlineData(null, "nodejs")]
    public void LeavesLanguagePackagesToTheDebThatOwnsThemUnlessItIsOfOthers(string? vendor, string names)
    {
        FileInventory database = Dpkg("nodejs=22");
        LayerInventory layer = Layer(
            database with { Packages = [database.Packages[0] with { Vendor = vendor }] },
            new FileInventory("var/lib/dpkg/info/nodejs.list", "list")
            {
                Owned = [new Ownership("nodejs", ["usr/lib/node_modules/npm/package.json", "usr/bin/node"])],
            },
            Npm("usr/lib/node_modules/npm", "npm=10"),
            new FileInventory("usr/bin/node", "binary") { Packages = [PackageOf(PackageType.Binary, "node")] });

        Assert.Equal(names, string.Join(' ', Names(layer)));
    }

    [Fact]
    public void TakesWhoeverBuiltTheFileSystemForTheDistribution()
    {
        Assert.DoesNotContain("left-pad", Names(RpmOf("Some Linux", "Some Linux")));
        Assert.DoesNotContain("left-pad", Names(RpmOf(null, null)));
    }

    [Fact]
    public void LeavesAProgramToTheRpmOfOthersThatOwnsIt() => Assert.DoesNotContain("nginx", Names(RpmOf("Acme, Ltd.", "Red Hat, Inc.")));

    // A package "tools" of this vendor that owns an npm package and a program, in a distribution of that one.
    private static LayerInventory RpmOf(string? vendor, string? distribution) => Layer(
        new FileInventory("var/lib/rpm/rpmdb.sqlite", "rpm")
        {
            Packages = [PackageOf(PackageType.Rpm, "filesystem") with { Vendor = distribution }, PackageOf(PackageType.Rpm, "tools") with { Vendor = vendor }],
            Owned = [new Ownership("tools", ["opt/x/node_modules/left-pad/package.json", "opt/x/nginx"])],
        },
        new FileInventory("opt/x/node_modules/left-pad/package.json", "npm") { Packages = [PackageOf(PackageType.Npm, "left-pad")] },
        new FileInventory("opt/x/nginx", "binary") { Packages = [PackageOf(PackageType.Binary, "nginx")] });

    private static Package PackageOf(PackageType type, string name) => new() { Type = type, Name = name, Version = "1", Path = "" };

    private static IEnumerable<string> Names(LayerInventory layer) =>
        LayerMerge.Of([layer], TestContext.Current.CancellationToken).Packages.Select(installed => installed.Package.Name);

    [Fact]
    public void OwnsNoLanguagePackageThatALaterLayerPutInThePlaceOfItsOwn() =>
        Assert.Equal(["nodejs=18@0", "npm=11@1"], Installed(NodeJs("18", "npm=10"), Layer(Npm("lib/node_modules/npm", "npm=11"))));

    [Fact]
    public void OwnsNoneAlsoWhenItsFolderWasReplacedOrItWasCopiedUpLater() =>
        Assert.Equal(
            ["nodejs=18@0", "npm=11@1"],
            Installed(
                NodeJs("18", "npm=10"),
                Layer(Npm("lib/node_modules/npm", "npm=11")).Without("lib/node_modules/npm"),
                Layer(Npm("lib/node_modules/npm", "npm=11"))));

    [Fact]
    public void OwnsNoneThatCameInALayerAfterTheOneThatRemovedItsOwn() =>
        Assert.Equal(
            ["nodejs=18@0", "npm=11@3"],
            Installed(NodeJs("18", "npm=10"), Layer().Without("lib/node_modules/npm"), Layer("other"), Layer(Npm("lib/node_modules/npm", "npm=11"))));

    [Fact]
    public void OwnsWhatCameBackInTheSameVersion() =>
        Assert.Equal(
            ["nodejs=18@0"],
            Installed(NodeJs("18", "npm=10"), Layer().Without("lib/node_modules/npm"), Layer(Npm("lib/node_modules/npm", "npm=10"))));

    [Fact]
    public void OwnsWhatAnUpgradeOfThePackageItselfBrought() =>
        Assert.Equal(["nodejs=20@1"], Installed(NodeJs("18", "npm=9"), NodeJs("20", "npm=10")));

    [Fact]
    public void OwnsWhatWasOnlyCopiedUpOrCameLater()
    {
        Assert.Equal(["nodejs=18@0"], Installed(NodeJs("18", "npm=10"), Layer(Npm("lib/node_modules/npm", "npm=10"))));
        Assert.Equal(["nodejs=18@0"], Installed(NodeJs("18"), Layer(Npm("lib/node_modules/npm", "npm=10"))));
    }

    [Theory]
    [InlineData("nodejs", "other=1@0")]
    [InlineData("", "other=1@0")]
    [InlineData("gone", "other=1@0 npm=10@0")]
    public void OwnsNothingByAListOfAPackageThatIsNotInstalled(string owner, string installed)
    {
        FileInventory list = new("var/lib/dpkg/info/x.list", "list") { Owned = [new Ownership(owner, ["lib/node_modules/npm/package.json"])] };
        FileInventory database = Dpkg(owner == "nodejs" ? ["nodejs=18", "other=1"] : ["other=1"]);

        Assert.Equal(installed, string.Join(' ', Installed(Layer(database, list, Npm("lib/node_modules/npm", "npm=10"))).Except(["nodejs=18@0"])));
        Assert.Equal(["npm=10@0"], Installed(Layer(list, Npm("lib/node_modules/npm", "npm=10"))));
    }

    [Theory]
    [InlineData("as packaged", false)]
    [InlineData("as another packaged it", false)]
    [InlineData("otherwise", true)]
    [InlineData(null, false)]
    public void OwnsALanguagePackageOnlyAsItWasPackaged(string? md5, bool counts)
    {
        LayerInventory nodeJs = Layer(
            Dpkg("nodejs=18", "other=1"),
            new FileInventory("var/lib/dpkg/info/nodejs.list", "list") { Owned = [new Ownership("nodejs", ["lib/node_modules/npm/package.json"])] },
            Sums("nodejs", "usr/lib/node_modules/npm/package.json", "as packaged"),
            Sums("other", "lib/node_modules/npm/package.json", "as another packaged it"),
            Sums("gone", "lib/node_modules/npm/package.json", "otherwise"),
            new SymbolicLink("lib", "usr/lib"),
            Npm("usr/lib/node_modules/npm", "npm=11") with { Md5 = md5 });

        Assert.Equal(counts, Names(nodeJs).Contains("npm"));
    }

    private static FileInventory Sums(string owner, string path, string md5) =>
        new($"var/lib/dpkg/info/{owner}.md5sums", "list") { Owned = [new Ownership(owner, []) { Sums = [new FileSum(path, md5)] }] };

    // A layer that installs nodejs, with the npm that it brings.
    private static LayerInventory NodeJs(string version, params string[] npm) => Layer(
    [
        Dpkg($"nodejs={version}"),
        new FileInventory("var/lib/dpkg/info/nodejs.list", "list") { Owned = [new Ownership("nodejs", ["lib/node_modules/npm/package.json"])] },
        .. npm.Select(package => Npm("lib/node_modules/npm", package)),
    ]);

    private static FileInventory Executable(string path, params string[] needed) => new(path, "executables") { NeededLibraries = needed };

    private static InstalledPackage Single(params LayerInventory[] layers) =>
        Assert.Single(LayerMerge.Of(layers, TestContext.Current.CancellationToken).Packages);
}
