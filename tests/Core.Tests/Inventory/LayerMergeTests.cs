using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Inventory.MadeLayers;

namespace ImageScan.Core.Tests.Inventory;

public sealed class LayerMergeTests
{
    [Fact]
    public void TakesADatabaseAsItsLastLayerHasIt() =>
        Assert.Equal(["a=1@0", "c=1@1"], Installed(Layer(Dpkg("a=1", "b=1")), Layer(Dpkg("a=1", "c=1"))));

    [Fact]
    public void KeepsTheLayerThatBroughtANameInThisVersion() =>
        Assert.Equal(
            ["a=1@0", "b=2@1", "c=1@2"],
            Installed(Layer(Dpkg("a=1", "b=1")), Layer(Dpkg("a=1", "b=2")), Layer(Dpkg("a=1", "b=2", "c=1")), Layer(Dpkg("a=1", "b=2", "c=1"))));

    [Fact]
    public void ListsAProgramKnownByItsBytesOnceAndNotBesideItsPackage()
    {
        FileInventory conda = Database("opt/conda-meta/python.json", PackageType.Conda, "python=3.12.4");
        FileInventory[] binaries =
        [
            Database("usr/local/bin/node", PackageType.Binary, "node=22.1.0"),
            Database("usr/local/include/node/node_version.h", PackageType.Binary, "node=22.1.0"),
            Database("opt/other/node", PackageType.Binary, "node=20.0.0"),
            Database("opt/bin/python3.12", PackageType.Binary, "python=3.12.4"),
        ];

        Assert.Equal(["python=3.12.4@0", "node=20.0.0@0", "node=22.1.0@0"], Installed(Layer([conda, .. binaries])));
    }

    [Fact]
    public void CountsTheSameArchiveAtTwoPlacesOfAFileTwice()
    {
        FileInventory war = Database("app.war", PackageType.Maven, "g:a=1");
        Package[] nested = [war.Packages[0] with { InnerPath = "x.jar" }, war.Packages[0] with { InnerPath = "y.jar" }];

        Assert.Equal(
            ["app.war/x.jar", "app.war/y.jar"],
            LayerMerge.Of([Layer(war with { Packages = nested })], TestContext.Current.CancellationToken).Packages.Select(found => found.Package.Location));
    }

    [Fact]
    public void CountsAPackageOnceThatAFileNamesTwice()
    {
        FileInventory list = Database("app/vendor/composer/installed.json", PackageType.Composer, "a/b=1", "a/b=1", "a/b=2");

        Assert.Equal(["a/b=1@0", "a/b=2@0"], Installed(Layer(list)));
    }

    [Fact]
    public void KeepsTheContentSetsOfEachLayer()
    {
        FileInventory first = new("root/buildinfo/content_manifests/a.json", "rpm") { ContentSets = ["baseos", "appstream"] };
        FileInventory second = new("root/buildinfo/content_manifests/b.json", "rpm") { ContentSets = ["extras"] };

        ImageInventory merged = LayerMerge.Of([Layer(first), Layer(), Layer(second)], TestContext.Current.CancellationToken);

        Assert.Equal(["0 baseos appstream", "2 extras"], merged.ContentSets.Select(sets => $"{sets.Layer} {string.Join(' ', sets.Names)}"));
    }

    [Fact]
    public void CountsAPackageThatWasAwayFromItsReturn() =>
        Assert.Equal(["a=1@2"], Installed(Layer(Dpkg("a=1")), Layer(Dpkg()), Layer(Dpkg("a=1"))));

    [Fact]
    public void CountsAPackageInAnOlderVersionFromTheDowngrade() =>
        Assert.Equal(["a=1@2"], Installed(Layer(Dpkg("a=1")), Layer(Dpkg("a=2")), Layer(Dpkg("a=1"))));

    [Fact]
    public void KeepsTheIntroducingLayerOfWhatIsInstalledAgainInTheSameVersion() =>
        Assert.Equal(["a=1@0"], Installed(Layer(Dpkg("a=1")), Layer(Dpkg("a=1")).Without(DpkgStatus)));

    [Fact]
    public void CountsALanguagePackageThatWasRemovedFromItsReturn() =>
        Assert.Equal(
            ["x=1@2"],
            Installed(Layer(Npm("node_modules/x", "x=1")), Layer().Without("node_modules"), Layer(Npm("node_modules/x", "x=1"))));

