using System.Net;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Installed;

/// <summary>The inventory of really installed packages: all that is there, and nothing that was removed, replaced, owned or a test's fixture.</summary>
[Collection(StateServers.Name)]
public sealed class InstalledImageTests(InstalledImage image, SharedAzurite azurite) : IClassFixture<InstalledImage>
{
    [Fact]
    public void ListsPackagesOfNpm() => Assert.Equal(image.ExpectedOf<NpmPart>(), image.FoundOf("npm"));

    [Fact]
    public void ListsWheels() => Assert.Equal(image.ExpectedOf<PythonPart>(), image.FoundOf("python"));

    [Fact]
    public void ListsGems() => Assert.Equal(image.ExpectedOf<RubyPart>(), image.FoundOf("gem"));

    [Fact]
    public void ListsJavaArchives() => Assert.Equal(image.ExpectedOf<JavaPart>(), image.FoundOf("maven"));

    [Fact]
    public void ListsPackagesOfNuGet() => Assert.Equal(image.ExpectedOf<DotNetPart>(), image.FoundOf("nuget"));

    [Fact]
    public void ListsModulesOfGo() => Assert.Equal(image.ExpectedOf<GoPart>(), image.FoundOf("go"));

    [Fact]
    public void ListsCratesOfRust() => Assert.Equal(image.ExpectedOf<RustPart>(), image.FoundOf("cargo"));

    [Fact]
    public async Task ListsPackagesOfDpkg()
    {
        string[] expected = image.ExpectedOf<DebianPart>();

        string[] states = await DebianPart.StatesAsync(image.Root);
        Assert.Contains("python3-yaml: hold ok installed", states);
        Assert.Contains("libcommons-lang3-java: install ok unpacked", states);
        Assert.Contains("netbase: deinstall ok config-files", states);
        Assert.Equal(expected, image.FoundOf("dpkg"));
    }

    [Fact]
    public void CountsTheProgramsOfAPackageToIt()
    {
        image.ExpectedOf<DebianPart>();

        JsonElement busybox = Assert.Single(image.Packages, package => package.GetProperty("name").GetString() == "busybox");
        Assert.Equal(("dpkg", 1), (busybox.GetProperty("type").GetString(), busybox.GetProperty("executables").GetInt32()));
    }

    [Fact]
    public void ListsNothingElse()
    {
        Assert.Equal(image.Expected, image.Found);
        Assert.Empty(image.Warnings);
    }

    [Fact]
    public void NamesTheLayerThatBroughtEachPackage() => Assert.All(
        image.Packages,
        package => Assert.Equal(image.LayerOf(package.GetProperty("instruction").GetString()!), package.GetProperty("layer").GetString()));

    [Fact]
    public async Task ScanGivesThesePackages()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer answer = await app.ScanAsync(app.Registry.Push("made/installed", "1", image.Made));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("debian:12", answer.SystemName);
        Assert.Equal(
            image.ExpectedComponents,
            answer.Json.GetProperty("scan").GetProperty("components").EnumerateArray().Select(Row).Order(StringComparer.Ordinal));
    }

    private static string Row(JsonElement component) =>
        $"{component.GetProperty("source")} {component.GetProperty("name")} {component.GetProperty("version")} of layer {component.GetProperty("layerIndex")}";
}
