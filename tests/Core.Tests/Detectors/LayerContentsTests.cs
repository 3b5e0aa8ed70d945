using System.Text;
using ImageScan.Core.Detectors;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors;

public sealed class LayerContentsTests
{
    private const string X = "app/node_modules/x/package.json";
    private const string Status = "var/lib/dpkg/status";

    private static readonly (LayerEntry, string) FileX = File(X, """{"name":"x","version":"1"}""");

    [Fact]
    public void KeepsWhatEachDetectorFinds()
    {
        LayerInventory layer = Read(FileX, File(Status, "Package: a\nVersion: 1\n"), File("etc/os-release", "ID=debian\n"), File("app/index.js", "x"));

        Assert.Equal([(X, "npm"), ("etc/os-release", "os-release"), (Status, "dpkg")], layer.Files.Select(file => (file.Path, file.Detector)));
        Assert.Equal(PackageDetectors.VersionsOf(PackageDetectors.All), layer.DetectorsVersion);
        Assert.True(layer.NonFolders.Contains("app/index.js") && layer.NonFolders.Contains(X));
        Assert.Empty(layer.Warnings);
    }

    [Fact]
    public void LetsTheLaterOfTwoEntriesOfOnePathCount()
    {
        LayerInventory layer = Read(FileX, File(X, """{"name":"x","version":"2"}"""));

        Assert.Equal("2", Assert.Single(Assert.Single(layer.Files).Packages).Version);
    }

    [Fact]
    public void DropsTheWarningsOfAnEarlierEntryToo() => Assert.Empty(Read(File(X, "{"), FileX).Warnings);

    [Theory]
    [InlineData(LayerEntryKind.Other)]
    [InlineData(LayerEntryKind.File)]
    [InlineData(LayerEntryKind.SymbolicLink)]
    public void DropsWhatLiesBelowAnEntryThatIsNoFolder(LayerEntryKind kind) =>
        Assert.Empty(Read(FileX, (new LayerEntry("app", kind, LinkTarget: kind == LayerEntryKind.SymbolicLink ? "b" : null), "")).Files);

    [Fact]
    public void DropsAFileThatAFolderReplaces()
    {
        LayerInventory layer = Read(FileX, (new LayerEntry(X, LayerEntryKind.Folder), ""));

        Assert.Empty(layer.Files);
        Assert.False(layer.NonFolders.Contains(X));
        Assert.True(layer.Folders.Contains(X));
    }

    [Fact]
    public void RecordsTheEntriesThatAreFoldersInTheEnd()
    {
        LayerInventory layer = Read((new LayerEntry("a", LayerEntryKind.Folder), ""), (new LayerEntry("b", LayerEntryKind.Folder), ""), File("b", ""), File("c/d", ""));

        Assert.Equal(PathSet.Of(["a"]).Hashes, layer.Folders.Hashes);
    }

    [Fact]
    public void RecordsTheFilesInWhichReadingFoundNothing()
    {
        LayerInventory layer = Read(
            FileX, File("a/node_modules/b/package.json", "{}"), File("app/index.js", ""),
            File("c/node_modules/d/package.json", "{}"), (new LayerEntry("c/node_modules/d/package.json", LayerEntryKind.Folder), ""),
            File("e/node_modules/f/package.json", "{}"), (new LayerEntry("e/node_modules/f/package.json", LayerEntryKind.SymbolicLink, LinkTarget: "/g"), ""));

        Assert.Equal(PathSet.Of(["a/node_modules/b/package.json"]).Hashes, layer.ReadWithoutFindings.Hashes);
    }