    [Fact]
    public void KeepsTheIntroducingLayerWhileOneOfTwoDatabasesStillHasThePackage() =>
        Assert.Equal(
            ["a=1@0"],
            Installed(
                Layer(Apk(ApkInstalled, "a=1")),
                Layer(Apk(UsrApkInstalled, "a=1")).Without(ApkInstalled),
                Layer(Apk(UsrApkInstalled, "a=1"))));

    [Fact]
    public void KeepsTheIntroducingLayerBehindALinkThatALaterLayerBrings() =>
        Assert.Equal(
            ["a=1@0", "b=1@2"],
            Installed(
                Layer(Apk(UsrApkInstalled, "a=1")),
                Layer(new SymbolicLink("lib", "usr/lib")),
                Layer(Apk(ApkInstalled, "a=1", "b=1"))));

    [Fact]
    public void TakesNoMoreTimeForManyLayersThanForTheirContents()
    {
        object[] files = [.. Enumerable.Range(0, 100_000).Select(i => Npm($"a{i % 100}/node_modules/p{i}", $"p{i}=1"))];
        LayerInventory[] layers =
        [
            Layer(files),
            .. Enumerable.Range(0, 1000).Select(i => Layer(Npm($"a{i % 100}/node_modules/p{i}", $"p{i}=2"), Dpkg($"d{i}=1"))),
        ];
        long before = GC.GetAllocatedBytesForCurrentThread();

        ImageInventory image = LayerMerge.Of(layers, TestContext.Current.CancellationToken);

        // Memory stands for time, which a busy machine does not tell: looking at all packages for each layer takes gigabytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400 << 20);
        Assert.Equal(100_001, image.Packages.Count);
        Assert.Equal(1000, image.Packages.Single(installed => installed.Package.Name == "p999").Layer);
    }

    [Fact]
    public void NamesAnImageOfNothingButBusyBoxAfterIt()
    {
        FileInventory busyBox = Database("bin/[", PackageType.Binary, "busybox=1.36.1");

        Assert.Equal(("busybox", "1.36.1"), SystemOf(busyBox));
        Assert.Equal(("alpine", "3.20.3"), SystemOf(busyBox, Names("etc/os-release", DistributionEvidence.OsRelease, "alpine", "3.20.3")));
        Assert.Equal((null, null), SystemOf(Database("opt/rescue/busybox", PackageType.Binary, "busybox=1.36.1")));
        Assert.Equal((null, null), SystemOf(Database("bin/other", PackageType.Binary, "other=1.36.1")));
    }

    [Fact]
    public void KeepsTheIntroducingLayerAlsoWhenTheFolderIsReplaced() =>
        Assert.Equal(["a=1@0", "b=1@1"], Installed(Layer(Dpkg("a=1")), Layer(Dpkg("a=1", "b=1")).WithOpaque("var/lib/dpkg")));

    [Fact]
    public void PrefersADatabaseThatNamesSourcesToChiselsManifest()
    {
        Package named = Dpkg("libc6=1").Packages[0] with { SourceName = "glibc" };
        FileInventory chisel = new("var/lib/chisel/manifest.wall", "chisel") { Packages = Dpkg("libc6=1", "base-files=2").Packages };

        ImageInventory image = LayerMerge.Of([Layer(chisel, Dpkg() with { Packages = [named] })], TestContext.Current.CancellationToken);

        Assert.Equal(
            [("base-files", null), ("libc6", "glibc")],
            image.Packages.Select(installed => (installed.Package.Name, installed.Package.SourceName)));
    }

    [Fact]
    public void FindsNothingWhereALaterLayerEmptiesTheDatabase() => Assert.Empty(Installed(Layer(Dpkg("a=1")), Layer(Dpkg())));

    [Theory]
    [InlineData("var/lib/dpkg/status")]
    [InlineData("var/lib/dpkg")]
    [InlineData("var")]
    public void RemovesWhatAWhiteoutNames(string whiteout) => Assert.Empty(Installed(Layer(Dpkg("a=1")), Layer().Without(whiteout)));

