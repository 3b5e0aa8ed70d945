using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Rpm;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Tests.Layers;

namespace ImageScan.Core.Tests.Detectors.Rpm;

/// <summary>Whole layers around the databases of <c>TestData</c>.</summary>
public sealed class RpmLayersTests
{
    private const string NpmOfRpm = "usr/lib/node_modules/npm/package.json";
    private const string OfOthers = "opt/acme/node_modules/left-pad/package.json";
    private const string OfNobody = "app/node_modules/debug/package.json";
    private const string PythonOfRpm = "usr/lib/python3.6/site-packages/requests-2.20.0-py3.6.egg-info/PKG-INFO";

    private static readonly byte[] Database = RpmFiles.Bytes("rpmdb.sqlite");

    [Fact]
    public async Task LeavesLanguagePackagesToTheDistributionsRpmsAndTakesThoseOfOthers()
    {
        ImageInventory image = await ReadAsync(Root()
            .File("var/lib/rpm/rpmdb.sqlite", Database)
            .File(NpmOfRpm, Manifest("npm"))
            .File(OfOthers, Manifest("left-pad"))
            .File(OfNobody, Manifest("debug"))
            .File(PythonOfRpm, "Name: requests\nVersion: 2.20.0\n\n"));

        Assert.Equal(["debug", "left-pad"], image.Packages.Where(p => p.Package.Type.IsLanguage).Select(p => p.Package.Name));
        Assert.Equal(6, image.Packages.Count(p => p.Package.Type == PackageType.Rpm));
        Assert.Empty(image.Warnings);
    }

    [Theory]
    [InlineData("var/lib/rpm", "../../usr/lib/sysimage/rpm", "usr/lib/sysimage/rpm")]
    [InlineData("usr/lib/sysimage/rpm", "../../../var/lib/rpm", "var/lib/rpm")]
    [InlineData("usr/lib/sysimage/rpm", "../../share/rpm", "usr/share/rpm")]
    public async Task ReadsADatabaseOnceWhereOnePlaceIsALinkToAnother(string link, string target, string place)
    {
        ImageInventory image = await ReadAsync(Root().SymbolicLink(link, target).File($"{place}/rpmdb.sqlite", Database));

        Assert.Equal(6, image.Packages.Count);
        Assert.All(image.Packages, installed => Assert.Equal($"{place}/rpmdb.sqlite", installed.Package.Path));
        Assert.Empty(image.Warnings);
    }

    [Fact]
    public async Task ListsPackagesOnceWhereTwoPlacesHoldTheSame()
    {
        ImageInventory image = await ReadAsync(Root()
            .File("var/lib/rpm/Packages", RpmFiles.Bytes("berkeley.db"))
            .File("usr/lib/sysimage/rpm/rpmdb.sqlite", Database));

        Assert.Equal(6, image.Packages.Count);
        Assert.Empty(image.Warnings);
    }

    [Fact]
    public async Task ReplacesTheDatabaseAndKeepsTheLayerThatBroughtAPackage()
    {
        byte[] kept = MadeHeader.Of("filesystem", "3.8", "2.el8").Text(RpmTag.Arch, "x86_64").ToBytes();
        byte[] later = MadeDatabases.Sqlite([kept, MadeHeader.Of("new").ToBytes()]);

        ImageInventory image = await ReadAsync(
            Root().File("var/lib/rpm/rpmdb.sqlite", Database),
            new TarBuilder().File("var/lib/rpm/rpmdb.sqlite", later));

        Assert.Equal([("filesystem", 0), ("new", 1)], image.Packages.Select(installed => (installed.Package.Name, installed.Layer)));
    }

    [Fact]
    public async Task KeepsTheRepositoriesOfEachLayer()
    {
        ImageInventory image = await ReadAsync(
            Root().File("root/buildinfo/content_manifests/base.json", """{"content_sets":["base","common"]}"""),
            new TarBuilder().File("root/buildinfo/content_manifests/app.json", """{"content_sets":["app","common"]}"""));

        Assert.Equal(["0: base common", "1: app common"], image.ContentSets.Select(sets => $"{sets.Layer}: {string.Join(' ', sets.Names)}"));
    }

    private static TarBuilder Root() => new TarBuilder().File("etc/os-release", "ID=rhel\nVERSION_ID=8.5\n");

    private static string Manifest(string name) => $$"""{"name":"{{name}}","version":"1.0.0"}""";

    private static async Task<ImageInventory> ReadAsync(params TarBuilder[] archives)
    {
        var inspection = new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits());
        var layers = new List<LayerInventory>();
        foreach (TarBuilder archive in archives)
        {
            byte[] blob = archive.End().ToArray();
            layers.Add(await inspection.ReadAsync(
                _ => Task.FromResult<Stream>(new MemoryStream(blob)), "application/vnd.oci.image.layer.v1.tar", TestContext.Current.CancellationToken));
        }

        return LayerMerge.Of(layers, TestContext.Current.CancellationToken);
    }
}
