using ImageScan.Core.Detectors;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Tests.Layers;

namespace ImageScan.Core.Tests.Detectors;

/// <summary>What is found where several files together say what is installed.</summary>
public sealed class InstalledLayoutsTests
{
    private const string Metadata = "Name: x\nVersion: 1\n";
    private const string Manifest = """{"name":"x","version":"1"}""";

    [Fact]
    public async Task LeavesAPythonPackageOfDistrolessToItsDebianPackage()
    {
        TarBuilder layer = new TarBuilder()
            .File("var/lib/dpkg/status.d/python3-x", "Package: python3-x\nVersion: 1-2\n")
            .File("var/lib/dpkg/status.d/python3-x.md5sums", "cb27ebca01e90f42fdead0ebd80a1001  usr/lib/python3/dist-packages/x-1.egg-info/PKG-INFO\n")
            .File("usr/lib/python3/dist-packages/x-1.egg-info/PKG-INFO", Metadata)
            .File("app/x-1.dist-info/METADATA", Metadata);

        Assert.Equal(["dpkg python3-x 1-2", "python x 1"], await InstalledAsync(layer));
    }

    [Fact]
    public async Task LeavesTheLanguagePackagesOfWolfiToItsPackages()
    {
        TarBuilder layer = new TarBuilder()
            .File("etc/os-release", "ID=wolfi\nVERSION_ID=\"20230201\"\n")
            .File(
                "usr/lib/apk/db/installed",
                "P:py3-x\nV:1-r0\nF:usr/lib/python3.12/site-packages/x-1.dist-info\nR:METADATA\n\n"
                + "P:npm\nV:10-r0\nF:usr/lib/node_modules/x\nR:package.json\n")
            .File("usr/lib/python3.12/site-packages/x-1.dist-info/METADATA", Metadata)
            .File("usr/lib/node_modules/x/package.json", Manifest)
            .File("usr/lib/node_modules/y/package.json", """{"name":"y","version":"2"}""");

        Assert.Equal(["apk npm 10-r0", "apk py3-x 1-r0", "npm y 2"], await InstalledAsync(layer));
    }

    [Theory]
    [InlineData("lib/node_modules/x/package.json", "usr/lib/node_modules/x/package.json")]
    [InlineData("usr/lib/node_modules/x/package.json", "lib/node_modules/x/package.json")]
    public async Task KnowsAnOwnedFileOnEitherSideOfALinkedFolder(string listed, string installed)
    {
        TarBuilder below = new TarBuilder().SymbolicLink("lib", "usr/lib");
        TarBuilder above = new TarBuilder()
            .File("var/lib/dpkg/status", "Package: node-x\nVersion: 1\nStatus: install ok installed\n")
            .File("var/lib/dpkg/info/node-x.list", $"/.\n/{listed}\n")
            .File(installed, Manifest);

        Assert.Equal(["dpkg node-x 1"], await InstalledAsync(below, above));
    }

    [Fact]
    public async Task KnowsAnOwnedFileThatDpkgHasDiverted()
    {
        TarBuilder layer = new TarBuilder()
            .File("var/lib/dpkg/status", "Package: node-x\nVersion: 1\nStatus: install ok installed\n")
            .File("var/lib/dpkg/info/node-x.list", "/usr/share/nodejs/x/package.json\n")
            .File("var/lib/dpkg/diversions", "/usr/share/nodejs/x/package.json\n/usr/share/node_modules/x/package.json\nother\n")
            .File("usr/share/node_modules/x/package.json", Manifest);

        Assert.Equal(["dpkg node-x 1"], await InstalledAsync(layer));
    }

    [Fact]
    public async Task CountsAPackageOfPnpmOnceThoughItIsLinkedFromEverywhere()
    {
        TarBuilder layer = new TarBuilder()
            .File("root/.local/share/pnpm/store/v10/files/00/abc", Manifest)
            .HardLink("app/node_modules/.pnpm/x@1/node_modules/x/package.json", "root/.local/share/pnpm/store/v10/files/00/abc")
            .SymbolicLink("app/node_modules/x", ".pnpm/x@1/node_modules/x")
            .SymbolicLink("app/node_modules/.pnpm/node_modules/x", "../x@1/node_modules/x");

        ImageInventory image = await ReadAsync(layer);

        Assert.Equal("app/node_modules/.pnpm/x@1/node_modules/x/package.json", Assert.Single(image.Packages).Package.Path);
        Assert.Empty(image.Warnings);
    }

    [Fact]
    public async Task ReadsAReleaseFileByWayOfTheLinksToIt()
    {
        TarBuilder layer = new TarBuilder()
            .File("usr/lib/fedora-release", "Fedora release 40 (Forty)\n")
            .SymbolicLink("etc/fedora-release", "../usr/lib/fedora-release")
            .SymbolicLink("etc/redhat-release", "fedora-release")
            .SymbolicLink("etc/system-release", "fedora-release");

        ImageInventory image = await ReadAsync(layer);

        Assert.Equal(("fedora", "40"), (image.Distribution?.Id, image.Distribution?.VersionId));
        Assert.DoesNotContain(image.Warnings, warning => warning.Reason.Contains("link", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GivesADebianPackageTheLicenceOfItsCopyrightFile()
    {
        TarBuilder layer = new TarBuilder()
            .File("var/lib/dpkg/status", "Package: zlib1g\nVersion: 1\nStatus: install ok installed\n")
            .File("usr/share/doc/zlib1g/copyright", "Format: x\n\nFiles: *\nLicense: Zlib\n");

        Assert.Equal("Zlib", Assert.Single((await ReadAsync(layer)).Packages).Package.License);
    }

    private static async Task<string[]> InstalledAsync(params TarBuilder[] layers) =>
        [.. (await ReadAsync(layers)).Packages.Select(installed => $"{installed.Package.Type} {installed.Package.Name} {installed.Package.Version}")];

    private static async Task<ImageInventory> ReadAsync(params TarBuilder[] layers)
    {
        var inspection = new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits());
        var read = new List<LayerInventory>();
        foreach (byte[] layer in layers.Select(layer => layer.End().ToArray()))
        {
            read.Add(await inspection.ReadAsync(
                _ => Task.FromResult<Stream>(new MemoryStream(layer)), "application/vnd.oci.image.layer.v1.tar", TestContext.Current.CancellationToken));
        }

        return LayerMerge.Of(read, TestContext.Current.CancellationToken);
    }
}