    [Theory]
    [InlineData("var/lib/dpkg/status-old")]
    [InlineData("var/lib/dp")]
    [InlineData("ar")]
    public void LeavesWhatAWhiteoutOnlyResembles(string whiteout) => Assert.Single(Installed(Layer(Dpkg("a=1")), Layer().Without(whiteout)));

    [Fact]
    public void LetsAWhiteoutSpeakOfLowerLayersOnly() =>
        Assert.Equal(["b=1@1"], Installed(Layer(Dpkg("a=1")), Layer(Dpkg("b=1")).Without(DpkgStatus)));

    [Theory]
    [InlineData("app/node_modules")]
    [InlineData("app")]
    [InlineData("")]
    public void HidesWhatLowerLayersHaveInAnOpaqueFolder(string folder) =>
        Assert.Equal(
            ["new=1@1"],
            Installed(Layer(Npm("app/node_modules/old", "old=1")), Layer(Npm("app/node_modules/new", "new=1")).WithOpaque(folder)));

    [Fact]
    public void DropsWhatLiesBelowAPathThatIsNoFolderAnyMore() => Assert.Empty(Installed(Layer(Npm("app/node_modules/x", "x=1")), Layer("app")));

    [Fact]
    public void DropsAFileThatWasReplacedBySomethingUnread() =>
        Assert.Empty(Installed(Layer(Npm("app/node_modules/x", "x=1")), Layer("app/node_modules/x/package.json")));