    [Fact]
    public void SaysThatANameIsNoTextOnlyWhereItIsLookedAt()
    {
        LayerInventory layer = Read(
            File("opt/caf\uFFFD.txt", ""),
            (new LayerEntry("opt/same", LayerEntryKind.SymbolicLink, LinkTarget: "caf\uFFFD.txt"), ""),
            (new LayerEntry("opt/caf\uFFFD", LayerEntryKind.Folder), ""),
            File("opt/caf\uFFFD/node_modules/x/package.json", """{"name":"x","version":"1"}"""),
            (new LayerEntry("srv/folder", LayerEntryKind.SymbolicLink, LinkTarget: "/opt/caf\uFFFD"), ""));

        Assert.Equal(["opt/caf\uFFFD/node_modules/x/package.json", "srv/folder"], layer.Warnings.Select(warning => warning.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void KeepsWhatLiesBelowAFolderThatIsNamedAgain() => Assert.Single(Read(FileX, (new LayerEntry("app", LayerEntryKind.Folder), "")).Files);

    [Fact]
    public void KeepsWhatStandsInALayerBesideItsWhiteout()
    {
        LayerInventory layer = Read(
            FileX,
            (new LayerEntry(X, LayerEntryKind.Whiteout), ""),
            (new LayerEntry("app", LayerEntryKind.OpaqueFolder), ""),
            (new LayerEntry("", LayerEntryKind.OpaqueFolder), ""));

        Assert.Single(layer.Files);
        Assert.Equal([X], layer.Whiteouts);
        Assert.Equal(["", "app"], layer.OpaqueFolders);
        Assert.Equal(1, layer.NonFolders.Count);
    }

    [Fact]
    public void KeepsAnEmptyDatabaseButNotAFileWithoutFindings()
    {
        LayerInventory layer = Read(File(Status, ""), File(X, "{}"));

        Assert.Equal([Status], layer.Files.Select(file => file.Path));
        Assert.True(layer.NonFolders.Contains(X));
    }

    [Fact]
    public void KeepsOnlyTheOwnedFilesThatADetectorWouldRead()
    {
        LayerInventory layer = Read(File("var/lib/dpkg/info/a.list", "/usr/share/doc/a/README\n/usr/lib/python3/dist-packages/a.egg-info/PKG-INFO\n"));

        Assert.Equal(["usr/lib/python3/dist-packages/a.egg-info/PKG-INFO"], Assert.Single(layer.Files).Owned.SelectMany(owned => owned.Paths));
    }

    [Fact]
    public void TakesTheSumOfASmallFileThatNamesALanguagePackage()
    {
        string large = $"{{\"name\":\"y\",\"version\":\"1\",\"x\":\"{new string('x', 1 << 20)}\"}}";

        LayerInventory layer = Read(FileX, File("app/node_modules/y/package.json", large), File(Status, "Package: a\nVersion: 1\n"));

        Assert.Equal(
            [(X, "45a623bb8436deb54d57728062b26e28"), ("app/node_modules/y/package.json", null), (Status, null)],
            layer.Files.Select(file => (file.Path, file.Md5)));
    }

    [Fact]
    public void KeepsTheSumsOfFilesOnlyThatAreCompared()
    {
        string sums = string.Concat(new[] { "usr/bin/node", "usr/share/x", X }.Select(path => $"d41d8cd98f00b204e9800998ecf8427e  {path}\n"));

        LayerInventory layer = Read(File("var/lib/dpkg/info/a.md5sums", sums));

        Assert.Equal([X], Assert.Single(layer.Files).Owned.SelectMany(owned => owned.Sums).Select(sum => sum.Path));
    }

    [Fact]
    public void CountsALanguagePackageThatIsNotAsItsOwnerPackagedIt()
    {
        LayerInventory Layer(string sum) => Read(
            FileX,
            File(Status, "Package: a\nVersion: 1\n"),
            File("var/lib/dpkg/info/a.list", $"/{X}\n"),
            File("var/lib/dpkg/info/a.md5sums", $"{sum}  {X}\n"));

        Assert.Equal(["a"], Names(Layer("45a623bb8436deb54d57728062b26e28")));
        Assert.Equal(["a", "x"], Names(Layer("d41d8cd98f00b204e9800998ecf8427e")));

        static IEnumerable<string> Names(LayerInventory layer) =>
            LayerMerge.Of([layer], TestContext.Current.CancellationToken).Packages.Select(installed => installed.Package.Name);
    }

    [Theory]
    [InlineData("lib/libz.so.1", "libz.so.1.3", false)]
    [InlineData("lib/x", "../libs/y", true)]
    [InlineData("lib/x", "chain", true)]
    [InlineData("lib/x", "/elsewhere", true)]
    public void KeepsLinksUnlessTheyNameAFileOfTheLayer(string path, string target, bool kept)
    {
        LayerInventory layer = Read(File("lib/libz.so.1.3", ""), Link("lib/chain", "/opt"), Link(path, target));

        Assert.Equal(kept, layer.Links.Any(link => link.Path == path));
    }

    [Theory]
    [InlineData("etc/os-release", "../usr/lib/os-release", "etc/os-release")]
    [InlineData(X, "real.json", X)]
    [InlineData("lib", "usr/lib", "lib/apk/db/installed")]
    [InlineData("var/lib/dpkg", "/data", "var/lib/dpkg/status var/lib/dpkg/status.d/")]
    [InlineData("var/lib/dpkg/status.d", "/data", "var/lib/dpkg/status.d/")]
    [InlineData("var/lib/dp", "/data", "")]
    [InlineData("app/node_modules", "/opt/deps", "app/node_modules/")]
    [InlineData("node_modules", "/opt/deps", "node_modules/")]
    [InlineData("app/my_node_modules", "/opt/deps", "")]
    public void SaysWhatDetectorsLookForBehindALink(string path, string target, string wanted)
    {
        LayerInventory layer = Read(File("usr/lib/os-release", "ID=x"), Link(path, target));

        Assert.Equal(wanted, string.Join(' ', layer.Links.Single(link => link.Path == path).Wanted));
    }

    [Fact]
    public void AsksForTheBodyOfAWantedHardLinkOnly()
    {
        var contents = Contents();

        Assert.True(contents.Take(new LayerEntry(X, LayerEntryKind.HardLink, LinkTarget: "store/1"), Stream.Null));
        Assert.False(contents.Take(new LayerEntry("app/x.js", LayerEntryKind.HardLink, LinkTarget: "store/2"), Stream.Null));
    }

    [Fact]
    public void ReadsAHardLinkFromTheBodyThatIsGivenLater()
    {
        var contents = Contents();
        contents.Take(new LayerEntry(X, LayerEntryKind.HardLink, LinkTarget: "store/1"), Stream.Null);

        contents.TakeLinked(FileX.Item1, new MemoryStream(Encoding.UTF8.GetBytes(FileX.Item2)));

        Assert.Equal("x", Assert.Single(Assert.Single(contents.ToInventory().Files).Packages).Name);
    }

    [Fact]
    public void PassesOverTheBodyOfAHardLinkThatWasReplaced()
    {
        var contents = Contents();
        contents.Take(new LayerEntry(X, LayerEntryKind.HardLink, LinkTarget: "store/1"), Stream.Null);
        contents.Take(new LayerEntry("app", LayerEntryKind.Other), Stream.Null);

        contents.TakeLinked(FileX.Item1, new MemoryStream(Encoding.UTF8.GetBytes(FileX.Item2)));

        Assert.Empty(contents.ToInventory().Files);
    }

    [Fact]
    public void LetsTheLaterOfTwoHardLinksOfOnePathCount()
    {
        var contents = Contents();
        contents.Take(new LayerEntry(X, LayerEntryKind.HardLink, LinkTarget: "store/1"), Stream.Null);
        contents.Take(new LayerEntry(X, LayerEntryKind.HardLink, LinkTarget: "store/2"), Stream.Null);

        contents.TakeLinked(FileX.Item1, new MemoryStream(Encoding.UTF8.GetBytes(FileX.Item2)));
        contents.TakeLinked(FileX.Item1, new MemoryStream("""{"name":"x","version":"2"}"""u8.ToArray()));

        Assert.Equal("2", Assert.Single(Assert.Single(contents.ToInventory().Files).Packages).Version);
    }

    [Fact]
    public void SaysThatABodyIsMissingOnlyWhileItMatters()
    {
        var contents = Contents();
        contents.Take(new LayerEntry(X, LayerEntryKind.HardLink, LinkTarget: "store/1"), Stream.Null);
        contents.WarnOfUnreadLink(X, "It is missing.");
        Take(contents, FileX);

        contents.WarnOfUnreadLink(X, "It is still missing.");

        Assert.Equal("It is missing.", Assert.Single(contents.ToInventory().Warnings).Reason);
    }

    [Fact]
    public void PutsAnUnreadHardLinkInThePlaceOfALowerFile()
    {
        var contents = Contents();
        contents.Take(new LayerEntry(X, LayerEntryKind.HardLink, LinkTarget: "store/1"), Stream.Null);

        Assert.Equal(new FileInventory(X, "npm").ToString(), Assert.Single(contents.ToInventory().Files).ToString());
    }

    [Fact]
    public void SaysThatAFileIsOverTheLimitAndDoesNotReadIt()
    {
        var contents = Contents(new LayerLimits { CandidateFileBytes = 10 });

        contents.Take(FileX.Item1, new MemoryStream(Encoding.UTF8.GetBytes(FileX.Item2)));

        LayerInventory layer = contents.ToInventory();
        Assert.Empty(Assert.Single(layer.Files).Packages);
        Assert.Contains("CandidateFileBytes", Assert.Single(layer.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesNoMorePackagesOfALayerThanAllowed()
    {
        var contents = Contents(limits: new InspectionLimits { LayerPackages = 3 });
        foreach (int i in Enumerable.Range(0, 5))
        {
            Take(contents, File($"node_modules/{i}/package.json", """{"name":"x","version":"1"}"""));
        }

        LayerInventory layer = contents.ToInventory();

        Assert.Equal(3, layer.Files.Sum(file => file.Packages.Count));
        Assert.All(layer.Warnings, warning => Assert.Contains("LayerPackages", warning.Reason, StringComparison.Ordinal));
        Assert.Equal(2, layer.Warnings.Count);
    }

    [Fact]
    public void TakesNoMoreLinksOfALayerThanAllowed()
    {
        var contents = Contents(limits: new InspectionLimits { LayerLinks = 2 });
        foreach (int i in Enumerable.Range(0, 5))
        {
            Take(contents, Link($"l{i}", "/x"));
        }

        LayerInventory layer = contents.ToInventory();

        Assert.Equal(2, layer.Links.Count);
        Assert.Contains("LayerLinks", Assert.Single(layer.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysHowManyWarningsWereLeftOut()
    {
        var contents = Contents(limits: new InspectionLimits { LayerWarnings = 3 });
        foreach (int i in Enumerable.Range(0, 10))
        {
            Take(contents, File($"node_modules/{i}/package.json", "{"));
        }

        IReadOnlyList<InventoryWarning> warnings = contents.ToInventory().Warnings;

        Assert.Equal(4, warnings.Count);
        Assert.Contains("7 more", warnings[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesNoMoreWhiteoutsOfALayerThanAllowed()
    {
        var contents = Contents(limits: new InspectionLimits { LayerWhiteouts = 3 });
        foreach (int i in Enumerable.Range(0, 5))
        {
            Take(contents, (new LayerEntry($"w{i % 2}", LayerEntryKind.Whiteout), ""));
            Take(contents, (new LayerEntry($"o{i}", LayerEntryKind.OpaqueFolder), ""));
        }

        LayerInventory layer = contents.ToInventory();

        Assert.Equal(["w0", "w1"], layer.Whiteouts);
        Assert.Equal(["o0"], layer.OpaqueFolders);
        Assert.Contains("LayerWhiteouts", Assert.Single(layer.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LayerEntryKind.Whiteout)]
    [InlineData(LayerEntryKind.OpaqueFolder)]
    [InlineData(LayerEntryKind.SymbolicLink)]
    [InlineData(LayerEntryKind.HardLink)]
    [InlineData(LayerEntryKind.File)]
    public void KeepsNoMoreCharactersOfPathsThanAllowed(LayerEntryKind kind)
    {
        const string Json = """{"name":"x","version":"1"}""";
        var contents = Contents(limits: new InspectionLimits { LayerPathCharacters = 400 });
        foreach (int i in Enumerable.Range(0, 20))
        {
            Take(contents, (new LayerEntry($"some-folder/{i}/node_modules/x/package.json", kind, Json.Length, LinkTarget: "/elsewhere"), Json));
        }

        LayerInventory layer = contents.ToInventory();

        int kept = layer.Files.Count + layer.Links.Count + layer.Whiteouts.Count + layer.OpaqueFolders.Count;
        Assert.InRange(kept, 3, 9);
        Assert.Equal(kind is LayerEntryKind.Whiteout or LayerEntryKind.OpaqueFolder ? 0 : 20, layer.NonFolders.Count);
        Assert.Contains("LayerPathCharacters", Assert.Single(layer.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void CountsTheTargetsOfLinksAmongTheCharacters()
    {
        var contents = Contents(limits: new InspectionLimits { LayerPathCharacters = 400 });

        Take(contents, Link("a", "/" + new string('x', 300)));
        Take(contents, Link("b", "/" + new string('x', 300)));

        Assert.Equal("a", Assert.Single(contents.ToInventory().Links).Path);
    }

    [Fact]
    public void CountsOwnedFilesAmongTheCharacters()
    {
        var contents = Contents(limits: new InspectionLimits { LayerPathCharacters = 400 });

        Take(contents, File("var/lib/dpkg/info/a.list", string.Concat(Enumerable.Range(0, 20).Select(i => $"/usr/lib/python3/dist-packages/{i}.egg-info\n"))));

        LayerInventory layer = contents.ToInventory();
        Assert.InRange(Assert.Single(layer.Files).Owned.Sum(owned => owned.Paths.Count), 3, 9);
        Assert.Contains("LayerPathCharacters", Assert.Single(layer.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesNoMoreCharactersOfPackagesThanAllowed()
    {
        var contents = Contents(limits: new InspectionLimits { LayerPackageCharacters = 2500 });

        Take(contents, File(Status, string.Concat(Enumerable.Range(0, 5).Select(i => $"Package: {new string('a', 1000)}{i}\nVersion: 1\n\n"))));

        LayerInventory layer = contents.ToInventory();
        Assert.Equal(2, Assert.Single(layer.Files).Packages.Count);
        Assert.Contains("LayerPackageCharacters", Assert.Single(layer.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesOutAnArchitectureThatIsNone()
    {
        LayerInventory layer = Read(File(Status, $"Package: a\nVersion: 1\nArchitecture: {new string('a', 5000)}\n"));

        Assert.Null(Assert.Single(Assert.Single(layer.Files).Packages).Architecture);
    }

    [Theory]
    [InlineData("opt/node_modules", "/srv/nm", "opt/node_modules/")]
    [InlineData("node_modules", "nm", "node_modules/")]
    [InlineData("opt/modules", "/srv/nm", null)]
    public void WantsWhatLiesBehindALinkOfAFoldersName(string path, string target, string? wanted) =>
        Assert.Equal(wanted is null ? [] : [wanted], Read(Link(path, target)).Links.SelectMany(link => link.Wanted));

    [Fact]
    public void AsksTheNextDetectorWhenOneDoesNotOpenAFile()
    {
        LayerContents contents = Contents(detectors: [new Skimmer(opens: false), .. PackageDetectors.All]);

        Take(contents, FileX);

        Assert.Equal("npm", Assert.Single(contents.ToInventory().Files).Detector);
    }

    [Fact]
    public void LosesNoMoreThanAFileToADetectorThatThrows()
    {
        LayerContents contents = Contents(detectors: [new Skimmer(fault: new InvalidOperationException()), .. PackageDetectors.All]);

        Take(contents, FileX);

        LayerInventory layer = contents.ToInventory();
        Assert.Equal("x", Assert.Single(Assert.Single(layer.Files).Packages).Name);
        Assert.Contains("skimmer detector", Assert.Single(layer.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LetsWhatTheBlobThrowsPass()
    {
        LayerContents contents = Contents(detectors: [new Skimmer(fault: new IOException("broken"))]);

        Assert.Throws<IOException>(() => Take(contents, FileX));
    }

    [Fact]
    public void TakesNoMoreOfASkimmedFileThroughItsLinksThanAllowed()
    {
        LayerContents contents = Contents(limits: new InspectionLimits { LayerPackages = 3 }, detectors: [new Skimmer()]);
        Take(contents, FileX);
        foreach (int i in Enumerable.Range(0, 100))
        {
            contents.Take(new LayerEntry($"{i}", LayerEntryKind.HardLink, LinkTarget: X), Stream.Null);
        }

        LayerInventory layer = contents.ToInventory();

        Assert.Equal(3, layer.Files.Sum(file => file.Packages.Count));
        Assert.Contains(layer.Warnings, warning => warning.Reason.Contains("LayerPackages", StringComparison.Ordinal));
    }

    [Fact]
    public void TakesTheSizesOfSkimmedFilesOffNoBudget()
    {
        LayerContents contents = Contents(new LayerLimits { CandidateFileBytes = 1, CandidateLayerBytes = 1 }, detectors: [new Skimmer()]);

        Take(contents, FileX);

        Assert.Empty(contents.ToInventory().Warnings);
        Assert.Single(contents.ToInventory().Files);
    }

    [Fact]
    public void TakesAHardLinkToASkimmedFileForThatFile()
    {
        LayerContents contents = Contents(detectors: [new Skimmer()]);
        Take(contents, FileX);

        Assert.False(contents.Take(new LayerEntry("b", LayerEntryKind.HardLink, LinkTarget: X), Stream.Null));
        Assert.False(contents.Take(new LayerEntry("c", LayerEntryKind.HardLink, LinkTarget: "b"), Stream.Null));

        LayerInventory layer = contents.ToInventory();
        Assert.Equal([X, "b", "c"], layer.Files.Select(file => file.Packages[0].Path));
        Assert.All(layer.Files, file => Assert.Equal(["libc.so.6"], file.NeededLibraries));
        Assert.Empty(layer.Warnings);
    }

    [Fact]
    public void AsksForTheBodyOfAHardLinkWhoseTargetWasNotGivenToTheSkimmer()
    {
        LayerContents contents = Contents(detectors: [new Skimmer(wantsBelow: "app/")]);
        Take(contents, File("var/cache/x", "x"));

        Assert.True(contents.Take(new LayerEntry("app/a", LayerEntryKind.HardLink, LinkTarget: "var/cache/x"), Stream.Null));
        Assert.True(contents.Take(new LayerEntry("app/b", LayerEntryKind.HardLink, LinkTarget: "app/a"), Stream.Null));
        contents.TakeLinked(File("app/a", "x").Item1, Stream.Null);
        contents.TakeLinked(File("app/b", "x").Item1, Stream.Null);

        Assert.Equal(["app/a", "app/b"], contents.ToInventory().Files.SelectMany(file => file.Packages).Select(package => package.Path));
    }

    [Fact]
    public void AsksForTheBodyOfAHardLinkWhoseTargetWasReplacedByAnother()
    {
        LayerContents contents = Contents(detectors: [new Skimmer(wantsBelow: "app/")]);
        Take(contents, File("app/x", "x"));
        contents.Take(new LayerEntry("app/x", LayerEntryKind.Other), Stream.Null);

        Assert.True(contents.Take(new LayerEntry("app/a", LayerEntryKind.HardLink, LinkTarget: "app/x"), Stream.Null));
    }

    [Fact]
    public void AsksForNoBodyOfAHardLinkToAProgramInWhichNothingWasFound()
    {
        LayerContents contents = Contents();
        Take(contents, Program("usr/bin/git"));

        Assert.False(contents.Take(ProgramLink("usr/libexec/git-core/git-add", "usr/bin/git"), Stream.Null));
        Assert.False(contents.Take(ProgramLink("usr/libexec/git-core/git", "usr/bin/git"), Stream.Null));
        Assert.False(contents.Take(ProgramLink("usr/libexec/git-core/git-rm", "usr/libexec/git-core/git-add"), Stream.Null));
    }

    [Fact]
    public void AsksForTheBodyOfAHardLinkThatHasTheNameOfAKnownProgram()
    {
        LayerContents contents = Contents();
        Take(contents, Program("usr/bin/python3"));
        Take(contents, Program("bin/["));

        Assert.True(contents.Take(ProgramLink("usr/bin/python3.11", "usr/bin/python3"), Stream.Null));
        Assert.False(contents.Take(ProgramLink("bin/busybox", "bin/["), Stream.Null));
    }

    [Fact]
    public void AsksForNoBodyOfAHardLinkToASymbolicLink()
    {
        LayerContents contents = Contents();
        Take(contents, Link("usr/lib/liba.so", "liba.so.1"));

        Assert.False(contents.Take(ProgramLink("usr/lib/libb.so", "usr/lib/liba.so"), Stream.Null));
    }

    private static (LayerEntry, string) Program(string path)
    {
        (LayerEntry entry, string text) = File(path, new string('x', 100));
        return (entry with { IsExecutable = true }, text);
    }

    private static LayerEntry ProgramLink(string path, string target) => new(path, LayerEntryKind.HardLink, 0, target, IsExecutable: true);

    private static LayerContents Contents(
        LayerLimits? layerLimits = null, InspectionLimits? limits = null, IReadOnlyList<IPackageDetector>? detectors = null) =>
        new(
            detectors ?? PackageDetectors.All,
            new CandidateBudget(layerLimits ?? new LayerLimits()),
            limits ?? new InspectionLimits(),
            recorder: null,
            TestContext.Current.CancellationToken);

    private static LayerInventory Read(params (LayerEntry, string)[] entries)
    {
        LayerContents contents = Contents();
        Array.ForEach(entries, entry => Take(contents, entry));
        return contents.ToInventory();
    }

    private static void Take(LayerContents contents, (LayerEntry Entry, string Text) item) =>
        contents.Take(item.Entry, new MemoryStream(Encoding.UTF8.GetBytes(item.Text)));

    private static (LayerEntry, string) File(string path, string text) => (new LayerEntry(path, LayerEntryKind.File, Encoding.UTF8.GetByteCount(text)), text);

    private static (LayerEntry, string) Link(string path, string target) => (new LayerEntry(path, LayerEntryKind.SymbolicLink, LinkTarget: target), "");

    private sealed class Skimmer(bool opens = true, Exception? fault = null, string wantsBelow = "") : IPackageDetector
    {
        public string Name => "skimmer";

        public int Version => 1;

        public IReadOnlyList<string> FixedPaths => [];

        public bool Skims => true;

        public bool Wants(string path) => path.StartsWith(wantsBelow, StringComparison.Ordinal);

        public bool Opens(LayerEntry entry) => opens;

        public void Read(LayerEntry entry, Stream content, FileFindings findings)
        {
            findings.Add(new Package { Type = PackageType.Binary, Name = "x", Version = "1", Path = entry.Path });
            findings.Needs(["libc.so.6"]);
            if (fault is not null)
            {
                throw fault;
            }
        }
    }
}
