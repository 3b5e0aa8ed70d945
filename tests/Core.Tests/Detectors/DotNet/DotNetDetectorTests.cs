using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.DotNet;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.DotNet;

public sealed class DotNetDetectorTests
{
    private const string File = "app/web.deps.json";
    private const string Framework = "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.4/Microsoft.NETCore.App.deps.json";

    private readonly DotNetDetector _detector = new();

    [Fact]
    public void ReadsThePackagesOfARealApplication()
    {
        FileFindings found = Detection.ReadTestData(_detector, File, "functions-extensions.deps.json");

        Assert.Equal(
            [
                ("Azure.Core", "1.53.0"),
                ("Newtonsoft.Json", "13.0.1"),
                ("System.ClientModel", "1.10.0"),
            ],
            found.Packages.Select(package => (package.Name, package.Version)));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.NuGet, File), (package.Type, package.Path)));
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("\"runtime\": {\"lib/net8.0/a.dll\": {\"assemblyVersion\": \"1.0.0.0\"}}", true)]
    [InlineData("\"native\": {\"runtimes/linux-x64/native/a.so\": {}}", true)]
    [InlineData("\"runtimeTargets\": {\"runtimes/unix/lib/a.dll\": {\"rid\": \"unix\", \"assetType\": \"runtime\"}}", true)]
    [InlineData("\"runtime\": {}", false)]
    [InlineData("\"runtime\": {\"lib/net8.0/_._\": {}}", false)]
    [InlineData("\"dependencies\": {\"b\": \"1.0.0\"}", false)]
    [InlineData("\"compile\": {\"ref/net8.0/a.dll\": {}}", false)]
    [InlineData("\"resources\": {\"lib/net8.0/de/a.resources.dll\": {\"locale\": \"de\"}}", false)]
    public void CountsAPackageThatBringsSomethingToRun(string assets, bool counts)
    {
        FileFindings found = Detection.Read(_detector, File, Manifest("\"a/1.0.0\": { " + assets + " }", "\"a/1.0.0\": {\"type\": \"package\"}"));

        Assert.Equal(counts, found.Packages.Count == 1);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("package", true)]
    [InlineData("Package", true)]
    [InlineData("runtimepack", true)]
    [InlineData("project", false)]
    [InlineData("reference", false)]
    [InlineData("", false)]
    public void CountsPackagesAndRuntimePacksOnly(string type, bool counts)
    {
        string json = Manifest("""  "a/1.0.0": {"runtime": {"a.dll": {}}}  """, "\"a/1.0.0\": {\"type\": \"" + type + "\"}");

        Assert.Equal(counts, Detection.Read(_detector, File, json).Packages.Count == 1);
    }

    [Fact]
    public void NamesTheRuntimeOfASelfContainedApplicationAsNuGetDoes()
    {
        const string Pack = "\"runtimepack.Microsoft.NETCore.App.Runtime.linux-musl-x64/8.0.4\": ";

        FileFindings found = Detection.Read(_detector, File, Manifest(Pack + """{"runtime": {"System.dll": {}}}""", Pack + """{"type": "runtimepack"}"""));

        Assert.Equal([("Microsoft.NETCore.App.Runtime.linux-musl-x64", "8.0.4")], found.Packages.Select(package => (package.Name, package.Version)));
    }

    [Fact]
    public void LooksAtTheTargetThatTheHostRuns()
    {
        const string Json = """
            {
              "libraries": {"a/1.0.0": {"type": "package"}, "b/1.0.0": {"type": "package"}, "c/1.0.0": {"type": "package"}},
              "targets": {
                ".NETCoreApp,Version=v8.0": {"a/1.0.0": {}, "b/1.0.0": {"runtime": {"b.dll": {}}}},
                ".NETCoreApp,Version=v8.0/linux-x64": {"a/1.0.0": {"runtime": {"a.dll": {}}}, "b/1.0.0": {}}
              },
              "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64", "signature": ""}
            }
            """;

        FileFindings found = Detection.Read(_detector, File, Json);

        // What the target does not speak of is not known to be missing.
        Assert.Equal(["a", "c"], found.Packages.Select(package => package.Name));
    }

    [Fact]
    public void ReadsASharedFrameworkUnderTheNameAndVersionOfAdvisories()
    {
        const string Library = "\"Microsoft.NETCore.App.Runtime.linux-x64/8.0.4-servicing.24169.9\": ";

        FileFindings found = Detection.Read(
            _detector, Framework, Manifest(Library + """{"runtime": {"System.Private.CoreLib.dll": {}}}""", Library + """{"type": "package"}"""));

        Assert.Equal(
            [("Microsoft.NETCore.App.Runtime.linux-x64", "8.0.4", Framework)],
            found.Packages.Select(package => (package.Name, package.Version, package.Path)));
    }

    [Fact]
    public void ReadsASharedFrameworkOfDotNetCore2()
    {
        const string Path = "usr/share/dotnet/shared/Microsoft.NETCore.App/2.2.2/Microsoft.NETCore.App.deps.json";
        const string Assets = """
            "runtime.linux-x64.Microsoft.NETCore.App/2.2.2": {"native": {"libcoreclr.so": {}}},
            "Microsoft.NETCore.App/2.2.2": {"dependencies": {"runtime.linux-x64.Microsoft.NETCore.App": "2.2.2"}},
            "System.Memory/4.5.1": {"runtime": {"lib/System.Memory.dll": {}}}
            """;
        const string Libraries = """
            "runtime.linux-x64.Microsoft.NETCore.App/2.2.2": {"type": "package"},
            "Microsoft.NETCore.App/2.2.2": {"type": "package"},
            "System.Memory/4.5.1": {"type": "package"}
            """;

        FileFindings found = Detection.Read(_detector, Path, Manifest(Assets, Libraries));

        Assert.Equal([("System.Memory", "4.5.1"), ("Microsoft.NETCore.App", "2.2.2")], found.Packages.Select(package => (package.Name, package.Version)));
    }

    [Fact]
    public void ReadsCommentsAndAByteOrderMarkAsTheHostDoes()
    {
        string json = "\uFEFF// made by hand\n" + Manifest("""  "a/1.0.0": {"runtime": {"a.dll": {}}}  """, """  "a/1.0.0": {"type": "package"}  """);

        Assert.Single(Detection.Read(_detector, File, json).Packages);
    }

    [Theory]
    [InlineData("\"/1.0.0\"")]
    [InlineData("\"a/\"")]
    [InlineData("\"a\"")]
    [InlineData("\"runtimepack./1.0\"")]
    [InlineData("\"\\ud800/1.0\"")]
    public void PassesOverALibraryWithoutNameOrVersion(string key)
    {
        FileFindings found = Detection.Read(_detector, File, Manifest("", key + """: {"type": "package"}"""));

        Assert.Empty(found.Packages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"libraries\": {")]
    [InlineData("{\"libraries\": {\"a/1\": {\"type\": \"package\"}}")]
    public void SaysThatAFileIsNoJson(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Contains("no valid JSON", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"runtimeTarget\": 7, \"targets\": [[{}]], \"libraries\": \"x\"}")]
    [InlineData("{\"runtimeTarget\": {\"name\": []}, \"targets\": {\"t\": 1}, \"libraries\": {\"a/1\": [\"package\"]}}")]
    [InlineData("{\"libraries\": {\"a/1\": {\"type\": {\"type\": \"package\"}}}}")]
    public void PassesOverWhatHasAnotherTypeThanTheFormats(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void RefusesAFileThatIsTooLarge()
    {
        string json = "{\"a\": \"" + new string('a', 8 << 20) + "\"}";

        Assert.Contains("was not read", Assert.Single(Detection.Read(_detector, File, json).Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatThereAreMoreLibrariesThanItTakes()
    {
        string libraries = string.Join(',', Enumerable.Range(0, 30_000).Select(i => $"\"p{i}/1\": {{\"type\": \"package\"}}"));

        FileFindings found = Detection.Read(_detector, File, Manifest("", libraries));

        Assert.Equal(20_000, found.Packages.Count);
        Assert.Single(found.Warnings);
    }

    [Theory]
    [InlineData("web.deps.json", true)]
    [InlineData(Framework, true)]
    [InlineData("app/deps.json", false)]
    [InlineData("app/web.runtimeconfig.json", false)]
    public void WantsManifestsAnywhere(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));

    private static string Manifest(string assets, string libraries) =>
        "{\"runtimeTarget\": {\"name\": \".NETCoreApp,Version=v8.0\"}, \"targets\": {\".NETCoreApp,Version=v8.0\": {" + assets
        + "}}, \"libraries\": {" + libraries + "}}";
}