    [Fact]
    public void DropsAFileThatALaterLayerHasAsAFolder()
    {
        LayerInventory[] layers =
        [
            Layer(Dpkg("a=1"), Names("etc/os-release", DistributionEvidence.OsRelease, "debian", "12")),
            Layer().WithFolders("etc", "var/lib/dpkg", DpkgStatus),
        ];

        ImageInventory image = LayerMerge.Of(layers, TestContext.Current.CancellationToken);

        Assert.Empty(image.Packages);
        Assert.Equal("debian", image.Distribution?.Id);
        Assert.Contains("No dpkg database", Assert.Single(image.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsWhatLiesBelowAFolderThatALaterLayerHasToo() =>
        Assert.Equal(["x=1@0"], Installed(Layer(Npm("app/node_modules/x", "x=1")), Layer().WithFolders("app", "app/node_modules", "app/node_modules/x")));

    [Fact]
    public void TakesAFolderThatReplacesALinkForWhereItStands()
    {
        LayerInventory[] layers =
        [
            Layer(new SymbolicLink("current", "/releases/1"), Npm("releases/1/node_modules/x", "x=1")),
            Layer(Npm("current/node_modules/x", "x=2")).WithFolders("current", "current/node_modules", "current/node_modules/x"),
        ];

        ImageInventory image = LayerMerge.Of(layers, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["1 0 releases/1/node_modules/x/package.json", "2 1 current/node_modules/x/package.json"],
            image.Packages.Select(installed => $"{installed.Package.Version} {installed.Layer} {installed.Package.Path}"));
    }

    [Fact]
    public void RemovesNothingWhereTheLinkLedThatAFolderReplaces() =>
        Assert.Equal(
            ["x=1@0"],
            Installed(
                Layer(new SymbolicLink("current", "/releases/1"), Npm("releases/1/node_modules/x", "x=1")),
                Layer().WithFolders("current").Without("current/node_modules/x")));

    [Fact]
    public void FollowsALinkThatTakesThePlaceOfAFolderAgain() =>
        Assert.Equal(
            ["x=2@2"],
            Installed(
                Layer(new SymbolicLink("current", "/releases/1"), Npm("releases/1/node_modules/x", "x=1")),
                Layer().WithFolders("current"),
                Layer(new SymbolicLink("current", "/releases/1"), Npm("current/node_modules/x", "x=2"))));

    [Fact]
    public void CountsPerFilePackagesByTheirPaths() =>
        Assert.Equal(
            ["x=1@0", "x=1@1", "x=2@1"],
            Installed(
                Layer(Npm("a/node_modules/x", "x=1"), Npm("b/node_modules/x", "x=1")),
                Layer(Npm("b/node_modules/x", "x=2"), Npm("c/node_modules/x", "x=1"))));

    [Fact]
    public void ComparesPathsBehindALinkedFolder() =>
        Assert.Equal(
            ["a=1@0", "b=1@1"],
            Installed(
                Layer(new SymbolicLink("lib", "usr/lib"), Apk(UsrApkInstalled, "a=1", "gone=1")),
                Layer(Apk(ApkInstalled, "a=1", "b=1"))));

    [Theory]
    [InlineData("lib", "/usr/lib")]
    [InlineData("lib", "./usr/../usr//lib/")]
    [InlineData("lib", "../../usr/lib")]
    [InlineData("lib/apk", "../usr/lib/apk")]
    public void FollowsAbsoluteAndRelativeLinksBelowTheRoot(string link, string target)
    {
        ImageInventory image = LayerMerge.Of([Layer(new SymbolicLink(link, target)), Layer(Apk(ApkInstalled, "a=1"))], TestContext.Current.CancellationToken);

        Assert.Equal(UsrApkInstalled, Assert.Single(image.Packages).Package.Path);
    }

    [Fact]
    public void FollowsLinksToLinksInOneLayer()
    {
        LayerInventory layer = Layer(new SymbolicLink("a/b", "/c"), new SymbolicLink("x", "a"), new SymbolicLink("y", "x/b"));

        ImageInventory image = LayerMerge.Of([layer, Layer(Npm("y/node_modules/p", "p=1"))], TestContext.Current.CancellationToken);

        Assert.Equal("c/node_modules/p/package.json", Assert.Single(image.Packages).Package.Path);
    }

    [Fact]
    public void AppliesAWhiteoutBehindALinkedFolder() =>
        Assert.Empty(Installed(Layer(new SymbolicLink("lib", "usr/lib"), Apk(UsrApkInstalled, "a=1")), Layer().Without("lib/apk/db/installed")));

    [Fact]
    public void RemovesALinkWithoutWhatItLeadsTo() =>
        Assert.Equal(
            ["a=1@0", "b=1@1"],
            Installed(
                Layer(new SymbolicLink("lib", "usr/lib"), Apk(UsrApkInstalled, "a=1")),
                Layer(Apk(ApkInstalled, "b=1")).Without("lib")));

    [Fact]
    public void ReplacesAFolderByALinkAsWhenUsrIsMerged() =>
        Assert.Equal(
            ["a=2@1", "b=1@0"],
            Installed(
                Layer(Apk(ApkInstalled, "a=1", "b=1")),
                Layer(new SymbolicLink("lib", "usr/lib"), Apk(UsrApkInstalled, "a=2", "b=1"))));

    [Theory]
    [InlineData("lib", "lib")]
    [InlineData("lib", "a")]
    public void EndsInALoopOfLinks(string from, string to)
    {
        LayerInventory layer = Layer(new SymbolicLink(from, to), new SymbolicLink("a", "lib/../b"), new SymbolicLink("b", "a"), Apk(ApkInstalled, "a=1"));

        Assert.Equal(["a=1@0"], Installed(layer));
    }

    [Fact]
    public void CountsASystemPackageOnceThoughTwoDatabasesHaveIt() =>
        Assert.Equal(["a=1@0", "b=1@0", "c=1@0"], Installed(Layer(Apk(ApkInstalled, "a=1", "b=1"), Apk(UsrApkInstalled, "a=1", "c=1"))));

    [Theory]
    [InlineData("usr/lib/node_modules/npm/package.json")]
    [InlineData("opt/lib/node_modules/npm/package.json")]
    public void DropsLanguagePackagesThatTheSystemOwns(string owned) =>
        Assert.Equal(
            ["owner=1@0", "other=1@1"],
            Installed(
                Layer(new SymbolicLink("opt/lib", "../usr/lib"), Npm("usr/lib/node_modules/npm", "npm=9"), Dpkg("owner=1")),
                Layer(Owned("var/lib/dpkg/info/npm.list", owned), Npm("usr/lib/node_modules/other", "other=1"))));

    [Fact]
    public void KeepsLanguagePackagesOnceTheirOwnerIsGone() =>
        Assert.Equal(
            ["owner=1@0", "npm=9@0"],
            Installed(
                Layer(Dpkg("owner=1"), Npm("usr/lib/node_modules/npm", "npm=9"), Owned("var/lib/dpkg/info/npm.list", "usr/lib/node_modules/npm/package.json")),
                Layer().Without("var/lib/dpkg/info/npm.list")));

    [Fact]
    public void NeverDropsSystemPackagesForBeingOwned() =>
        Assert.Single(Installed(Layer(Dpkg("a=1"), Owned("var/lib/dpkg/info/dpkg.list", DpkgStatus))));

    [Fact]
    public void OrdersPackagesByTypeNameVersionAndPath()
    {
        ImageInventory image = LayerMerge.Of(
        [
            Layer(Npm("b/node_modules/a", "a=1"), Npm("a/node_modules/a", "a=1"), Npm("a/node_modules/B", "B=1"), Npm("c/node_modules/a", "a=0"), Dpkg("z=1")),
        ], TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "z=1 var/lib/dpkg/status",
                "B=1 a/node_modules/B/package.json",
                "a=0 c/node_modules/a/package.json",
                "a=1 a/node_modules/a/package.json",
                "a=1 b/node_modules/a/package.json",
            ],
            image.Packages.Select(installed => $"{installed.Package.Name}={installed.Package.Version} {installed.Package.Path}"));
    }

    [Fact]
    public void DropsWarningsAboutFilesThatALaterLayerHides()
    {
        var warning = new InventoryWarning("app/node_modules/x/package.json", "It is broken.");

        Assert.Empty(LayerMerge.Of([Layer(warning), Layer().Without("app")], TestContext.Current.CancellationToken).Warnings);
        Assert.Empty(LayerMerge.Of([Layer(warning), Layer("app/node_modules/x/package.json")], TestContext.Current.CancellationToken).Warnings);
        Assert.Equal([warning], LayerMerge.Of([Layer(warning), Layer().Without("opt")], TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void KeepsWarningsAboutLayersAsAWhole()
    {
        var warning = new InventoryWarning("", "The layer is cut short.");

        Assert.Equal([warning], LayerMerge.Of([Layer(warning), Layer().WithOpaque("")], TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void MergesNoLayersToAnEmptyImage()
    {
        ImageInventory image = LayerMerge.Of([], TestContext.Current.CancellationToken);

        Assert.Null(image.Distribution);
        Assert.Empty(image.Packages);
        Assert.Empty(image.Warnings);
    }

    [Fact]
    public void EndsWhenItIsCancelled() =>
        Assert.Throws<OperationCanceledException>(() => LayerMerge.Of([Layer(Dpkg("a=1"))], new CancellationToken(canceled: true)));

    [Fact]
    public void EndsSoonWhereLinksLeadFromFarToFar()
    {
        // Every link's folder is reached by way of forty others, each with two thousand names: minutes if each was followed to its end.
        string detour = string.Concat(Enumerable.Repeat("x/../", 800));
        SymbolicLink[] chain = [.. Enumerable.Range(0, 40).Select(i => new SymbolicLink($"c{i}", i == 39 ? "/real" : $"{detour}c{i + 1}"))];
        SymbolicLink[] links = [.. Enumerable.Range(0, 20_000).Select(i => new SymbolicLink($"c0/{i}", "/nowhere"))];
        using var tooLate = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        tooLate.CancelAfter(TimeSpan.FromSeconds(60));

        Assert.Empty(LayerMerge.Of([Layer([.. chain, .. links])], tooLate.Token).Packages);
    }

    [Fact]
    public void FollowsAPathOfManyFoldersAndLinks()
    {
        SymbolicLink[] chain = [.. Enumerable.Range(0, 30).Select(i => new SymbolicLink($"c{i}", i == 29 ? "/real" : $"a/b/../../c{i + 1}"))];
        string folders = string.Join('/', Enumerable.Repeat("f", 240));

        ImageInventory image = LayerMerge.Of([Layer([.. chain, Npm($"c0/{folders}/node_modules/p", "p=1")])], TestContext.Current.CancellationToken);

        Assert.Equal($"real/{folders}/node_modules/p/package.json", Assert.Single(image.Packages).Package.Path);
    }

    private static (string? Id, string? VersionId) SystemOf(params object[] files)
    {
        Distribution? distribution = LayerMerge.Of([Layer(files)], TestContext.Current.CancellationToken).Distribution;
        return (distribution?.Id, distribution?.VersionId);
    }
}
