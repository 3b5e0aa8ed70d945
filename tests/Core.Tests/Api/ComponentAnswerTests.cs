using System.Text;
using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Reports;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Api;

public sealed class ComponentAnswerTests
{
    private static readonly ApiSettings Settings = new();
    private static readonly ApiSettings Bare = new() { FillLicense = false };
    private static readonly ApiSettings Full = new() { FillExecutables = true };

    [Theory]
    [InlineData("dpkg", ComponentSource.Os, "a/b")]
    [InlineData("apk", ComponentSource.Os, "a/b")]
    [InlineData("rpm", ComponentSource.Os, "a/b")]
    [InlineData("alpm", ComponentSource.Os, "a/b")]
    [InlineData("opkg", ComponentSource.Os, "a/b")]
    [InlineData("npm", ComponentSource.Nodejs, "a/b")]
    [InlineData("python", ComponentSource.Python, "a/b")]
    [InlineData("maven", ComponentSource.Java, "a/b")]
    [InlineData("gem", ComponentSource.Ruby, "a/b")]
    [InlineData("go", ComponentSource.Go, "a/b")]
    [InlineData("nuget", ComponentSource.Dotnetcoreruntime, "a/b")]
    [InlineData("conda", ComponentSource.Infrastructure, "conda:a/b")]
    [InlineData("cargo", ComponentSource.Infrastructure, "cargo:a/b")]
    [InlineData("cran", ComponentSource.Infrastructure, "cran:a/b")]
    [InlineData("composer", ComponentSource.Infrastructure, "composer:a/b")]
    [InlineData("wordpress", ComponentSource.Infrastructure, "wordpress:a/b")]
    [InlineData("bitnami", ComponentSource.Infrastructure, "bitnami:a/b")]
    [InlineData("binary", ComponentSource.Infrastructure, "binary:a/b")]
    public void SaysWhoseAPackageIs(string type, ComponentSource source, string location)
    {
        WireComponent component = Of(ReportedScans.Package(PackageType.Named(type)!, "x", "1", "a/b"), Settings);

        Assert.Equal((source, location), (component.Source, component.Location));
    }

    [Fact]
    public void KnowsEveryTypeThereIs()
    {
        IEnumerable<string> tested = typeof(ComponentAnswerTests).GetMethod(nameof(SaysWhoseAPackageIs))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>().Select(row => (string)row.Data[0]!);

        Assert.Empty(PackageType.All.Select(type => type.Name).Except(tested));
    }

    [Fact]
    public void NamesThePlaceInAnArchive() =>
        Assert.Equal("app.war/WEB-INF/x.jar", Of(ReportedScans.Package(PackageType.Maven, "x", "1", "app.war") with { InnerPath = "WEB-INF/x.jar" }, Settings).Location);

    [Theory]
    [InlineData("GPLv2+", "GPL-2.0-or-later", "spdx", "https://spdx.org/licenses/GPL-2.0-or-later.html")]
    [InlineData("MIT or ISC", "MIT OR ISC", "spdx", "")]
    [InlineData("BSD License", "BSD License", "stated", "")]
    [InlineData("http://evil.example/x", "http://evil.example/x", "stated", "")]
    public void SaysUnderWhichLicence(string stated, string name, string type, string url) =>
        Assert.Equal(new WireLicense { Name = name, Type = type, Url = url }, Of(Stating(stated), Settings).License);

    [Fact]
    public void HasNoLicenceWhereNoneIsStatedOrNoneIsWanted()
    {
        Assert.Null(Of(Stating(null), Settings).License);
        Assert.Null(Of(Stating("MIT"), Bare).License);
    }

    [Fact]
    public void HasExecutablesOnlyWhereTheyAreWanted()
    {
        PackageExecutable[] executables = [new("usr/bin/curl", ["libcurl.so.4", "libc.so.6"]), new("usr/bin/x", [])];

        Assert.Empty(Of(Stating(null), Settings, executables).Executables);
        IReadOnlyList<WireExecutable> filled = Of(Stating(null), Full, executables).Executables;
        Assert.Equal(["/usr/bin/curl", "/usr/bin/x"], filled.Select(executable => executable.Path));
        Assert.Equal(["libcurl.so.4", "libc.so.6"], filled[0].Dependencies);
    }

    [Fact]
    public void BoundsExecutables()
    {
        string[] needed = [.. Enumerable.Range(0, 300).Select(i => $"lib{i}.so")];
        PackageExecutable[] executables = [.. Enumerable.Range(0, 2001).Select(i => new PackageExecutable($"usr/bin/{i}", needed))];

        IReadOnlyList<WireExecutable> filled = Of(Stating(null), Full, executables).Executables;

        Assert.Equal((2000, 200), (filled.Count, filled[0].Dependencies.Count));
    }

    [Fact]
    public void IsAnotherResultWithAnotherLicenceAndOtherExecutables()
    {
        InstalledPackage bare = new(Stating(null), 0);
        InstalledPackage licensed = new(Stating("MIT"), 0);
        InstalledPackage running = bare with { Executables = [new PackageExecutable("x", ["y"])] };

        Assert.NotEqual(HashOf(bare, Settings), HashOf(licensed, Settings));
        Assert.Equal(HashOf(bare, Bare), HashOf(licensed, Bare));
        Assert.NotEqual(HashOf(bare, Full), HashOf(running, Full));
        Assert.Equal(HashOf(bare, Settings), HashOf(running, Settings));
    }

    [Fact]
    public void StaysValidJsonForAnyText()
    {
        Scan scan = ReportedScans.OfHostileTexts();
        WireImage image = ImageAnswer.ToScanImage(Matched(scan, [.. scan.Inventory.Packages]), scan.Names[0], Snoozed.LeftOut, Full);

        byte[] json = WireJson.BytesOf(image, WireLayout.Compact);

        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement component = document.RootElement.GetProperty("scan").GetProperty("components")[0];
        string expected = ReportedScans.Hostile.Replace('\ud800', '\ufffd').Replace('\udc00', '\ufffd');
        Assert.Equal(expected, component.GetProperty("name").GetString());
        Assert.Equal(("stated", ""), (component.GetProperty("license").GetProperty("type").GetString(), component.GetProperty("license").GetProperty("url").GetString()));
        Assert.DoesNotContain(json, b => b < 0x20);
        Assert.DoesNotContain("</script", Encoding.UTF8.GetString(json), StringComparison.OrdinalIgnoreCase);
    }

    private static Package Stating(string? license) => ReportedScans.Package(PackageType.Dpkg, "x", "1", "p") with { License = license };

    private static WireComponent Of(Package package, ApiSettings settings, IReadOnlyList<PackageExecutable>? executables = null) =>
        Assert.Single(AnswerOf(new InstalledPackage(package, 0) { Executables = executables ?? [] }, settings).Scan!.Components);

    private static ulong HashOf(InstalledPackage installed, ApiSettings settings) => AnswerOf(installed, settings).Scan!.Hash!.Value;

    private static WireImage AnswerOf(InstalledPackage installed, ApiSettings settings) =>
        ImageAnswer.ToScanImage(Matched(MadeScan.Of(), installed), MadeScan.Reference(), Snoozed.LeftOut, settings);

    private static Scan Matched(Scan scan, params InstalledPackage[] installed) =>
        scan with { Match = scan.Match with { Packages = [.. installed.Select(package => new PackageFindings(package, []))] } };
}
