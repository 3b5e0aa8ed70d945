using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Npm;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Npm;

public sealed class NpmDetectorTests
{
    private const string File = "app/node_modules/x/package.json";

    private readonly NpmDetector _detector = new();

    [Fact]
    public void ReadsNameVersionAndLicense()
    {
        const string Json = """
            {"name": "@isaacs/string-locale-compare", "version": "1.1.0", "files": ["index.js"],
             "repository": {"type": "git", "name": "no", "version": "no"}, "license": "ISC"}
            """;

        Package package = Assert.Single(Detection.Read(_detector, File, Json).Packages);

        Assert.Equal(
            (PackageType.Npm, "@isaacs/string-locale-compare", "1.1.0", "ISC", File),
            (package.Type, package.Name, package.Version, package.License, package.Path));
    }

    [Theory]
    [InlineData("\"license\": \"MIT\"", "MIT")]
    [InlineData("\"license\": {\"url\": \"u\", \"type\": \"MIT\"}", "MIT")]
    [InlineData("\"licenses\": [{\"type\": \"MIT\", \"url\": \"u\"}, {\"type\": \"GPL-2.0\"}]", "MIT OR GPL-2.0")]
    [InlineData("\"license\": [\"MIT\", \"ISC\"]", "MIT OR ISC")]
    [InlineData("\"license\": 7", null)]
    [InlineData("\"license\": {\"type\": {\"type\": \"MIT\"}}", null)]
    [InlineData("\"a\": 1", null)]
    public void ReadsEveryFormOfLicense(string property, string? license)
    {
        FileFindings found = Detection.Read(_detector, File, $$"""{ {{property}}, "name": "x", "version": "1.0.0"}""");

        Assert.Equal(license, Assert.Single(found.Packages).License);
    }

