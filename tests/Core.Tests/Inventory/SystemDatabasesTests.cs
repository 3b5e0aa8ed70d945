using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Inventory.MadeLayers;

namespace ImageScan.Core.Tests.Inventory;

public sealed class SystemDatabasesTests
{
    private const string RpmPackages = "var/lib/rpm/Packages";
    private const string RpmSqlite = "var/lib/rpm/rpmdb.sqlite";

    [Theory]
    [InlineData("debian", "dpkg")]
    [InlineData("ubuntu", "dpkg")]
    [InlineData("kali", "dpkg")]
    [InlineData("alpine", "apk")]
    [InlineData("wolfi", "apk")]
    [InlineData("chainguard", "apk")]
    [InlineData("rhel", "rpm")]
    [InlineData("amzn", "rpm")]
    [InlineData("opensuse-leap", "rpm")]
    [InlineData("azurelinux", "rpm")]
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
    public void TakesTheListOfDistrolessAzureLinuxForADatabase() =>
        Assert.Empty(Warnings(Layer(System("mariner"), Rpm("var/lib/rpmmanifest/container-manifest-2", "a=1"))));

    [Fact]
    public void SaysThatTwoRpmDatabasesDiffer()
    {
        InventoryWarning warning = Assert.Single(Warnings(Layer(System("fedora"), Rpm(RpmPackages, "a=1"), Rpm(RpmSqlite, "a=2"))));

        Assert.Contains($"({RpmPackages}, {RpmSqlite})", warning.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void IsSilentWhereTwoRpmDatabasesSayTheSame() =>
        Assert.Empty(Warnings(Layer(System("fedora"), Rpm(RpmPackages, "a=1", "b=1"), Rpm(RpmSqlite, "b=1", "a=1"), Rpm("usr/share/rpm/rpmdb.sqlite"))));

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
        Assert.Empty(Warnings(Layer(System("nixos"))));
        Assert.Empty(Warnings(Layer(Npm("app/node_modules/x", "x=1"))));
    }

    private static FileInventory Rpm(string path, params string[] packages) => Database(path, PackageType.Rpm, packages);

    private static FileInventory System(string id) => Names("etc/os-release", DistributionEvidence.OsRelease, id, "1.2");

    private static IReadOnlyList<InventoryWarning> Warnings(params LayerInventory[] layers) =>
        LayerMerge.Of(layers, TestContext.Current.CancellationToken).Warnings;
}
