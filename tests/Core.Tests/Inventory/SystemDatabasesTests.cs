using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Inventory.MadeLayers;

namespace ImageScan.Core.Tests.Inventory;

public sealed class SystemDatabasesTests
{
    [Theory]
    [InlineData("debian", "dpkg")]
    [InlineData("ubuntu", "dpkg")]
    [InlineData("kali", "dpkg")]
    [InlineData("alpine", "apk")]
    [InlineData("wolfi", "apk")]
    [InlineData("chainguard", "apk")]
    [InlineData("arch", "pacman")]
    public void SaysThatADatabaseIsMissing(string id, string manager) =>
        Assert.Contains($"No {manager} database was found", Assert.Single(Warnings(Layer(System(id)))).Reason, StringComparison.Ordinal);

    [Fact]
    public void SaysThatALaterLayerRemovedIt() =>
        Assert.Contains(
            "No dpkg database",
            Assert.Single(Warnings(Layer(System("debian"), Dpkg("a=1")), Layer().Without("var/lib/dpkg"))).Reason,
            StringComparison.Ordinal);

    [Fact]
    public void TellsAnEmptyDatabaseFromNone()
    {
        InventoryWarning warning = Assert.Single(Warnings(Layer(System("alpine"), Apk(ApkInstalled))));

        Assert.Equal(ApkInstalled, warning.Path);
        Assert.Contains("No installed package was found in the apk database", warning.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void IsSilentWhereTheDatabaseHasPackages()
    {
        Assert.Empty(Warnings(Layer(System("debian"), Dpkg("a=1"))));
        Assert.Empty(Warnings(Layer(System("alpine"), Apk(ApkInstalled), Apk(UsrApkInstalled, "a=1"))));
    }

    [Fact]
    public void TakesTheFilesOfDistrolessForADatabase() =>
        Assert.Empty(Warnings(Layer(System("debian"), Database("var/lib/dpkg/status.d/libc6", PackageType.Dpkg, "libc6=1"))));

    [Fact]
    public void SaysThatChiselNamesNoSources()
    {
        FileInventory chisel = new("var/lib/chisel/manifest.wall", "chisel") { Packages = Dpkg("libc6=1").Packages };

        Assert.Contains("Chisel", Assert.Single(Warnings(Layer(System("ubuntu"), chisel))).Reason, StringComparison.Ordinal);
        Assert.Empty(Warnings(Layer(System("ubuntu"), chisel, Dpkg("libc6=1"))));
        Assert.Contains("No dpkg database", Assert.Single(Warnings(Layer(System("ubuntu"), chisel with { Packages = [] }))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void DoesNotTakeAnotherManagersDatabaseForTheOwn() => Assert.Single(Warnings(Layer(System("debian"), Apk(ApkInstalled, "a=1"))));

    [Fact]
    public void LeavesSystemsWithAnotherPackageManagerToOthers()
    {
        Assert.Empty(Warnings(Layer(System("fedora"))));
        Assert.Empty(Warnings(Layer(Npm("app/node_modules/x", "x=1"))));
    }

    private static FileInventory System(string id) => Names("etc/os-release", DistributionEvidence.OsRelease, id, "1.2");

    private static IReadOnlyList<InventoryWarning> Warnings(params LayerInventory[] layers) =>
        LayerMerge.Of(layers, TestContext.Current.CancellationToken).Warnings;
}