    [Theory]
    [InlineData("{\"name\": \"x\"}")]
    [InlineData("{\"version\": \"1\"}")]
    [InlineData("{\"name\": \"\", \"version\": \"1\"}")]
    [InlineData("{\"name\": [\"x\"], \"version\": \"1\"}")]
    [InlineData("{\"name\": \"\\ud800\", \"version\": \"1\"}")]
    [InlineData("{}")]
    public void PassesOverWhatNamesNoPackage(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"name\": \"x\", \"version\": \"1\"")]
    [InlineData("{\"name\": x}")]
    public void SaysThatAFileIsNoJson(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Contains("no valid JSON", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesJsonThatIsTooDeep()
    {
        string json = $$"""{"a": {{new string('[', 100)}}{{new string(']', 100)}}, "name": "x", "version": "1"}""";

        Assert.Single(Detection.Read(_detector, File, json).Warnings);
    }

    [Fact]
    public void RefusesAFileThatIsTooLarge()
    {
        string json = $$"""{"name": "x", "version": "1", "a": "{{new string('a', 4 << 20)}}"}""";

        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Single(found.Warnings);
    }

    [Fact]
    public void ReadsAFileWithAByteOrderMark() =>
        Assert.Single(Detection.Read(_detector, File, "\uFEFF{\"name\": \"x\", \"version\": \"1\"}").Packages);

    [Theory]
    [InlineData("node_modules/x/package.json", true)]
    [InlineData("app/node_modules/@scope/x/package.json", true)]
    [InlineData("app/node_modules/x/node_modules/y/package.json", true)]
    [InlineData("app/node_modules/.pnpm/x@1.0.0/node_modules/x/package.json", true)]
    [InlineData("app/node_modules/.pnpm/@s+x@1.0.0/node_modules/@s/x/package.json", true)]
    [InlineData("test/node_modules/x/package.json", true)]
    [InlineData("app/test/fixtures/node_modules/x/package.json", false)]
    [InlineData("app/__tests__/a/node_modules/x/package.json", false)]
    [InlineData("usr/share/nodejs/@babel/core/package.json", true)]
    [InlineData("usr/lib/x86_64-linux-gnu/nodejs/acorn/package.json", true)]
    [InlineData("usr/share/nodejs/acorn/dist/package.json", false)]
    [InlineData("srv/nodejs/acorn/package.json", false)]
    [InlineData("app/node_modules/test/package.json", true)]
    [InlineData("app/node_modules/test/node_modules/y/package.json", true)]
    [InlineData("app/node_modules/fixtures/node_modules/@s/y/package.json", true)]
    [InlineData("app/node_modules/@s/test/node_modules/y/package.json", true)]
    [InlineData("app/node_modules/@s/test/test/node_modules/y/package.json", false)]
    [InlineData("app/node_modules/@s/x/test/node_modules/y/package.json", false)]
    [InlineData("app/node_modules/x/node_modules/test/tests/node_modules/y/package.json", false)]
    [InlineData("usr/local/lib/node_modules/npm/package.json", true)]
    [InlineData("usr/local/lib/node_modules/npm/node_modules/tar/package.json", true)]
    [InlineData("usr/local/lib/node_modules/corepack/package.json", true)]
    [InlineData("opt/yarn-v1.22.19/package.json", true)]
    [InlineData("root/.cache/node/corepack/v1/pnpm/9.15.4/package.json", true)]
    [InlineData("root/.cache/node/corepack/pnpm/8.6.0/package.json", true)]
    [InlineData("root/.cache/node/corepack/v1/pnpm/9.15.4/dist/package.json", false)]
    [InlineData("opt/yarn-v1.22.19/lib/package.json", false)]
    [InlineData("app/.yarn/unplugged/x-npm-1.0.0-abc/node_modules/x/package.json", true)]
    [InlineData("package.json", false)]
    [InlineData("app/package.json", false)]
    [InlineData("app/node_modules/package.json", false)]
    [InlineData("app/node_modules/@scope/package.json", false)]
    [InlineData("app/node_modules/.cache/package.json", false)]
    [InlineData("app/node_modules/next/dist/compiled/react-refresh/package.json", true)]
    [InlineData("app/node_modules/next/dist/compiled/@babel/runtime/package.json", true)]
    [InlineData("app/node_modules/fast-uri/benchmark/package.json", false)]
    [InlineData("app/node_modules/.cache/x/package.json", false)]
    [InlineData("app/node_modules/resolve/test/resolver/baz/package.json", false)]
    [InlineData("app/node_modules/resolve/test/node_modules/y/package.json", false)]
    [InlineData("app/bower_components/x/package.json", false)]
    [InlineData("app/node_modules/x/package.json.bak", false)]
    [InlineData("app/node_modules/x/Xpackage.json", false)]
    public void WantsOnlyTheRootsOfInstalledPackages(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));

    [Theory]
    [InlineData("next/dist/compiled/react-refresh", """{"name":"react-refresh","version":"0.12.0","license":"MIT"}""", true)]
    [InlineData("next/dist/compiled/@babel/runtime", """{"name":"@babel/runtime","version":"7.15.4","license":"MIT"}""", true)]
    [InlineData("next/dist/compiled/async-retry", """{"name":"async-retry","license":"MIT"}""", false)]
    [InlineData("terser/dist", """{"name":"dist","version":"1.0.0","private":true,"license":"BSD-2-Clause"}""", false)]
    [InlineData("x/lib", """{"name":"lib","version":"1.0.0"}""", false)]
    [InlineData("rxjs/ajax", """{"name":"rxjs/ajax","version":"7.0.0","license":"MIT"}""", false)]
    [InlineData("x/esm", """{"type":"module"}""", false)]
    [InlineData("x/broken", "{", false)]
    public void TakesWhatAPackageCarriesOnlyIfItIsACopyOfAnother(string folder, string json, bool counts)
    {
        FileFindings found = Detection.Read(_detector, $"app/node_modules/{folder}/package.json", json);

        Assert.Equal(counts ? 1 : 0, found.Packages.Count);
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void DoesNotTrustTheSizeOfTheEntry()
    {
        var findings = new FileFindings(File);

        _detector.Read(new LayerEntry(File, LayerEntryKind.File, 1L << 40), new MemoryStream("{\"name\": \"x\", \"version\": \"1\"}"u8.ToArray()), findings);

        Assert.Single(findings.Packages);
    }
}
