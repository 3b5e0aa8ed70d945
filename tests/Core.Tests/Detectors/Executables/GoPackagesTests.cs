using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables.Go;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class GoPackagesTests
{
    [Theory]
    [InlineData("go1.21.3", "1.21.3")]
    [InlineData("go1.19", "1.19")]
    [InlineData("go1.22rc1", "1.22rc1")]
    [InlineData("go1.22.1 X:boringcrypto", "1.22.1")]
    [InlineData("go1.20.12 (Red Hat 1.20.12-1.el9_3)", "1.20.12")]
    [InlineData("go1.21.5-1", "1.21.5")]
    [InlineData("devel go1.22-4d3fa1 Thu Aug 3", "devel go1.22-4d3fa1 Thu Aug 3")]
    public void ListsTheStandardLibraryInTheVersionOfGo(string goVersion, string version) =>
        Assert.Equal([$"stdlib {version}"], Read(goVersion, ""));

    [Fact]
    public void ListsWhatReplacedADependencyInItsPlace() =>
        Assert.Equal(
            ["a v1.0.0", "other/b v9.0.0", "c v3.0.0"],
            Read(null, "dep\ta\tv1.0.0\th1:x=\ndep\tb\tv2.0.0\n=>\tother/b\tv9.0.0\th1:y=\ndep\tc\tv3.0.0\th1:z=\n"));

    [Theory]
    [InlineData("./local")]
    [InlineData("../local")]
    [InlineData("/src/local")]
    [InlineData(@"C:\src\local")]
    public void ListsWhatAFolderReplacedWithoutAVersion(string folder) =>
        Assert.Equal(["b (devel)"], Read(null, $"dep\tb\tv2.0.0\n=>\t{folder}\t(devel)\t\n"));

    [Fact]
    public void PassesOverDependenciesWithoutAName() =>
        Assert.Equal(["a v1.0.0"], Read(null, "dep\t\t(devel)\t\ndep\ta\tv1.0.0\n"));

    [Theory]
    [InlineData("mod\tx\tv1.2.3\th1:a=\n", "v1.2.3")]
    [InlineData("mod\tx\tv1.2.3+dirty\t\n", "v1.2.3+dirty")]
    [InlineData("mod\tx\t(devel)\t\n", "(devel)")]
    [InlineData("mod\tx\t\t\n", "(devel)")]
    [InlineData("mod\tx\n", "(devel)")]
    [InlineData("mod\tx\t(devel)\t\nbuild\t-ldflags=\"-s -X main.version=v4.5.6\"\n", "v4.5.6")]
    [InlineData("mod\tx\t(devel)\t\nbuild\t-ldflags=-Xmain.version=v4.5.6\n", "(devel)")]
    [InlineData("mod\tx\tv1.2.3\t\nbuild\t-ldflags=\"-X main.version=v4.5.6\"\n", "v1.2.3")]
    public void TakesTheMainModulesVersionOrWhatItsLinkerWasTold(string lines, string version) => Assert.Equal([$"x {version}"], Read(null, lines));

    [Fact]
    public void TakesNoVersionThatWasMadeUpFromACheckoutWithoutTags()
    {
        const string MadeUp = "v0.0.0-20240102030405-abcdefabcdef";

        Assert.Equal(["x (devel)"], Read(null, $"mod\tx\t{MadeUp}\t\n"));
        Assert.Equal(["x v4.5.6"], Read(null, $"mod\tx\t{MadeUp}+dirty\t\nbuild\t-ldflags=`-X \"main.version=v4.5.6\"`\n"));
        Assert.Equal([$"x {MadeUp}"], Read(null, $"mod\tx\t{MadeUp}\th1:a=\n"));
    }

    [Fact]
    public void ListsTheToolchainWithTheGoCommandAlone()
    {
        Assert.Equal(["stdlib 1.21.3", "toolchain 1.21.3"], Read("go1.21.3", "path\tcmd/go\n"));
        Assert.Equal(["stdlib 1.21.3"], Read("go1.21.3", "path\tcmd/gofmt\n"));
    }

    [Fact]
    public void SaysThatTheVersionOfGoIsNotKnown()
    {
        var findings = new FileFindings("x");

        GoPackages.Read(new GoBuildInfo(null, "mod\tx\tv1.0.0\n"), "x", findings);

        Assert.Single(findings.Warnings);
    }

    private static string[] Read(string? goVersion, string modules)
    {
        var findings = new FileFindings("usr/bin/x");
        GoPackages.Read(new GoBuildInfo(goVersion, modules), "usr/bin/x", findings);
        Assert.All(findings.Packages, package => Assert.Equal((PackageType.Go, "usr/bin/x"), (package.Type, package.Path)));
        return [.. findings.Packages.Select(package => $"{package.Name} {package.Version}")];
    }
}
